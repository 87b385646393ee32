import { addDays, daysFrom, weekdayOf } from '@liberacces/sdk'
import { Families, type ChildCard } from '@liberacces/plugin-families/contract'
import { dayKind } from '../booking/calendar/day-kind.ts'
import { KNOWN_YEARS, knownHolidays, ZONE_SPANS } from '../booking/calendar/known-years.ts'
import { storeHolidays } from '../booking/calendar/store-holidays.ts'
import type { Rules } from '../booking/deadlines/rules.ts'
import type { BookingRow } from '../booking/engine/situation.ts'
import { readCalendar } from '../booking/engine/situation.ts'
import type { CanteenDemo } from '../canteen-types.ts'
import { fillBilling } from './fill-billing.ts'
import { fillMenus } from './fill-menus.ts'

/** Rows of one statement: 17 columns each, and SQLite binds 32,766 values at most. */
const ROWS_AT_ONCE = 400
/** Population from which a commune has bookings for its whole school year. */
const WHOLE_YEAR_FROM = 8_000

const RULES = {
  canteen: { add: [{ weekdays: '1234567', limit: { kind: 'previous-weekday', weekday: 5, at: '09:00' } }], cancel: 'same', late: 'surcharge', openOn: ['school'], waitingList: true, offerHours: 24 },
  garderie: { add: [{ weekdays: '1234567', limit: { kind: 'days-before', days: 1, at: '18:00', skip: ['weekend'] } }], cancel: 'same', late: 'refused', openOn: ['school'], waitingList: true, offerHours: 24 },
  mercredi: { add: [{ weekdays: '1234567', limit: { kind: 'week-before', weekday: 4, at: '12:00' } }], cancel: 'same', late: 'refused', openOn: ['school'], waitingList: true, offerHours: 48 },
} as const satisfies Readonly<Record<string, Omit<Rules, 'add' | 'openOn'> & { readonly add: unknown; readonly openOn: unknown }>>

/** Which unit a child comes for, and on which weekdays. */
interface Habit { readonly unitId: string; readonly activityId: string; readonly weekdays: readonly number[] }

