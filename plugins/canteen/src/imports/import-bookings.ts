/** Bookings of a file: a short one at once, a long one in steps that go on by themselves. */
import { fulfil } from '../booking/engine/book.ts'
import { readUnits } from '../booking/engine/situation.ts'
import { refusalWords } from '../booking/words/refusal-words.ts'
import type { CanteenContext, CanteenTransaction } from '../canteen-types.ts'
import { BookingsImporting } from '../contract.ts'
import { readBookingLines, type LineWish } from './booking-lines.ts'
import { problemsAsText, problemsFromText, uploadedBytes, writeReport, type LineProblem, type WhenFaulty } from './import-report.ts'

/** Lines of one step, and the most that are read while somebody waits. */
const SLICE = 200

/** Rolls a transaction back in which everything was tried. */
class NothingImported extends Error {}

/**
 * Reads a file in, and forgets it. A file of more than two hundred lines is read in steps after this; the report says how far it has come.
 * @returns id of the report
 */
export async function importBookings(c: CanteenContext, fileId: string, whenFaulty: WhenFaulty): Promise<string> {
  const id = c.id()
  const read = await readBookingLines(c, await uploadedBytes(c, fileId))
  if (read.lines > SLICE) {
    await c.transaction(async (tx) => {
      await tx.insertInto('import_report').values({ id, kind: 'bookings', made_at: c.now().toISOString(), imported: 0, problems: '[]', when_faulty: whenFaulty, file_id: fileId, lines: read.lines, read_to: 0 }).execute()
      await tx.emit(BookingsImporting, { reportId: id, after: 0 })
    })
    await c.audit('bookings.import-begun', id, { lines: read.lines })
    return id
  }
  const { imported, problems } = await take(c, read.wishes, read.problems, whenFaulty, async () => undefined)
  await writeReport(c, c.db, id, 'bookings', { imported, problems })
  await c.files.delete(fileId)
  await c.audit('bookings.imported', id, { imported, problems: problems.length })
  return id
}

/**
 * The next step of a long file: its next lines, or all of them where a faulty one keeps back the others. What was read is written with the bookings, so that no line is read twice.
 * @param after - lines read before; another step than the one that is due does nothing
 */
export async function importStep(c: CanteenContext, reportId: string, after: number): Promise<void> {
  const report = await c.db.selectFrom('import_report').selectAll().where('id', '=', reportId).executeTakeFirst()
  if (report === undefined || report.file_id === null || report.lines === null || report.read_to !== after) return
  const { file_id: fileId, lines } = report
  const whenFaulty = report.when_faulty ?? 'nothing'
  const read = await readBookingLines(c, await uploadedBytes(c, fileId))
  const to = whenFaulty === 'nothing' ? lines : Math.min(lines, after + SLICE)
  const isNext = ({ place }: { readonly place: number }): boolean => place > after && place <= to
  const isLast = to === lines
  const finish = async (tx: CanteenTransaction | CanteenContext['db'], outcome: { readonly imported: number; readonly problems: readonly LineProblem[] }): Promise<boolean> => {
    const { numUpdatedRows } = await tx.updateTable('import_report')
      .set({ imported: report.imported + outcome.imported, problems: problemsAsText([...problemsFromText(report.problems), ...outcome.problems]), read_to: to, ...(isLast ? { file_id: null } : {}) })
      .where('id', '=', reportId).where('read_to', '=', after).executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }
  const outcome = await take(c, read.wishes.filter(isNext), read.problems.filter(isNext), whenFaulty, async (tx, done) => {
    // Two of the same step at once: the second takes nothing.
    if (!(await finish(tx, done))) throw new Error(`The import ${reportId} was read on by another step.`)
    if (!isLast) await tx.emit(BookingsImporting, { reportId, after: to })
  })
  if (outcome.rolledBack) await finish(c.db, outcome)
  if (!isLast) return
  await c.files.delete(fileId)
  await c.audit('bookings.imported', reportId, { imported: report.imported + outcome.imported, problems: problemsFromText(report.problems).length + outcome.problems.length })
}

/** Books what the lines ask for. Where nothing is to be imported because of a fault it is tried all the same, so that every faulty line is told, and rolled back. */
async function take(
  c: CanteenContext, wishes: readonly LineWish[], faulty: readonly LineProblem[], whenFaulty: WhenFaulty,
  within: (tx: CanteenTransaction, outcome: { readonly imported: number; readonly problems: readonly LineProblem[] }) => Promise<void>,
): Promise<{ readonly imported: number; readonly problems: readonly LineProblem[]; readonly rolledBack: boolean }> {
  const problems = faulty.map(({ line, text }) => ({ line, text }))
  const units = await readUnits(c.db)
  try {
    const imported = await c.transaction(async (tx) => {
      const outcomes = await fulfil(c, tx, wishes, { asker: 'agent', origin: 'import' })
      for (const outcome of outcomes) if (!outcome.ok) problems.push({ line: (outcome as typeof outcome & LineWish).line, text: refusalWords(c, outcome.refusal, units.get(outcome.unitId), outcome.day) })
      if (problems.length > 0 && whenFaulty === 'nothing') throw new NothingImported()
      const count = outcomes.filter(({ ok }) => ok).length
      await within(tx, { imported: count, problems })
      return count
    })
    return { imported, problems, rolledBack: false }
  } catch (error) {
    if (!(error instanceof NothingImported)) throw error
    return { imported: 0, problems, rolledBack: true }
  }
}
