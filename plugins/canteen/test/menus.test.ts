import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALLERGENS } from '../src/menus/allergens.ts'
import { COURSES, DIETS, hasVegetarianDay, MEALS, SIQO, type Dish } from '../src/menus/dish.ts'
import { centsFrom, QUALITIES, sharesOf } from '../src/menus/egalim.ts'
import { readPurchases } from '../src/menus/purchases-csv.ts'
import { scdlMenus } from '../src/menus/scdl.ts'
import { mondayOf, plusDays } from '../src/menus/week.ts'
import { APP, rowsOf, startCanteen } from './attendance-kit.ts'
import schema from './data/menus-collectifs-1.2.3.json' with { type: 'json' }
import { misfits, type TableSchema } from './table-schema.ts'
import { plain } from './plain.ts'

const html = { headers: { accept: 'text/html' } }
const menuSchema = schema as TableSchema
const dish = (day: string, course: Dish['course'], vegetarian: boolean): Dish => ({ id: `${day}${course}`, day, meal: 'lunch', course, name: 'Plat', allergens: [], diets: vegetarian ? ['vegetarian'] : [], siqo: [], labels: '', changedAt: '2026-05-01T08:00:00.000Z' })
const anyDish = fc.record({
  id: fc.uuid(), day: fc.constantFrom('2026-02-28', '2028-02-29'), meal: fc.constantFrom(...MEALS), course: fc.constantFrom(...COURSES), name: fc.string({ minLength: 1, maxLength: 160 }).filter((name) => name.trim() !== ''),
  allergens: fc.subarray([...ALLERGENS]), diets: fc.subarray([...DIETS]), siqo: fc.subarray([...SIQO]), labels: fc.string({ maxLength: 50 }), changedAt: fc.constant('2026-05-01T08:00:00.123Z'),
})

describe('open data', () => {
  test('any menu fits the schema menus-collectifs 1.2.3, whatever is written in it', () => {
    fc.assert(fc.property(fc.array(anyDish, { maxLength: 5 }), (dishes) => {
      const csv = scdlMenus({ name: 'Aytré', siret: '21170028300015', producer: 'Cuisine, centrale "du port"', producerSiret: undefined, insee: '17028' }, [{ name: 'École A', uai: '0170001A', kind: 'élémentaire' }, { name: 'École B', uai: undefined, kind: 'maternelle' }], dishes.map((one) => ({ dish: one, published: '2026-05-02T06:00:00.000Z' })))
      expect(misfits(menuSchema, csv)).toEqual([])
    }))
  })

  test('the one who judges finds what does not fit', () => {
    const csv = scdlMenus({ name: '', siret: '12', producer: 'x', producerSiret: undefined, insee: '99' }, [{ name: 'x', uai: undefined, kind: 'maternelle' }], [{ dish: { ...dish('2026-13-01', 'main', true), name: 'x'.repeat(161) }, published: 'yesterday' }])
    expect(misfits(menuSchema, csv).map((fault) => /menu\w+/.exec(fault)?.[0])).toEqual(['menuCollNom', 'menuCollSiret', 'menuRestaurantInsee', 'menuDate', 'menuPlatNom', 'menuPublicationDate'])
  })
})

test('a vegetarian day is one whose starter, main and side are; a week without lunch is none', () => {
  expect(hasVegetarianDay([])).toBeUndefined()
  expect(hasVegetarianDay([dish('2026-05-11', 'starter', true), dish('2026-05-11', 'main', true), dish('2026-05-11', 'dessert', false)])).toBe(true)
  expect(hasVegetarianDay([dish('2026-05-11', 'starter', false), dish('2026-05-11', 'main', true), dish('2026-05-12', 'side', true)])).toBe(false)
})