/** A canteen and a garderie for each school, Wednesdays for all, and bookings from the start of the school year until its end; menus, tariffs and bills. */
export async function fillDemo(c: CanteenDemo): Promise<void> {
  const schools = await c.use(Families).schools({})
  if (schools.length === 0) return
  const children: readonly ChildCard[] = await c.use(Families).children({ on: c.today() })
  await storeHolidays(c, knownHolidays(), ZONE_SPANS)
  const today = c.today()
  const year = Number(today.slice(0, 4)) - (today.slice(5) < '09-01' ? 1 : 0)
  const [firstDay, lastDay] = [`${year}-09-01`, `${year + 1}-07-05`]
  // A year and bills where somebody looks at statistics; a few weeks around today elsewhere, for a Pool has many communes.
  const wholeYear = (c.tenant.population ?? 0) >= WHOLE_YEAR_FROM
  const habits = new Map<string, Habit[]>()
  const now = c.now().toISOString()
  const calendar = await readCalendar(c.db, c.settings)
  await c.transaction(async (tx) => {
    const activity = async (name: string, kind: keyof typeof RULES, schoolId: string | undefined): Promise<string> => {
      const id = c.id()
      await tx.insertInto('activity').values({ id, name, kind, first_day: firstDay, last_day: lastDay, rules: JSON.stringify(RULES[kind]), approved_by_agent: 0, archived: 0 }).execute()
      if (schoolId !== undefined) await tx.insertInto('activity_school').values({ activity_id: id, school_id: schoolId }).execute()
      return id
    }
    const unit = async (activityId: string, name: string, kind: 'meal' | 'half-day' | 'hourly', [startsAt, endsAt]: readonly [string, string], weekdays: string, position: number, capacity: number | null): Promise<string> => {
      const id = c.id()
      await tx.insertInto('unit').values({ id, activity_id: activityId, name, kind, starts_at: startsAt, ends_at: endsAt, weekdays, capacity, with_meal: kind === 'meal' ? 1 : 0, position }).execute()
      return id
    }
    const wednesday = await activity(c.t('booking.demo.wednesday'), 'mercredi', undefined)
    const wednesdayMorning = await unit(wednesday, c.t('booking.demo.wednesday.morning'), 'half-day', ['08:00', '12:00'], '3', 0, 60)
    const enrolments: { readonly child: ChildCard; readonly activityId: string }[] = []
    for (const school of schools) {
      const canteen = await activity(c.t('booking.demo.canteen', { school: school.name }), 'canteen', school.id)
      const meal = await unit(canteen, c.t('booking.demo.meal'), 'meal', ['12:00', '13:30'], '1245', 0, 180)
      const garderie = await activity(c.t('booking.demo.garderie', { school: school.name }), 'garderie', school.id)
      const morning = await unit(garderie, c.t('booking.demo.morning'), 'hourly', ['07:30', '08:30'], '1245', 0, null)
      const evening = await unit(garderie, c.t('booking.demo.evening'), 'hourly', ['16:30', '18:30'], '1245', 1, null)
      for (const child of children.filter(({ schoolId }) => schoolId === school.id)) {
        const days = (share: number): readonly number[] => (c.random() < 0.5 ? [1, 2, 4, 5] : [1, 2, 4, 5].filter(() => c.random() < share))
        const own: Habit[] = []
        if (c.random() < 0.85) { own.push({ unitId: meal, activityId: canteen, weekdays: days(0.7) }); enrolments.push({ child, activityId: canteen }) }
        if (c.random() < 0.35) {
          enrolments.push({ child, activityId: garderie })
          own.push({ unitId: evening, activityId: garderie, weekdays: days(0.6) })
          if (c.random() < 0.5) own.push({ unitId: morning, activityId: garderie, weekdays: days(0.6) })
        }
        if (c.random() < 0.2) { own.push({ unitId: wednesdayMorning, activityId: wednesday, weekdays: [3] }); enrolments.push({ child, activityId: wednesday }) }
        habits.set(child.id, own)
      }
    }
    for (let start = 0; start < enrolments.length; start += ROWS_AT_ONCE) {
      // The last few wait for an answer.
      await tx.insertInto('enrolment').values(enrolments.slice(start, start + ROWS_AT_ONCE).map(({ child, activityId }, place) => {
        const waits = start + place >= enrolments.length - 3
        return { id: c.id(), child_id: child.id, household_id: child.householdId, activity_id: activityId, first_day: firstDay, last_day: lastDay, state: waits ? 'requested' as const : 'active' as const, decided_at: waits ? null : now, created_at: now, requested_by: null }
      })).execute()
    }
    let rows: BookingRow[] = []
    const flush = async (): Promise<void> => {
      if (rows.length > 0) await tx.insertInto('booking').values(rows).execute()
      rows = []
    }
    const waiting = new Set(enrolments.slice(-3).map(({ child, activityId }) => `${child.id} ${activityId}`))
    const [from, to] = wholeYear ? [firstDay, lastDay] : [addDays(today, -14), addDays(today, 14)]
    for (const day of daysFrom(from < firstDay ? firstDay : from, to > lastDay ? lastDay : to).filter((each) => dayKind(each, calendar).kind === 'school')) {
      const past = day < today
      const booked = `${addDays(day, -10) < today ? addDays(day, -10) : today}T08:00:00.000Z`
      for (const child of children) {
        for (const { unitId, activityId, weekdays } of habits.get(child.id) ?? []) {
          if (!weekdays.includes(weekdayOf(day)) || waiting.has(`${child.id} ${activityId}`)) continue
          const chance = c.random()
          const state = !past ? 'booked' : chance < 0.95 ? 'present' : chance < 0.985 ? 'absent-justified' : 'absent-unjustified'
          rows.push({
            id: c.id(), child_id: child.id, household_id: child.householdId, activity_id: activityId, unit_id: unitId, day, state, origin: 'recurring', late: chance > 0.4 && chance < 0.41 ? 1 : 0, unbooked: 0,
            arrived_at: null, left_at: null, offered_until: null, booked_by: null, booked_at: booked, changed_at: booked,
          })
          if (rows.length === ROWS_AT_ONCE) await flush()
        }
      }
    }
    await flush()
    await fillMenus(c, tx, calendar)
  })
  await fillBilling(c, { firstDay, lastDay, withBills: wholeYear })
  if (KNOWN_YEARS.lastDay < lastDay) c.log.warn('The demonstration goes past the calendar that is shipped.', { lastDay })
}
