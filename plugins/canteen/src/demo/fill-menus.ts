import { dayKind, type Calendar } from '../booking/calendar/day-kind.ts'
import type { CanteenDemo, CanteenTransaction } from '../canteen-types.ts'
import { daysOf, mondayOf, plusDays } from '../menus/week.ts'
import { DEMO_PURCHASES, DEMO_WEEKS } from './demo-menus.ts'

/** Weeks that have menus, from the one before this; those after the next are still being composed. */
const WEEKS = [-1, 0, 1, 2] as const
/** The last week that families can read. */
const LAST_PUBLISHED = 1
const WEEK_MS = 7 * 86_400_000

/** Menus of the weeks around today, on school days alone, and the year's purchases until today. */
export async function fillMenus(c: CanteenDemo, tx: CanteenTransaction, calendar: Calendar): Promise<void> {
  const [today, now] = [c.today(), c.now().toISOString()]
  for (const week of WEEKS) {
    const monday = plusDays(mondayOf(today), week * 7)
    // By the calendar, not by today: a week has the same menu whenever the demonstration was made.
    const lunches = DEMO_WEEKS[Math.floor(Date.parse(`${monday}T00:00:00Z`) / WEEK_MS) % DEMO_WEEKS.length] ?? []
    const dishes = daysOf(monday).flatMap((day, index) => (dayKind(day, calendar).kind !== 'school' ? [] : (lunches[index] ?? []).map((dish) => ({
      id: c.id(), day, meal: 'lunch' as const, course: dish.course, name: dish.name,
      allergens: JSON.stringify(dish.allergens ?? []), diets: JSON.stringify(dish.diets ?? []), siqo: JSON.stringify(dish.siqo ?? []), labels: '', changed_at: now,
    }))))
    if (dishes.length === 0) continue
    await tx.insertInto('dish').values(dishes).execute()
    if (week <= LAST_PUBLISHED) await tx.insertInto('published_week').values({ monday, published_at: now }).execute()
  }
  const year = today.slice(0, 4)
  const purchases = Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, '0')}-10`).filter((day) => day <= today && day.slice(5, 7) !== '08')
    .flatMap((day) => DEMO_PURCHASES.map(({ supplier, label, cents, quality }) => ({ id: c.id(), day, supplier, label, cents: Math.round(cents * (0.9 + c.random() * 0.2)), quality })))
  if (purchases.length > 0) await tx.insertInto('purchase').values(purchases).execute()
}
