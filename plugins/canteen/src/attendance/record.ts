import { Families } from '@liberacces/plugin-families/contract'
import type { CanteenContext, CanteenTransaction } from '../canteen-types.ts'
import type { BookingState } from '../booking/tables.ts'
import { STATE_OF_MARK, type Mark } from './mark.ts'

/** One entry, as it is to be recorded. */
export interface NewEntry {
  /** Made where it was recorded; the same one twice is one entry. */
  readonly id: string
  readonly childId: string
  readonly unitId: string
  readonly day: string
  readonly mark: Mark
  /** ISO 8601 in UTC, by our clock. */
  readonly recordedAt: string
  readonly arrivedAt: string | undefined
  readonly leftAt: string | undefined
  /** The entry that held when it was recorded, as far as whoever recorded knew; `undefined` for none. */
  readonly seen: string | undefined
}

/** What came of an entry. `duplicate`: it was there already. `superseded`: somebody recorded something later. */
export interface Recording {
  readonly id: string
  readonly outcome: 'applied' | 'superseded' | 'duplicate' | 'refused'
  /** Entry of somebody else that says otherwise and had not been seen. */
  readonly conflictWith?: { readonly name: string; readonly mark: Mark; readonly recordedAt: string }
  readonly reason?: 'child-unknown' | 'unit-unknown' | 'day-unfit'
}

/** Entries from earlier or later than so many days are a mistake. */
const FURTHEST_DAYS = 31

/** Records entries: all in one transaction, each once. What cannot be is refused by itself. */
export async function recordEntries(c: CanteenContext, entries: readonly NewEntry[]): Promise<readonly Recording[]> {
  const childIds = [...new Set(entries.map(({ childId }) => childId))]
  const children = new Map((await c.use(Families).children({ ids: childIds })).map((child) => [child.id, child]))
  const units = new Map((await c.db.selectFrom('unit').select(['id', 'activity_id']).where('id', 'in', [...new Set(entries.map(({ unitId }) => unitId))]).execute()).map((unit) => [unit.id, unit]))
  // Two who record the same children take the rows in the same order.
  const ordered = entries.toSorted((a, b) => compare(a.childId, b.childId) || compare(a.unitId, b.unitId) || compare(a.day, b.day) || compare(a.recordedAt, b.recordedAt) || compare(a.id, b.id))
  const removed: string[] = []
  const recordings = await c.transaction(async (tx) => {
    const done: Recording[] = []
    removed.length = 0
    for (const entry of ordered) {
      const [child, unit] = [children.get(entry.childId), units.get(entry.unitId)]
      if (unit === undefined) done.push({ id: entry.id, outcome: 'refused', reason: 'unit-unknown' })
      else if (child === undefined) done.push({ id: entry.id, outcome: 'refused', reason: 'child-unknown' })
      else if (!fits(entry.day, c.today())) done.push({ id: entry.id, outcome: 'refused', reason: 'day-unfit' })
      else done.push(await recordOne(c, tx, entry, child.householdId, unit.activity_id, removed))
    }
    return done
  })
  for (const id of removed) await c.audit('booking.unrecorded', id)
  return recordings
}

async function recordOne(c: CanteenContext, tx: CanteenTransaction, entry: NewEntry, householdId: string, activityId: string, removed: string[]): Promise<Recording> {
  const { id, childId, unitId, day, mark, recordedAt } = entry
  const [arrivedAt, leftAt] = [entry.arrivedAt ?? null, entry.leftAt ?? null]
  const known = await tx.selectFrom('attendance_entry').select(['id']).where('id', '=', id).executeTakeFirst()
  if (known !== undefined) return { id, outcome: 'duplicate' }
  const [before, booking] = [await holding(tx, entry), await bookingOf(tx, entry)]
  const conflict = await conflictOf(tx, before?.entry_id, entry, c.actor.id)
  // The row is taken by this statement: of two at once the second compares with what the first left.
  await tx.insertInto('attendance')
    .values({ child_id: childId, unit_id: unitId, day, entry_id: id, mark, recorded_at: recordedAt, arrived_at: arrivedAt, left_at: leftAt, state_before: booking?.state ?? null })
    .onConflict((on) => on.columns(['unit_id', 'day', 'child_id'])
      .doUpdateSet({ entry_id: id, mark, recorded_at: recordedAt, arrived_at: arrivedAt, left_at: leftAt })
      .where((older) => older.or([older('attendance.recorded_at', '<', recordedAt), older.and([older('attendance.recorded_at', '=', recordedAt), older('attendance.entry_id', '<', id)])])))
    .execute()
  const held = await holding(tx, entry)
  const outcome = held?.entry_id === id ? 'applied' : 'superseded'
  await tx.insertInto('attendance_entry').values({
    id, child_id: childId, unit_id: unitId, day, mark, arrived_at: arrivedAt, left_at: leftAt, recorded_at: recordedAt, received_at: c.now().toISOString(),
    recorded_by: c.actor.kind === 'account' ? c.actor.id : null, recorded_name: c.actor.kind === 'account' ? c.actor.name : null, outcome, conflict_with: conflict?.id ?? null,
  }).onConflict((on) => on.column('id').doNothing()).execute()
  if (outcome === 'applied' && held !== undefined) removed.push(...await setBooking(c, tx, entry, { householdId, activityId, stateBefore: held.state_before, exists: booking !== undefined }))
  return { id, outcome, ...(conflict === undefined ? {} : { conflictWith: { name: conflict.recorded_name ?? '', mark: conflict.mark, recordedAt: conflict.recorded_at } }) }
}

