import { addDays } from '@liberacces/sdk'
import type { CanteenContext } from '../../canteen-types.ts'
import { ZONES, type ZoneHoliday } from './holiday-csv.ts'

/** Stores what a calendar says, in place of what was known of the same days. */
export async function storeHolidays(c: CanteenContext, holidays: readonly ZoneHoliday[], known: Readonly<Record<'A' | 'B' | 'C', { readonly firstDay: string; readonly lastDay: string }>>): Promise<void> {
  await c.transaction(async (tx) => {
    for (const zone of ZONES) {
      const { firstDay, lastDay } = known[zone]
      const before = await tx.selectFrom('known_calendar').selectAll().where('zone', '=', zone).executeTakeFirst()
      // Two spans with a gap between are not one: days within it would look like school days.
      const meets = before !== undefined && firstDay <= addDays(before.last_day, 2) && lastDay >= addDays(before.first_day, -2)
      const span = { first_day: meets && before.first_day < firstDay ? before.first_day : firstDay, last_day: meets && before.last_day > lastDay ? before.last_day : lastDay }
      await tx.deleteFrom('holiday').where('zone', '=', zone).where((is) => (meets ? is.and([is('first_day', '<=', lastDay), is('last_day', '>=', firstDay)]) : is.lit(true))).execute()
      const rows = holidays.filter((each) => each.zone === zone).map(({ name, firstDay: first, lastDay: last }) => ({ id: c.id(), zone, name, first_day: first, last_day: last }))
      if (rows.length > 0) await tx.insertInto('holiday').values(rows).execute()
      await tx.insertInto('known_calendar').values({ zone, ...span }).onConflict((is) => is.column('zone').doUpdateSet(span)).execute()
    }
  })
}
