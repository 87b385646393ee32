/** Children with their households from a file: a short one at once, a long one by itself after the form has been answered. */
import { readCsv } from '@liberacces/sdk/csv'
import { ChildrenImporting } from '../contract.ts'
import { schoolYearOf } from '../domain/school-year.ts'
import type { FamiliesContext, FamiliesTransaction } from '../families-types.ts'
import { insertChild } from '../store/children.ts'
import { insertHousehold } from '../store/households.ts'
import { insertQuotient } from '../store/quotients.ts'
import { placeChild, schoolCards } from '../store/schools.ts'
import { planChildrenImport } from './children-import.ts'

/** Lines of a file that is read while somebody waits. */
const AT_ONCE = 200

/** Of a file with faulty lines: nothing is imported, or what is good. */
export const ON_FAULT = ['nothing', 'good-lines'] as const
/** See {@link ON_FAULT}. */
export type OnFault = (typeof ON_FAULT)[number]

interface Counts { readonly imported: number; readonly skipped: number }

/** Reads a file in, and forgets it; a long one as soon as there is time for it. @returns id of the report */
export async function importChildren(c: FamiliesContext, fileId: string, bytes: Uint8Array, onFault: OnFault): Promise<string> {
  const id = c.id()
  const reading = readCsv(bytes)
  const common = { id, made_at: c.now().toISOString(), imported: 0, skipped: 0, problems: '[]', on_fault: onFault }
  if (reading.ok && reading.table.rows.length > AT_ONCE) {
    await c.transaction(async (tx) => {
      await tx.insertInto('import_report').values({ ...common, file_id: fileId }).execute()
      await tx.emit(ChildrenImporting, { reportId: id })
    })
    await c.audit('children.import-begun', id, { lines: reading.table.rows.length })
    return id
  }
  const counts = await c.transaction(async (tx) => {
    await tx.insertInto('import_report').values({ ...common, file_id: null }).execute()
    return take(c, tx, id, bytes, onFault)
  })
  await c.files.delete(fileId)
  await c.audit('children.imported', id, { ...counts })
  return id
}

/** Reads a file that waits, whole, with its report in one transaction: what is done twice is done once. */
export async function importWaiting(c: FamiliesContext, reportId: string): Promise<void> {
  const report = await c.db.selectFrom('import_report').select(['file_id', 'on_fault']).where('id', '=', reportId).executeTakeFirst()
  const fileId = report?.file_id ?? undefined
  if (report === undefined || fileId === undefined) return
  const stored = await c.files.get(fileId)
  if (stored === undefined) throw new Error(`The file of the import ${reportId} is no more.`)
  const bytes = await stored.bytes()
  const counts = await c.transaction(async (tx) => {
    const { numUpdatedRows } = await tx.updateTable('import_report').set({ file_id: null }).where('id', '=', reportId).where('file_id', '=', fileId).executeTakeFirstOrThrow()
    return numUpdatedRows === 0n ? undefined : take(c, tx, reportId, bytes, report.on_fault ?? 'nothing')
  })
  if (counts === undefined) return
  await c.files.delete(fileId)
  await c.audit('children.imported', reportId, { ...counts })
}

async function take(c: FamiliesContext, tx: FamiliesTransaction, reportId: string, bytes: Uint8Array, onFault: OnFault): Promise<Counts> {
  const classes = (await schoolCards(tx)).flatMap((school) => school.classes.map((each) => ({ id: each.id, name: each.name, schoolName: school.name })))
  const children = (await tx.selectFrom('child').select(['first_name', 'last_name', 'birth_day']).execute()).map((row) => ({ firstName: row.first_name, lastName: row.last_name, birthDay: row.birth_day }))
  const plan = planChildrenImport(bytes, { today: c.today(), classes, children })
  const wanted = plan.problems.length > 0 && onFault === 'nothing' ? [] : plan.households
  for (const { household, guardians, children: brought, quotient } of wanted) {
    const { id: householdId } = await insertHousehold(c, tx, household, guardians)
    for (const child of brought) {
      const childId = await insertChild(c, tx, householdId, child)
      if (child.classId !== undefined) await placeChild(c, tx, childId, child.classId, { firstDay: c.today(), lastDay: schoolYearOf(c.today()).lastDay })
    }
    if (quotient !== undefined) await insertQuotient(c, tx, householdId, { ...quotient, source: 'declared' }, c.today())
  }
  const counts = { imported: wanted.reduce((sum, each) => sum + each.children.length, 0), skipped: new Set(plan.problems.map(({ line }) => line)).size }
  await tx.updateTable('import_report').set({ ...counts, problems: JSON.stringify(plan.problems) }).where('id', '=', reportId).execute()
  return counts
}