type About = Pick<NewEntry, 'childId' | 'unitId' | 'day'>

function holding(tx: CanteenTransaction, { childId, unitId, day }: About) {
  return tx.selectFrom('attendance').selectAll().where('unit_id', '=', unitId).where('day', '=', day).where('child_id', '=', childId).executeTakeFirst()
}

function bookingOf(tx: CanteenTransaction, { childId, unitId, day }: About) {
  return tx.selectFrom('booking').select(['id', 'state']).where('child_id', '=', childId).where('unit_id', '=', unitId).where('day', '=', day).executeTakeFirst()
}

/** The entry that holds, where somebody else made it, who recorded had not seen it, and it says something else. */
async function conflictOf(tx: CanteenTransaction, heldId: string | undefined, { seen, mark }: NewEntry, by: string) {
  if (heldId === undefined || heldId === seen) return undefined
  const held = await tx.selectFrom('attendance_entry').selectAll().where('id', '=', heldId).executeTakeFirst()
  return held === undefined || held.recorded_by === by || held.mark === mark ? undefined : held
}

/** What the area booking reads of it: the state, the times, and who came without a booking. @returns bookings that went */
async function setBooking(
  c: CanteenContext, tx: CanteenTransaction, { childId, unitId, day, mark, ...times }: NewEntry,
  { householdId, activityId, stateBefore, exists }: { readonly householdId: string; readonly activityId: string; readonly stateBefore: BookingState | null; readonly exists: boolean },
): Promise<readonly string[]> {
  const state = STATE_OF_MARK[mark]
  const [arrivedAt, leftAt] = [times.arrivedAt ?? null, times.leftAt ?? null]
  const changedAt = c.now().toISOString()
  const booked = stateBefore !== null
  const here = tx.updateTable('booking').where('child_id', '=', childId).where('unit_id', '=', unitId).where('day', '=', day)
  if (!booked && state !== 'present') {
    // Nobody expected the child: what was recorded by mistake leaves nothing to bill.
    // Looked for first, so that there is something on record whenever something goes.
    const mistaken = await tx.selectFrom('booking').select('id').where('child_id', '=', childId).where('unit_id', '=', unitId).where('day', '=', day).where('origin', '=', 'attendance').execute()
    for (const { id } of mistaken) await tx.deleteFrom('booking').where('id', '=', id).execute()
    return mistaken.map(({ id }) => id)
  }
  if (exists) {
    const expected = stateBefore === 'booked' || stateBefore === 'present' || stateBefore === 'absent-justified' || stateBefore === 'absent-unjustified'
    const next = state ?? stateBefore
    if (next !== null) await here.set({ state: next, unbooked: next === 'present' && !expected ? 1 : 0, arrived_at: arrivedAt, left_at: leftAt, changed_at: changedAt }).execute()
    return []
  }
  await tx.insertInto('booking').values({
    id: c.id(), child_id: childId, household_id: householdId, activity_id: activityId, unit_id: unitId, day, state: 'present', origin: 'attendance', late: 0, unbooked: 1,
    arrived_at: arrivedAt, left_at: leftAt, offered_until: null, booked_by: null, booked_at: changedAt, changed_at: changedAt,
  }).onConflict((on) => on.columns(['child_id', 'unit_id', 'day']).doUpdateSet({ state: 'present', arrived_at: arrivedAt, left_at: leftAt, changed_at: changedAt })).execute()
  return []
}

function fits(day: string, today: string): boolean {
  return Math.abs(Date.parse(day) - Date.parse(today)) <= FURTHEST_DAYS * 86_400_000
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
