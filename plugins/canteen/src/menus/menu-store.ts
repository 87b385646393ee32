import type { CanteenContext, CanteenDatabase } from '../canteen-types.ts'
import { dishFrom, inOrder, type Dish } from './dish.ts'
import { mondayOf, plusDays } from './week.ts'

/** Dishes of days, as they are served. @param last - included */
export async function dishesBetween(db: CanteenDatabase, first: string, last: string): Promise<readonly Dish[]> {
  return inOrder((await db.selectFrom('dish').selectAll().where('day', '>=', first).where('day', '<=', last).execute()).map(dishFrom))
}

/** Dishes of published weeks from a day on, with when the week was published. */
export async function publishedDishes(db: CanteenDatabase, first: string, last: string): Promise<readonly { readonly dish: Dish; readonly published: string }[]> {
  const weeks = new Map((await db.selectFrom('published_week').selectAll().where('monday', '>=', mondayOf(first)).where('monday', '<=', last).execute()).map((row) => [row.monday, row.published_at]))
  return (await dishesBetween(db, first, last)).flatMap((dish) => {
    const published = weeks.get(mondayOf(dish.day))
    return published === undefined ? [] : [{ dish, published }]
  })
}

/** Copies the week before into an empty week. @returns how many dishes came; 0 where the week is not empty or there are none */
export async function copyWeekBefore(c: CanteenContext, monday: string): Promise<number> {
  return c.transaction(async (tx) => {
    const there = await tx.selectFrom('dish').select('id').where('day', '>=', monday).where('day', '<=', plusDays(monday, 6)).limit(1).executeTakeFirst()
    if (there !== undefined) return 0
    const before = await tx.selectFrom('dish').selectAll().where('day', '>=', plusDays(monday, -7)).where('day', '<', monday).execute()
    if (before.length > 0) await tx.insertInto('dish').values(before.map((row) => ({ ...row, id: c.id(), day: plusDays(row.day, 7), changed_at: c.now().toISOString() }))).execute()
    return before.length
  })
}
