import type { UnitKind } from '../booking/tables.ts'
import type { CanteenDatabase } from '../canteen-types.ts'

/** A unit that takes place on a day. */
export interface UnitOfDay {
  readonly id: string
  readonly name: string
  readonly activity: string
  readonly activityId: string
  readonly kind: UnitKind
  readonly startsAt: string
  readonly endsAt: string
  readonly withMeal: boolean
}

/** Units that take place on a day of the week within their activity's time, and those that somebody has a booking for, in the order of the day. */
export async function unitsOfDay(db: CanteenDatabase, day: string): Promise<readonly UnitOfDay[]> {
  const rows = await db.selectFrom('unit').innerJoin('activity', 'activity.id', 'unit.activity_id')
    .select(['unit.id', 'unit.name', 'activity.name as activity', 'unit.activity_id', 'unit.kind', 'unit.starts_at', 'unit.ends_at', 'unit.with_meal', 'unit.weekdays', 'activity.first_day', 'activity.last_day', 'unit.last_day as unit_last_day'])
    .where('activity.archived', '=', 0).orderBy('unit.starts_at').orderBy('unit.position').orderBy('unit.id').execute()
  const booked = new Set((await db.selectFrom('booking').select('unit_id').distinct().where('day', '=', day).execute()).map((row) => row.unit_id))
  const weekday = String(((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1)
  return rows.filter((row) => booked.has(row.id) || (row.first_day <= day && day <= row.last_day && (row.unit_last_day === null || day <= row.unit_last_day) && row.weekdays.includes(weekday))).map(unitFrom)
}

/** One unit by its id. */
export async function unitById(db: CanteenDatabase, id: string): Promise<UnitOfDay | undefined> {
  const row = await db.selectFrom('unit').innerJoin('activity', 'activity.id', 'unit.activity_id')
    .select(['unit.id', 'unit.name', 'activity.name as activity', 'unit.activity_id', 'unit.kind', 'unit.starts_at', 'unit.ends_at', 'unit.with_meal']).where('unit.id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : unitFrom(row)
}

function unitFrom(row: { readonly id: string; readonly name: string; readonly activity: string; readonly activity_id: string; readonly kind: UnitKind; readonly starts_at: string; readonly ends_at: string; readonly with_meal: number }): UnitOfDay {
  return { id: row.id, name: row.name, activity: row.activity, activityId: row.activity_id, kind: row.kind, startsAt: row.starts_at, endsAt: row.ends_at, withMeal: row.with_meal === 1 }
}
