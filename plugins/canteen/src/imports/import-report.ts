/** What reading in a file came to: how much was taken, and every faulty line. */
import type { CanteenContext, CanteenDatabase } from '../canteen-types.ts'

/** What a file brought. Who may read the one kind of report need not be allowed the other. */
export type ImportKind = 'bookings' | 'tariffs'

/** Of a file with faulty lines: nothing is imported, or what is good. */
export const WHEN_FAULTY = ['nothing', 'good'] as const
/** See {@link WHEN_FAULTY}. */
export type WhenFaulty = (typeof WHEN_FAULTY)[number]

/** A faulty line, counted from 1 with the header, and what is wrong with it in the words of who reads it. A line may have several. */
export interface LineProblem { readonly line: number; readonly text: string }

/** See the file. */
export interface ImportReport {
  readonly imported: number
  readonly problems: readonly LineProblem[]
  /** How far a long file has been read, in lines; absent once all is done. It has stopped where the file was given up. */
  readonly progress?: { readonly read: number; readonly lines: number; readonly hasStopped: boolean }
}

/** Stores the report of a file that was read at once, with all its problems. */
export async function writeReport(c: CanteenContext, db: CanteenDatabase, id: string, kind: ImportKind, { imported, problems }: ImportReport): Promise<void> {
  await db.insertInto('import_report').values({ id, kind, made_at: c.now().toISOString(), imported, problems: problemsAsText(problems), when_faulty: null, file_id: null, lines: null, read_to: null }).execute()
}

/** A report of that kind; `undefined` where there is none, or it is of another kind. */
export async function findReport(db: CanteenDatabase, id: string, kind: ImportKind): Promise<ImportReport | undefined> {
  const report = await db.selectFrom('import_report').selectAll().where('id', '=', id).where('kind', '=', kind).executeTakeFirst()
  if (report === undefined) return undefined
  const { imported, problems, file_id: fileId, lines, read_to: read } = report
  return { imported, problems: problemsFromText(problems), ...(lines === null || read === null || read === lines ? {} : { progress: { read, lines, hasStopped: fileId === null } }) }
}

/** Problems as the table has them: in the order of the lines. */
export function problemsAsText(problems: readonly LineProblem[]): string {
  return JSON.stringify(problems.toSorted((a, b) => a.line - b.line))
}

/** See {@link problemsAsText}. */
export function problemsFromText(text: string): readonly LineProblem[] {
  return JSON.parse(text) as readonly LineProblem[]
}

/** Bytes of an uploaded file. @throws Error where it is no more */
export async function uploadedBytes(c: CanteenContext, fileId: string): Promise<Uint8Array> {
  const stored = await c.files.get(fileId)
  if (stored === undefined) throw new Error(`The uploaded file ${fileId} is no more.`)
  return stored.bytes()
}
