import type { CanteenContext } from '../canteen-types.ts'
import { allergenText } from '../menus/allergen-text.ts'
import { dayName } from './day-name.ts'
import { totalOf, type MealCount, type MealLine } from './meal-count.ts'
import { sealCount } from './meals-of-day.ts'

/** Keeps an order as it leaves, and mails it where an address is set and the scope granted: both, or nothing. */
export async function sendOrder(c: CanteenContext, day: string, count: MealCount): Promise<void> {
  const content = await sealCount(c, count)
  const recipient = c.granted('mail:send') ? c.settings.orderTo ?? null : null
  const meals = totalOf(count)
  const number = await c.transaction(async (tx) => {
    const { last } = await tx.selectFrom('meal_order').select((eb) => eb.fn.max('number').as('last')).where('day', '=', day).executeTakeFirstOrThrow()
    const next = Number(last ?? 0) + 1
    // Two at once: the number is there once for a day, and the second one is refused as a whole.
    await tx.insertInto('meal_order').values({ id: c.id(), day, number: next, meals, sent_by: c.actor.kind === 'account' ? c.actor.id : null, sent_at: c.now().toISOString(), recipient, content }).execute()
    if (recipient !== null) {
      const [inWords, total] = [dayName(c.locale, day), c.t('attendance.orders.total', { count: meals })]
      await tx.mail.send({
        to: recipient, subject: c.t('attendance.orders.mail.subject', { day: inWords, count: total }),
        text: [...(next > 1 ? [c.t('attendance.orders.mail.changed'), ''] : []), c.t('attendance.orders.mail.body', { tenant: c.tenant.name, number: String(next), day: inWords, count: String(meals), lines: count.map((line) => lineText(c, line)).join('\n') })].join('\n'),
      })
    }
    return next
  })
  await c.audit('meal-order.sent', day, { number, meals, mailed: recipient !== null })
}

/** A line in words: `École Jules-Ferry, Repas de midi : 84 repas (2 sans arachides)`. */
function lineText(c: CanteenContext, line: MealLine): string {
  const diets = dietTexts(c, line)
  return `${schoolText(c, line)}, ${line.unit}${c.locale === 'fr' ? '\u00a0' : ''}: ${c.t('attendance.orders.total', { count: line.meals })}${diets.length > 0 ? ` (${c.t('attendance.pai')}${c.locale === 'fr' ? '\u00a0' : ''}: ${diets.join(' ; ')})` : ''}`
}

/** What the PAI of a line forbid, one text for each diet. */
export function dietTexts(c: CanteenContext, { pai }: MealLine): readonly string[] {
  return pai.map(({ allergens, meals }) => (allergens.length === 0 ? c.t('attendance.orders.paiOnly', { count: meals }) : c.t('attendance.orders.paiLine', { count: meals, list: allergens.map((code) => allergenText(c, code)).join(', ') })))
}

/** Name of a line's school. */
export function schoolText(c: CanteenContext, { school }: MealLine): string {
  return school === '' ? c.t('attendance.orders.noSchool') : school
}
