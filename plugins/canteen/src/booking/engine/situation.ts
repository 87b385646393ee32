/** What deciding on bookings needs to know, read at once. */
import type { ChildCard } from '@liberacces/plugin-families/contract'
import type { CanteenContext, CanteenDatabase } from '../../canteen-types.ts'
import type { Calendar, Closure } from '../calendar/day-kind.ts'
import { parseRules, type Rules } from '../deadlines/rules.ts'
import type { ActivityKind, BookingTables, UnitKind } from '../tables.ts'

/** An activity with its rules read. */
export interface Activity {
  readonly id: string
  readonly name: string
  readonly kind: ActivityKind
  readonly firstDay: string
  readonly lastDay: string
  readonly rules: Rules
  readonly approvedByAgent: boolean
  readonly archived: boolean
  /** Empty: all. */
  readonly schoolIds: readonly string[]
}

/** What is booked of an activity. */
export interface Unit {
  readonly id: string
  readonly name: string
  readonly kind: UnitKind
  readonly startsAt: string
  readonly endsAt: string
  readonly weekdays: string
  readonly capacity: number | undefined
  readonly withMeal: boolean
  /** Where it ends before its activity. */
  readonly lastDay: string | undefined
  readonly activity: Activity
}

/** A row of the table. */
export type BookingRow = BookingTables['booking']
/** A row of the table. */
export type EnrolmentRow = BookingTables['enrolment']

/** The activities, the calendar, and what some children have. */
export interface Situation {
  readonly now: Date
  readonly units: ReadonlyMap<string, Unit>
  readonly calendar: Calendar
  readonly enrolments: readonly EnrolmentRow[]
  /** By {@link cellKey}. */
  readonly bookings: ReadonlyMap<string, BookingRow>
}

/** Who and what and when. */
export function cellKey(childId: string, unitId: string, day: string): string {
  return `${childId}|${unitId}|${day}`
}

/** The calendar of the tenant's zone. */
export async function readCalendar(db: CanteenDatabase, settings: CanteenContext['settings']): Promise<Calendar> {
  const zone = settings.zone
  // At once, here and below: over the border each wait for an answer counts.
  const [known, holidays, closures] = await Promise.all([
    db.selectFrom('known_calendar').selectAll().where('zone', '=', zone).executeTakeFirst(),
    db.selectFrom('holiday').selectAll().where('zone', '=', zone).orderBy('first_day').execute(),
    db.selectFrom('closure').selectAll().orderBy('id').execute(),
  ])
  return {
    known: known === undefined ? undefined : { firstDay: known.first_day, lastDay: known.last_day },
    holidays: holidays.map(({ name, first_day, last_day }) => ({ name, firstDay: first_day, lastDay: last_day })),
    closures: closures.map(closureOf),
    alsaceMoselle: settings.alsaceMoselle,
  }
}

/** A closure from its row. */
function closureOf({ id, kind, first_day, last_day, school_id, activity_id, reason }: BookingTables['closure']): Closure {
  return { id, kind, firstDay: first_day, lastDay: last_day, schoolId: school_id ?? undefined, activityId: activity_id ?? undefined, reason }
}

/** Every unit, by activity and place. */
export async function readUnits(db: CanteenDatabase): Promise<ReadonlyMap<string, Unit>> {
  const [activities, schoolRows, unitRows] = await Promise.all([
    db.selectFrom('activity').selectAll().orderBy('name').orderBy('id').execute(),
    db.selectFrom('activity_school').selectAll().execute(),
    db.selectFrom('unit').selectAll().orderBy('position').orderBy('id').execute(),
  ])
  const [schools, units] = [Map.groupBy(schoolRows, ({ activity_id }) => activity_id), Map.groupBy(unitRows, ({ activity_id }) => activity_id)]
  return new Map(activities.flatMap((row) => {
    const activity: Activity = {
      id: row.id, name: row.name, kind: row.kind, firstDay: row.first_day, lastDay: row.last_day, rules: parseRules(row.rules),
      approvedByAgent: row.approved_by_agent === 1, archived: row.archived === 1, schoolIds: (schools.get(row.id) ?? []).map(({ school_id }) => school_id),
    }
    return (units.get(row.id) ?? []).map((unit): [string, Unit] => [unit.id, {
      id: unit.id, name: unit.name, kind: unit.kind, startsAt: unit.starts_at, endsAt: unit.ends_at, weekdays: unit.weekdays,
      capacity: unit.capacity ?? undefined, withMeal: unit.with_meal === 1, lastDay: unit.last_day ?? undefined, activity,
    }])
  }))
}

/** Everything that deciding on days of some children needs. */
export async function readSituation(c: CanteenContext, db: CanteenDatabase, childIds: readonly string[], firstDay: string, lastDay: string): Promise<Situation> {
  const ids = childIds.length === 0 ? [''] : childIds
  const [bookings, enrolments, units, calendar] = await Promise.all([
    db.selectFrom('booking').selectAll().where('child_id', 'in', ids).where('day', '>=', firstDay).where('day', '<=', lastDay).execute(),
    db.selectFrom('enrolment').selectAll().where('child_id', 'in', ids).execute(),
    readUnits(db), readCalendar(db, c.settings),
  ])
  return {
    now: c.now(), units, calendar, enrolments,
    bookings: new Map(bookings.map((row) => [cellKey(row.child_id, row.unit_id, row.day), row])),
  }
}

/** Whether a unit is one that a child of this school can be enrolled for. */
export function serves(activity: Activity, child: ChildCard): boolean {
  return activity.schoolIds.length === 0 || (child.schoolId !== undefined && activity.schoolIds.includes(child.schoolId))
}
