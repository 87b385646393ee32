import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import { totalOf } from './meal-count.ts'
import { countNow, openCount, sealCount } from './meals-of-day.ts'
import { sendOrder } from './send-order.ts'

/** Counts the meals of the day every ten minutes, for the kitchen, and sends the order at the hour that is set. */
export function registerOrderSchedule(k: CanteenRegistrar): void {
  k.schedule({ id: 'meal-order', cron: '*/10 * * * *', timeoutMs: 120_000 }, async (c) => {
    const today = c.today()
    const ordered = later(today, c.settings.orderDaysAhead)
    for (const day of new Set([today, ordered])) await keepCount(c, day)
    if (clockIn(c.now()) < c.settings.orderAt) return
    if (await c.db.selectFrom('meal_order').select('id').where('day', '=', ordered).executeTakeFirst() !== undefined) return
    const count = await countNow(c, ordered)
    // A day without meals is no order.
    if (totalOf(count) > 0) await sendOrder(c, ordered, count)
  })
}

async function keepCount(c: CanteenContext, day: string): Promise<void> {
  const count = await countNow(c, day)
  const kept = await c.db.selectFrom('meal_count').selectAll().where('day', '=', day).executeTakeFirst()
  if (kept === undefined && count.length === 0) return
  const before = kept === undefined ? undefined : await openCount(c, kept.content)
  const countedAt = c.now().toISOString()
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(count)) {
    await c.db.updateTable('meal_count').set({ counted_at: countedAt }).where('day', '=', day).execute()
    return
  }
  const content = await sealCount(c, count)
  await c.db.insertInto('meal_count').values({ day, counted_at: countedAt, content }).onConflict((on) => on.column('day').doUpdateSet({ counted_at: countedAt, content })).execute()
  await c.db.deleteFrom('meal_count').where('day', '<', later(c.today(), -30)).execute()
}

/** @param day - `YYYY-MM-DD` */
function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The time of day in Paris, `HH:MM`. */
function clockIn(now: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(now)
}
