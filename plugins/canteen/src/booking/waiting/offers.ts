/** The waiting list: who waits longest is offered a place that came free, for a limited time. */
import { Families } from '@liberacces/plugin-families/contract'
import type { CanteenContext, CanteenTransaction } from '../../canteen-types.ts'
import { BookingCreated, PlaceOffered } from '../../contract.ts'
import { dayWords, instantWords } from '../words/day-words.ts'
import { parisInstant } from '../calendar/paris-instant.ts'
import { writeLog } from '../engine/log.ts'
import { freePlaces } from '../engine/places.ts'
import { removeBookings } from '../engine/remove.ts'
import { readUnits, type Unit } from '../engine/situation.ts'
import { after } from '../engine/transitions.ts'

const HOUR_MS = 3_600_000

/** Offers what is free of a unit on a day. The offer ends when its time is up, or when the unit begins. */
export async function offerPlaces(c: CanteenContext, tx: CanteenTransaction, unit: Unit, day: string): Promise<number> {
  const now = c.now()
  const until = Math.min(now.getTime() + unit.activity.rules.offerHours * HOUR_MS, parisInstant(day, unit.startsAt))
  if (until <= now.getTime()) return 0
  const free = await freePlaces(tx, unit, day, now)
  if (free === undefined || free <= 0) return 0
  const waiting = await tx.selectFrom('booking').selectAll().where('unit_id', '=', unit.id).where('day', '=', day).where('state', '=', 'waiting').where('offered_until', 'is', null)
    .orderBy('booked_at').orderBy('id').limit(free).execute()
  const offeredUntil = new Date(until).toISOString()
  for (const row of waiting) {
    await tx.updateTable('booking').set({ offered_until: offeredUntil, changed_at: now.toISOString() }).where('id', '=', row.id).execute()
    await tx.emit(PlaceOffered, { bookingId: row.id, childId: row.child_id, householdId: row.household_id, activityId: row.activity_id, unitId: unit.id, day, until: offeredUntil })
  }
  await writeLog(c, tx, waiting, 'offered', offeredUntil)
  return waiting.length
}

/** Takes an offered place. `expired`: its time is up. `unknown`: there is none. */
export async function takePlace(c: CanteenContext, id: string, householdIds: readonly string[]): Promise<'taken' | 'expired' | 'unknown'> {
  return c.transaction(async (tx) => {
    const row = await tx.selectFrom('booking').selectAll().where('id', '=', id).where('household_id', 'in', householdIds.length === 0 ? [''] : householdIds).executeTakeFirst()
    if (row === undefined || after(row.state, 'take') === undefined || row.offered_until === null) return 'unknown'
    const now = c.now().toISOString()
    if (row.offered_until <= now) return 'expired'
    const { numUpdatedRows } = await tx.updateTable('booking').set({ state: 'booked', origin: 'waiting-list', offered_until: null, changed_at: now })
      .where('id', '=', id).where('state', '=', 'waiting').where('offered_until', '>', now).executeTakeFirstOrThrow()
    if (Number(numUpdatedRows) === 0) return 'expired'
    await writeLog(c, tx, [row], 'taken')
    await tx.emit(BookingCreated, { bookingId: row.id, childId: row.child_id, householdId: row.household_id, activityId: row.activity_id, unitId: row.unit_id, day: row.day, state: 'booked', origin: 'waiting-list', late: row.late === 1 })
    return 'taken'
  })
}

/** Ends offers that nobody took, and offers each place to whoever is next. Runs by the clock. */
export async function endOffers(c: CanteenContext): Promise<void> {
  const now = c.now().toISOString()
  const ended = await c.db.selectFrom('booking').select(['unit_id', 'day']).distinct().where('state', '=', 'waiting').where('offered_until', '<=', now).execute()
  const free = await c.db.selectFrom('booking').select(['unit_id', 'day']).distinct().where('state', '=', 'waiting').where('offered_until', 'is', null).where('day', '>=', c.today()).execute()
  const places = new Map([...ended, ...free].map((each) => [`${each.day} ${each.unit_id}`, each]))
  for (const [, { unit_id: unitId, day }] of [...places].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    await c.transaction(async (tx) => {
      const unit = (await readUnits(tx)).get(unitId)
      if (unit === undefined) return
      await freePlaces(tx, unit, day, c.now())
      const over = await tx.selectFrom('booking').selectAll().where('unit_id', '=', unitId).where('day', '=', day).where('state', '=', 'waiting').where('offered_until', '<=', now).execute()
      await removeBookings(c, tx, over, 'expired', 'expired')
      await offerPlaces(c, tx, unit, day)
    })
  }
}

/** Tells the household of an offer by mail. A handler of the event: it acts as the platform, whoever gave the place up. */
export async function mailOffer(c: CanteenContext, { householdId, childId, unitId, day, until }: { readonly householdId: string; readonly childId: string; readonly unitId: string; readonly day: string; readonly until: string }): Promise<void> {
  if (!c.granted('mail:send')) return
  const household = await c.use(Families).household({ id: householdId })
  const unit = (await readUnits(c.db)).get(unitId)
  const child = household?.children.find(({ id }) => id === childId)
  const to = (household?.guardians ?? []).flatMap(({ email }) => email ?? [])
  if (unit === undefined || child === undefined || to.length === 0) return
  const values = { child: child.firstName, unit: unit.name, day: dayWords(day, c.locale), until: instantWords(until, c.locale), url: c.absoluteUrl('/') }
  await c.transaction(async (tx) => {
    for (const address of to) await tx.mail.send({ to: address, subject: c.t('booking.mail.offer.subject', values), text: c.t('booking.mail.offer.text', values) })
  })
}
