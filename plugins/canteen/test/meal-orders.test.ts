import { describe, expect, test } from 'vitest'
import { changesBetween, countMeals, type ExpectedMeal } from '../src/attendance/meal-count.ts'
import { APP, DAY, rowsOf, startCanteen } from './attendance-kit.ts'

const html = { headers: { accept: 'text/html' } }
const meal = (school: string, pai?: readonly string[]): ExpectedMeal => ({ school: { id: school, name: school }, unit: { id: 'meal', name: 'Repas' }, pai })

describe('counting', () => {
  test('meals by school and unit, and of those with a PAI by what they must do without', () => {
    expect(countMeals([meal('B'), meal('A', ['milk', 'eggs']), meal('A', ['eggs', 'milk']), meal('A', []), meal('A')])).toEqual([
      { schoolId: 'A', school: 'A', unitId: 'meal', unit: 'Repas', meals: 4, pai: [{ allergens: [], meals: 1 }, { allergens: ['eggs', 'milk'], meals: 2 }] },
      { schoolId: 'B', school: 'B', unitId: 'meal', unit: 'Repas', meals: 1, pai: [] },
    ])
    expect(countMeals([])).toEqual([])
  })

  test('what changed is told by line: more, less, gone, another diet', () => {
    const changes = (before: readonly ExpectedMeal[], now: readonly ExpectedMeal[]) => changesBetween(countMeals(before), countMeals(now)).map(({ line, difference }) => [line.school, difference])
    expect(changes([meal('A'), meal('B')], [meal('A'), meal('A'), meal('C')])).toEqual([['A', 1], ['C', 1], ['B', -1]])
    expect(changes([meal('A')], [meal('A', ['milk'])])).toEqual([['A', 0]])
    expect(changes([meal('A')], [meal('A')])).toEqual([])
  })
})

test('at the hour the order leaves by itself, is kept as it left, and a late change is flagged with its difference; the kitchen sees no child', async () => {
  await using platform = await startCanteen()
  await platform.platform.settings.set(platform.tenant().id, 'fr.liberacces.canteen', { orderTo: 'cuisine@example.fr', orderAt: '09:30', orderDaysAhead: 0, zone: 'A' }, { kind: 'operator', id: 'test', name: 'Test' })
  platform.outside.advance(Date.parse(`${DAY}T07:20:00Z`) - platform.outside.now())
  await platform.settle()
  expect([platform.mails, await rowsOf(platform, 'meal_order', 'id')]).toEqual([[], []])
  await platform.advance(15 * 60_000)
  const [mail] = platform.mails
  expect(mail?.subject).toBe('Repas du jeudi 14 mai 2026\u00a0: 8 repas')
  expect(mail?.text).toContain('École Jules-Ferry, Repas de midi\u00a0: 8 repas (PAI\u00a0: 1 avec PAI sans allergène à éviter ; 1 sans arachides)')
  expect(mail?.text).not.toMatch(/Moreau|Durand|lait/)
  await platform.advance(3 * 600_000)
  expect(platform.mails).toHaveLength(1)
  // A child is told to be absent, and one comes whom nobody expected.
  const leader = await platform.as('agent.animation')
  const list = `${APP}/pointage/liste?unite=meal&jour=${DAY}&ecole=school-1`
  for (const marque of ['absent:child-1', 'absent:child-2', 'present:child-9']) await leader.submit(`${APP}/pointage/marquer`, { unite: 'meal', jour: DAY, ecole: 'school-1', marque }, list)
  await platform.advance(600_000)
  const kitchen = await platform.as('agent.cuisine')
  const page = await kitchen.get(`${APP}/commandes?jour=${DAY}`, html)
  expect(['Depuis la commande n°\u00a01', '−1', 'Compté', '7 repas', 'cuisine@example.fr'].filter((text) => !page.text.includes(text.replace('\u00a0', ' ')) && !page.text.includes(text))).toEqual([])
  expect(page.text).not.toMatch(/Moreau|Durand/)
  const [order] = await rowsOf<{ readonly id: string; readonly content: string; readonly meals: number }>(platform, 'meal_order', 'id')
  expect([order?.meals, order?.content.includes('peanuts')]).toEqual([8, false])
  expect((await kitchen.get(`${APP}/commandes/${order?.id}`, html)).text).toContain('8 repas')
  const csv = await kitchen.get(`${APP}/commandes/${order?.id}/export.csv`)
  expect([csv.status, csv.text.split('\r\n')[1]]).toEqual([200, `${DAY};École Jules-Ferry;Repas de midi;8;"1 avec PAI sans allergène à éviter ; 1 sans arachides"`])
  expect((await kitchen.submit(`${APP}/commandes/jour/${DAY}/envoyer`, {}, `${APP}/commandes?jour=${DAY}`)).status).toBe(403)
  const office = await platform.as('agent.enfance')
  expect((await office.submit(`${APP}/commandes/jour/${DAY}/envoyer`, {}, `${APP}/commandes?jour=${DAY}`)).status).toBe(303)
  await platform.settle()
  expect([platform.mails.at(-1)?.text?.startsWith('Cette commande remplace la précédente.'), (await office.get(`${APP}/commandes?jour=${DAY}`, html)).text.includes('Rien n’a changé')]).toEqual([true, true])
  expect([(await leader.get(`${APP}/commandes`)).status, (await kitchen.get(`${APP}/commandes/nothing`)).status]).toEqual([403, 404])
})
