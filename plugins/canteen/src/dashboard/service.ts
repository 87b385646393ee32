import { addDays, type ServiceHandlers } from '@liberacces/sdk'
import { readUnits } from '../booking/engine/situation.ts'
import type { CanteenContext } from '../canteen-types.ts'
import type { ActivityCard, Canteen } from '../contract.ts'

/** Longest span of counts, in days. */
const LONGEST = 61

/** The service `fr.liberacces.canteen/v1`. */
export function canteenService(c: CanteenContext): ServiceHandlers<typeof Canteen> {
  return {
    activities: async ({ on }) => {
      const byActivity = Map.groupBy((await readUnits(c.db)).values(), ({ activity }) => activity.id)
      return [...byActivity.values()].flatMap((units): readonly ActivityCard[] => {
        const activity = units[0]?.activity
        if (activity === undefined || activity.archived || on < activity.firstDay || on > activity.lastDay) return []
        const { id, name, kind, firstDay, lastDay, schoolIds } = activity
        return [{ id, name, kind, firstDay, lastDay, schoolIds: [...schoolIds], units: units.filter((unit) => unit.lastDay === undefined || on <= unit.lastDay).map((unit) => ({ id: unit.id, name: unit.name, kind: unit.kind, withMeal: unit.withMeal, ...(unit.capacity === undefined ? {} : { capacity: unit.capacity }) })) }]
      })
    },
    bookings: async ({ day, unitId, after, limit }) => {
      let rows = c.db.selectFrom('booking').selectAll().where('day', '=', day).orderBy('id').limit(limit ?? 500)
      if (unitId !== undefined) rows = rows.where('unit_id', '=', unitId)
      if (after !== undefined) rows = rows.where('id', '>', after)
      return (await rows.execute()).map((row) => ({ id: row.id, childId: row.child_id, householdId: row.household_id, activityId: row.activity_id, unitId: row.unit_id, day: row.day, state: row.state, late: row.late === 1 }))
    },
    counts: async ({ from, to }) => {
      const last = to > addDays(from, LONGEST) ? addDays(from, LONGEST) : to
      const rows = await c.db.selectFrom('booking').select((is) => ['unit_id', 'activity_id', 'day', 'state', is.fn.countAll().as('count')]).where('day', '>=', from).where('day', '<=', last)
        .where('state', 'in', ['booked', 'present', 'waiting', 'requested']).groupBy(['unit_id', 'activity_id', 'day', 'state']).execute()
      const groups = Map.groupBy(rows, ({ unit_id, day }) => `${day} ${unit_id}`)
      return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, own]) => {
        const sum = (...states: readonly string[]): number => own.filter(({ state }) => states.includes(state)).reduce((total, { count }) => total + Number(count), 0)
        const [first] = own
        return first === undefined ? [] : [{ unitId: first.unit_id, activityId: first.activity_id, day: first.day, expected: sum('booked', 'present'), waiting: sum('waiting'), requested: sum('requested') }]
      })
    },
  }
}
