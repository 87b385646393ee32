/** Changing a health record, by whoever may. */
import { ChildChanged } from '../contract.ts'
import type { HealthRecord } from '../domain/health-record.ts'
import type { FamiliesContext } from '../families-types.ts'
import type { Tables } from '../tables.ts'
import { saveHealth, sealRecord } from './health.ts'

/** Stores a record in place of another, with event and audit. A protocol that was replaced is deleted; one that the form did not touch stays. */
export async function changeHealth(c: FamiliesContext, child: Pick<Tables['child'], 'id' | 'household_id'>, before: HealthRecord, wanted: HealthRecord): Promise<void> {
  const keeps = wanted.pai !== undefined && wanted.pai.protocolId === undefined
  const after: HealthRecord = keeps && wanted.pai !== undefined ? { ...wanted, pai: { ...wanted.pai, protocolId: before.pai?.protocolId, protocolName: before.pai?.protocolName } } : wanted
  const sealed = await sealRecord(c, after)
  await c.transaction(async (tx) => {
    await saveHealth(c, tx, child.id, sealed)
    await tx.emit(ChildChanged, { childId: child.id, householdId: child.household_id, change: 'updated' })
  })
  await c.audit('health.changed', child.id)
  if (before.pai?.protocolId !== undefined && before.pai.protocolId !== after.pai?.protocolId) await c.files.delete(before.pai.protocolId)
}
