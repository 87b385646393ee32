import type { CanteenContext, CanteenTransaction } from '../../canteen-types.ts'
import { BookingCancelled, type CancelReason } from '../../contract.ts'
import type { LogAction } from '../tables.ts'
import { writeLog } from './log.ts'
import type { BookingRow } from './situation.ts'
import { after } from './transitions.ts'

/** Takes bookings away, tells others and writes down why. Those that somebody took away meanwhile are left out. @returns how many went */
export async function removeBookings(c: CanteenContext, tx: CanteenTransaction, rows: readonly BookingRow[], reason: CancelReason, action: LogAction, detail: string | null = null): Promise<number> {
  const removable = rows.filter(({ state }) => after(state, 'cancel') === 'gone')
  const gone: BookingRow[] = []
  for (let start = 0; start < removable.length; start += 200) {
    const some = removable.slice(start, start + 200)
    const deleted = await tx.deleteFrom('booking').where('id', 'in', some.map(({ id }) => id)).where('state', 'in', ['booked', 'waiting', 'requested', 'refused']).returning('id').execute()
    const ids = new Set(deleted.map(({ id }) => id))
    gone.push(...some.filter(({ id }) => ids.has(id)))
  }
  await writeLog(c, tx, gone, action, detail)
  for (const row of gone) {
    if (row.state !== 'refused') await tx.emit(BookingCancelled, { bookingId: row.id, childId: row.child_id, householdId: row.household_id, activityId: row.activity_id, unitId: row.unit_id, day: row.day, reason })
  }
  return gone.length
}
