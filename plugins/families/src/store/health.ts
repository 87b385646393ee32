/** Health records, sealed. Whoever reads one is noted in the audit trail. */
import { NO_RECORD, type HealthRecord } from '../domain/health-record.ts'
import type { FamiliesContext, FamiliesDatabase, FamiliesTransaction } from '../families-types.ts'

/** The records of children who have one. Note the reading: {@link readHealth} and the service do. */
export async function openRecords(c: Pick<FamiliesContext, 'secrets'>, db: FamiliesDatabase, childIds: readonly string[]): Promise<ReadonlyMap<string, HealthRecord>> {
  if (childIds.length === 0) return new Map()
  const rows = await db.selectFrom('health').select(['child_id', 'sealed']).where('child_id', 'in', childIds).execute()
  return new Map(await Promise.all(rows.map(async (row) => [row.child_id, await openRecord(c, row.sealed, row.child_id)] as const)))
}

/** One child's record, for someone; the audit trail says for whom. */
export async function readHealth(c: FamiliesContext, childId: string): Promise<HealthRecord> {
  const record = (await openRecords(c, c.db, [childId])).get(childId) ?? NO_RECORD
  await c.audit('health.read', childId)
  return record
}

/** The sealed text of a record. Sealing takes its time: do it before the transaction. */
export function sealRecord(c: Pick<FamiliesContext, 'secrets'>, record: HealthRecord): Promise<string> {
  return c.secrets.seal(JSON.stringify(record))
}

/** Stores a sealed record. The event is the caller's. */
export async function saveHealth(c: Pick<FamiliesContext, 'now'>, tx: FamiliesTransaction | FamiliesDatabase, childId: string, sealed: string): Promise<void> {
  const now = c.now().toISOString()
  await tx.insertInto('health').values({ child_id: childId, sealed, updated_at: now }).onConflict((on) => on.column('child_id').doUpdateSet({ sealed, updated_at: now })).execute()
}

async function openRecord({ secrets }: Pick<FamiliesContext, 'secrets'>, sealed: string, childId: string): Promise<HealthRecord> {
  const text = await secrets.open(sealed)
  // An allergy that reads as "none" is worse than a page that fails.
  if (text === undefined) throw new Error(`The health record of child ${childId} cannot be opened: it was not sealed on this platform, or was changed.`)
  return JSON.parse(text) as HealthRecord
}
