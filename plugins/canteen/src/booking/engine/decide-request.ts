import type { CanteenContext } from '../../canteen-types.ts'
import { BookingCancelled, BookingCreated } from '../../contract.ts'
import { writeLog } from './log.ts'
import { freePlaces } from './places.ts'
import { readUnits } from './situation.ts'
import { after } from './transitions.ts'

/** What became of a request. `unknown`: there is none any more. */
export type RequestOutcome = 'booked' | 'waiting' | 'refused' | 'unknown'

/** An agent's decision on a request: booked where there is a place, waiting where there is none; others are told, and it is written down. */
export async function decideRequest(c: CanteenContext, id: string, decision: 'approve' | 'refuse'): Promise<RequestOutcome> {
  return c.transaction(async (tx) => {
    const row = await tx.selectFrom('booking').selectAll().where('id', '=', id).executeTakeFirst()
    const unit = row === undefined ? undefined : (await readUnits(tx)).get(row.unit_id)
    if (row === undefined || unit === undefined || after(row.state, decision) === undefined) return 'unknown'
    const free = decision === 'approve' ? await freePlaces(tx, unit, row.day, c.now()) : undefined
    const state = after(row.state, free !== undefined && free <= 0 ? 'queue' : decision)
    if (state !== 'booked' && state !== 'waiting' && state !== 'refused') return 'unknown'
    // Of two agents at once the second finds it decided.
    const { numUpdatedRows } = await tx.updateTable('booking').set({ state, changed_at: c.now().toISOString() }).where('id', '=', id).where('state', '=', row.state).executeTakeFirstOrThrow()
    if (Number(numUpdatedRows) === 0) return 'unknown'
    await writeLog(c, tx, [row], state === 'booked' ? 'approved' : state)
    const about = { bookingId: row.id, childId: row.child_id, householdId: row.household_id, activityId: row.activity_id, unitId: row.unit_id, day: row.day }
    if (state === 'refused') await tx.emit(BookingCancelled, { ...about, reason: 'refused' })
    else await tx.emit(BookingCreated, { ...about, state, origin: row.origin, late: row.late === 1 })
    return state
  })
}
