/** Booking and cancelling, within a transaction. */
import type { ChildCard } from '@liberacces/plugin-families/contract'
import type { CanteenContext, CanteenTransaction } from '../../canteen-types.ts'
import { BookingCreated } from '../../contract.ts'
import type { BookingOrigin } from '../tables.ts'
import { offerPlaces } from '../waiting/offers.ts'
import { decideAdd, decideCancel, type Asker } from './decide.ts'
import { writeLog } from './log.ts'
import { freePlaces } from './places.ts'
import type { Refusal } from './refusal.ts'
import { removeBookings } from './remove.ts'
import { cellKey, readSituation, type BookingRow, type Situation } from './situation.ts'

/** One child, one unit, one day: to be booked, or to be taken back. */
export interface Wish { readonly child: ChildCard; readonly unitId: string; readonly day: string; readonly wish: 'add' | 'cancel' }

/** What became of a wish. */
export type Outcome = Wish & ({ readonly ok: true; readonly state: 'booked' | 'waiting' | 'requested' | 'gone'; readonly late: boolean } | { readonly ok: false; readonly refusal: Refusal })

/** Who asks, and from where. */
export interface Asked { readonly asker: Asker; readonly origin: BookingOrigin }

/**
 * Fulfils wishes as far as the rules let it; the others are refused each with its reason, and do not keep back those that can be.
 * Cancellations come first: a place that a family gives up is free for what it asks for in the same breath.
 */
export async function fulfil(c: CanteenContext, tx: CanteenTransaction, wishes: readonly Wish[], asked: Asked): Promise<readonly Outcome[]> {
  if (wishes.length === 0) return []
  const days = wishes.map(({ day }) => day).toSorted()
  const childIds = [...new Set(wishes.map(({ child }) => child.id))]
  const situation = await readSituation(c, tx, childIds, days[0] ?? '', days.at(-1) ?? '')
  const bookings = new Map(situation.bookings)
  const live: Situation = { ...situation, bookings }
  const outcomes: Outcome[] = []
  // In one order for everybody, see places.ts.
  const inOrder = wishes.toSorted((a, b) => (a.day + a.unitId + a.child.id < b.day + b.unitId + b.child.id ? -1 : 1))
  for (const wish of inOrder) {
    const outcome = wish.wish === 'add' ? await add(c, tx, live, wish, asked) : await cancel(c, tx, live, wish, asked)
    outcomes.push(outcome)
    const key = cellKey(wish.child.id, wish.unitId, wish.day)
    if (outcome.ok && outcome.state === 'gone') bookings.delete(key)
    // Enough for a second wish for the same cell to be refused.
    else if (outcome.ok) bookings.set(key, { ...bookings.get(key), state: outcome.state } as BookingRow)
  }
  return outcomes
}

async function add(c: CanteenContext, tx: CanteenTransaction, situation: Situation, wish: Wish, { asker, origin }: Asked): Promise<Outcome> {
  const { child, unitId, day } = wish
  const decision = decideAdd(situation, child, unitId, day, asker)
  if (!decision.ok) return { ...wish, ...decision }
  const { unit, late } = decision
  const { activity } = unit
  const free = await freePlaces(tx, unit, day, situation.now)
  const full = free !== undefined && free <= 0
  if (full && !activity.rules.waitingList) return { ...wish, ok: false, refusal: { code: 'full', capacity: unit.capacity ?? 0 } }
  const state = full ? 'waiting' : activity.approvedByAgent && asker === 'family' ? 'requested' : 'booked'
  const now = situation.now.toISOString()
  const row: BookingRow = {
    id: c.id(), child_id: child.id, household_id: child.householdId, activity_id: activity.id, unit_id: unitId, day, state, origin, late: late ? 1 : 0, unbooked: 0,
    arrived_at: null, left_at: null, offered_until: null, booked_by: c.actor.kind === 'account' ? c.actor.id : null, booked_at: now, changed_at: now,
  }
  // A second request at the same moment loses here, not in an error: one child, one unit, one day.
  const { numInsertedOrUpdatedRows } = await tx.insertInto('booking').values(row)
    .onConflict((is) => is.columns(['child_id', 'unit_id', 'day']).doUpdateSet({ id: row.id, state, origin, late: row.late, booked_by: row.booked_by, booked_at: now, changed_at: now }).where('booking.state', '=', 'refused')).executeTakeFirstOrThrow()
  if (Number(numInsertedOrUpdatedRows) === 0) return { ...wish, ok: false, refusal: { code: 'booked-before' } }
  await writeLog(c, tx, [row], state, late ? 'late' : null)
  await tx.emit(BookingCreated, { bookingId: row.id, childId: child.id, householdId: child.householdId, activityId: activity.id, unitId, day, state, origin, late })
  return { ...wish, ok: true, state, late }
}

async function cancel(c: CanteenContext, tx: CanteenTransaction, situation: Situation, wish: Wish, { asker }: Asked): Promise<Outcome> {
  const decision = decideCancel(situation, wish.child.id, wish.unitId, wish.day, asker)
  if (!decision.ok) return { ...wish, ...decision }
  const { row, unit } = decision
  // Held before the row goes, so that the place is offered once.
  await freePlaces(tx, unit, wish.day, situation.now)
  const gone = await removeBookings(c, tx, [row], asker, 'cancelled')
  if (gone === 0) return { ...wish, ok: false, refusal: { code: 'not-booked' } }
  await offerPlaces(c, tx, unit, wish.day)
  return { ...wish, ok: true, state: 'gone', late: false }
}