describe('EGalim', () => {
  test('shares by value, of which organic; a share is not reached before it is', () => {
    expect(sharesOf(2026, [])).toBeUndefined()
    expect(sharesOf(2026, [{ cents: 2_000, quality: 'organic' }, { cents: 3_000, quality: 'siqo' }, { cents: 5_000, quality: 'none' }])).toMatchObject({ total: 10_000, durableShare: 5_000, organicShare: 2_000, reached: true })
    expect(sharesOf(2026, [{ cents: 1_999, quality: 'organic' }, { cents: 4_001, quality: 'durable' }, { cents: 4_000, quality: 'none' }])).toMatchObject({ organicShare: 1_999, reached: false })
    expect(sharesOf(2021, [{ cents: 1, quality: 'none' }])).toMatchObject({ least: undefined, reached: true })
    fc.assert(fc.property(fc.array(fc.record({ cents: fc.nat(10 ** 11), quality: fc.constantFrom(...QUALITIES) }), { minLength: 1 }), (purchases) => {
      const shares = sharesOf(2026, purchases)
      expect(shares === undefined || (shares.organicShare <= shares.durableShare && shares.durableShare <= 10_000)).toBe(true)
    }))
  })

  test('amounts are read as people write them, and nothing else', () => {
    expect(['1 234,50', '12.5', '0', '7\u00a0€', '1,234', '-5', '1e3', '', '=1', '12345678901'].map(centsFrom)).toEqual([123_450, 1_250, 0, 700, undefined, undefined, undefined, undefined, undefined, undefined])
  })

  test('a file tells every faulty line, and nothing of it is taken', () => {
    const read = (text: string) => readPurchases(Buffer.from(text))
    expect(read('\ufeffDate;Fournisseur;Libellé;Montant_HT;Catégorie\r\n14/05/2026;Ferme;Carottes;12,50;bio\r\n\r\n2026-05-15;;Riz;3;\r\n')).toEqual({ purchases: [{ day: '2026-05-14', supplier: 'Ferme', label: 'Carottes', cents: 1_250, quality: 'organic' }, { day: '2026-05-15', supplier: '', label: 'Riz', cents: 300, quality: 'none' }] })
    expect(read('date;fournisseur;libelle;montant_ht;categorie\n2026-02-29;x;Riz;1;bio\n2028-02-29;x;;-1;or\n')).toEqual({ faults: [{ line: 2, what: 'day' }, { line: 3, what: 'amount' }, { line: 3, what: 'quality' }, { line: 3, what: 'label' }] })
    expect([read('a;b\n'), read('date;fournisseur;libelle;montant_ht;categorie\n"x')]).toEqual([{ faults: [{ line: 1, what: 'heading' }] }, { faults: [{ line: 2, what: 'file' }] }])
  })
})

test('weeks begin on Monday, over years and leap days', () => {
  expect([mondayOf('2026-05-14'), mondayOf('2026-05-11'), mondayOf('2027-01-01'), plusDays('2028-02-28', 1), plusDays('2026-03-28', 2)]).toEqual(['2026-05-11', '2026-05-11', '2026-12-28', '2028-02-29', '2026-03-30'])
})

