import { Families } from '@liberacces/plugin-families/contract'
import type { CanteenContext } from '../canteen-types.ts'
import { allowed } from './allowed.ts'
import { countMeals, type MealCount } from './meal-count.ts'

/** Who eats, unless somebody says otherwise. */
const EATING = ['booked', 'present'] as const
/** The service takes so many ids at a time. */
const AT_ONCE = 1_000

/** Counts the meals of a day from bookings and what was recorded. Needs the reading of children and of health alerts. */
export async function countNow(c: CanteenContext, day: string): Promise<MealCount> {
  const rows = await c.db.selectFrom('booking').innerJoin('unit', 'unit.id', 'booking.unit_id').select(['booking.child_id', 'unit.id', 'unit.name'])
    .where('booking.day', '=', day).where('unit.with_meal', '=', 1).where('booking.state', 'in', [...EATING]).execute()
  if (rows.length === 0) return []
  const families = c.use(Families)
  const ids = [...new Set(rows.map((row) => row.child_id))]
  const schools = new Map((await families.schools({})).map(({ id, name }) => [id, { id, name }]))
  const [schoolOf, diets] = [new Map<string, string | undefined>(), new Map<string, readonly string[]>()]
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const part = ids.slice(from, from + AT_ONCE)
    for (const child of await families.children({ ids: part, on: day })) schoolOf.set(child.id, child.schoolId)
    for (const { childId, pai, allergens } of await families.healthFlags({ childIds: part, purpose: 'meal-order', on: day })) if (pai) diets.set(childId, allergens)
  }
  const none = { id: '', name: '' }
  return countMeals(rows.map((row) => ({ school: schools.get(schoolOf.get(row.child_id) ?? '') ?? none, unit: { id: row.id, name: row.name }, pai: diets.get(row.child_id) })))
}

/** Meals as they are counted now where the reader may see children, else as they were counted last; `undefined` where nobody has. */
export async function mealsFor(c: CanteenContext, day: string): Promise<{ readonly count: MealCount; readonly countedAt: string | undefined } | undefined> {
  const live = await allowed(() => countNow(c, day))
  if (live !== undefined) return { count: live, countedAt: undefined }
  const kept = await c.db.selectFrom('meal_count').selectAll().where('day', '=', day).executeTakeFirst()
  const count = kept === undefined ? undefined : await openCount(c, kept.content)
  return count === undefined || kept === undefined ? undefined : { count, countedAt: kept.counted_at }
}

/** A count as a text that nobody can read in the database: allergens of a small school say a lot. */
export function sealCount(c: CanteenContext, count: MealCount): Promise<string> {
  return c.secrets.seal(JSON.stringify(count))
}

/** The count again; `undefined` for one that was not sealed here. */
export async function openCount(c: CanteenContext, sealed: string): Promise<MealCount | undefined> {
  const text = await c.secrets.open(sealed)
  return text === undefined ? undefined : JSON.parse(text) as MealCount
}
