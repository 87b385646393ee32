/** What became of bookings, written with them. */
import type { CanteenContext, CanteenDatabase } from '../../canteen-types.ts'
import type { LogAction } from '../tables.ts'

/** Of which booking. */
export interface Logged { readonly id: string; readonly child_id: string; readonly household_id: string; readonly unit_id: string; readonly day: string }

/** Writes one line for each of some bookings. */
export async function writeLog(c: CanteenContext, tx: CanteenDatabase, rows: readonly Logged[], action: LogAction, detail: string | null = null): Promise<void> {
  const at = c.now().toISOString()
  const actorId = c.actor.kind === 'account' ? c.actor.id : null
  for (let start = 0; start < rows.length; start += 50) {
    await tx.insertInto('booking_log').values(rows.slice(start, start + 50).map(({ id, child_id, household_id, unit_id, day }) => ({ id: c.id(), booking_id: id, child_id, household_id, unit_id, day, action, detail, actor_id: actorId, at }))).execute()
  }
}
