/** All that is known of one of two households that are to become one. */
import type { FamiliesContext, FamiliesDatabase } from '../families-types.ts'
import type { HealthRecord } from '../domain/health-record.ts'
import { openRecords } from '../store/health.ts'
import type { Tables } from '../tables.ts'

/** See the file. */
export interface MergeSide {
  readonly household: Tables['household']
  /** In the order in which they pay. */
  readonly guardians: readonly Tables['guardian'][]
  readonly children: readonly Tables['child'][]
  readonly custody: readonly Tables['custody'][]
  readonly schooling: readonly Tables['schooling'][]
  readonly pickUps: readonly Tables['pick_up_person'][]
  readonly quotients: readonly Tables['quotient'][]
  readonly consent: Tables['quotient_consent'] | undefined
  /** Sealed records of the children who have one. */
  readonly health: readonly Tables['health'][]
  readonly documents: number
}

/** Health records by child. Opening takes its time: it is done before the transaction, with the sealed texts that were opened. */
export interface OpenedRecords { readonly records: ReadonlyMap<string, HealthRecord>; readonly sealed: ReadonlyMap<string, string> }

/** A household with everything; `undefined` where there is none of that id. */
export async function readSide(db: FamiliesDatabase, id: string): Promise<MergeSide | undefined> {
  const household = await db.selectFrom('household').selectAll().where('id', '=', id).executeTakeFirst()
  if (household === undefined) return undefined
  const children = await db.selectFrom('child').selectAll().where('household_id', '=', id).orderBy('birth_day').orderBy('id').execute()
  const childIds = children.length === 0 ? [''] : children.map((child) => child.id)
  const { documents } = await db.selectFrom('document').select((is) => is.fn.countAll().as('documents')).where('household_id', '=', id).executeTakeFirstOrThrow()
  return {
    household, children, documents: Number(documents),
    guardians: await db.selectFrom('guardian').selectAll().where('household_id', '=', id).orderBy('position').orderBy('id').execute(),
    custody: await db.selectFrom('custody').selectAll().where('household_id', '=', id).orderBy('first_day').orderBy('id').execute(),
    schooling: await db.selectFrom('schooling').selectAll().where('child_id', 'in', childIds).orderBy('first_day').execute(),
    pickUps: await db.selectFrom('pick_up_person').selectAll().where('child_id', 'in', childIds).orderBy('id').execute(),
    quotients: await db.selectFrom('quotient').selectAll().where('household_id', '=', id).orderBy('first_day').execute(),
    consent: await db.selectFrom('quotient_consent').selectAll().where('household_id', '=', id).executeTakeFirst(),
    health: await db.selectFrom('health').selectAll().where('child_id', 'in', childIds).execute(),
  }
}

/** Opens the records of both. That somebody's two records are compared is in the audit trail; what stands in them is shown to nobody. */
export async function openSides(c: FamiliesContext, sides: readonly MergeSide[]): Promise<OpenedRecords> {
  const rows = sides.flatMap(({ health }) => health)
  if (rows.length > 0) await c.audit('health.compared', sides.map(({ household }) => household.id).join(' '), { children: rows.length })
  return { records: await openRecords(c, c.db, rows.map((row) => row.child_id)), sealed: new Map(rows.map((row) => [row.child_id, row.sealed])) }
}