test('the kitchen writes a week, copies it, publishes it; everybody reads it then, and not before', async () => {
  await using platform = await startCanteen()
  const by = { kind: 'operator', id: 'test', name: 'Test' } as const
  const kitchen = await platform.as('agent.cuisine')
  const { visitor } = platform.tenant()
  // The test begins on Monday 2 March 2026.
  const add = (fields: Readonly<Record<string, string>>) => kitchen.submit(`${APP}/menus/plat?jour=2026-03-02`, { dishName: 'Gratin', meal: 'lunch', course: 'main', ...fields })
  expect((await add({ dishName: 'Lasagnes aux épinards', allergens: 'milk', diets: 'vegetarian', siqo: 'organic' })).status).toBe(303)
  expect([(await add({ dishName: '=1+1' })).status, (await add({ dishName: '' })).status, (await add({ course: 'soup' })).status, (await add({ dishName: 'x'.repeat(161) })).status]).toEqual([422, 422, 422, 422])
  const week = (await kitchen.get(`${APP}/menus/semaine`, html)).text
  expect([week.includes('Lasagnes aux épinards'), week.includes('lait'), week.includes('Brouillon'), week.includes('pas de menu végétarien')]).toEqual([true, true, true, false])
  expect([(await visitor.get(`${APP}/menus`, html)).text.includes('Lasagnes'), (await visitor.get(`${APP}/menus/export/menus.csv`)).status]).toEqual([false, 404])
  await kitchen.submit(`${APP}/menus/semaine/2026-03-02/publier`, {}, `${APP}/menus/semaine`)
  expect((await visitor.get(`${APP}/menus`, html)).text).toContain('Lasagnes')
  expect((await visitor.get('/', html)).text).toContain('À la cantine aujourd’hui')
  await platform.platform.settings.set(platform.tenant().id, 'fr.liberacces.canteen', { zone: 'A', siret: '21170028300015', producerName: 'Cuisine centrale' }, by)
  const open = await visitor.get(`${APP}/menus/export/menus.csv`)
  expect([open.status, misfits(menuSchema, open.text), open.text.includes('Lasagnes aux épinards'), open.text.includes('0170001A')]).toEqual([200, [], true, true])
  const next = `${APP}/menus/semaine?jour=2026-03-09`
  expect((await kitchen.submit(`${APP}/menus/semaine/2026-03-09/copier`, {}, next)).status).toBe(303)
  expect((await kitchen.submit(`${APP}/menus/semaine/2026-03-09/copier`, {}, next)).status).toBe(422)
  const dishes = await rowsOf<{ readonly id: string; readonly day: string }>(platform, 'dish', 'day')
  expect(dishes.map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-09'])
  const edit = `${APP}/menus/plat/${dishes[1]?.id}`
  expect((await kitchen.get(edit, html)).text).toContain('value="Lasagnes aux épinards"')
  await kitchen.submit(edit, { dishName: 'Rôti', meal: 'lunch', course: 'main' })
  expect((await kitchen.get(next, html)).text).toContain('pas de menu végétarien')
  await kitchen.submit(`${edit}/effacer`, {}, `${edit}/supprimer`)
  expect((await kitchen.get(edit)).status).toBe(404)
  await kitchen.submit(`${APP}/menus/semaine/2026-03-02/retirer`, {}, `${APP}/menus/semaine`)
  expect((await visitor.get(`${APP}/menus`, html)).text).not.toContain('Lasagnes')
  expect([(await visitor.get(`${APP}/menus/semaine`)).status, (await (await platform.as('citizen')).get(`${APP}/menus/semaine`)).status]).toEqual([303, 403])

  expect((await kitchen.submit(`${APP}/menus/achats/ajouter`, { day: '2026-02-01', purchaseLabel: 'Carottes', amount: '1 000,00', quality: 'organic' })).status).toBe(303)
  expect((await kitchen.submit(`${APP}/menus/achats/ajouter`, { day: '2026-02-01', purchaseLabel: 'Carottes', amount: '-3', quality: 'organic' })).status).toBe(422)
  const file = (text: string) => new File([text], 'achats.csv', { type: 'text/csv' })
  const wrong = await kitchen.submit(`${APP}/menus/achats/importer`, { file: file('date;fournisseur;libelle;montant_ht;categorie\n2026-02-30;x;Riz;1;bio\n') })
  expect([wrong.status, wrong.text.includes('Ligne 2')]).toEqual([422, true])
  expect((await kitchen.submit(`${APP}/menus/achats/importer`, { file: file('date;fournisseur;libelle;montant_ht;categorie\n2026-02-03;x;Riz;9000;autre\n') })).status).toBe(303)
  const shares = (await kitchen.get(`${APP}/menus/achats`, html)).text
  expect([shares.includes('ne sont pas atteints pour 2026'), plain(shares).includes('10 %')]).toEqual([true, true])
})
