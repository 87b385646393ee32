import { addDays, mondayOf } from '@liberacces/sdk'
import { describe, expect, test } from 'vitest'
import { limitFor, type Rules } from '../src/booking/deadlines/rules.ts'
import { fieldsOfRules, rulesOfFields, type RuleValues } from '../src/dashboard/rule-fields.ts'
import { COMMUNES, rulesOf } from './communes.ts'
import { addActivity, APP, cells, EASY, enrol, html, saveWeek, startCanteen } from './booking-kit.ts'

describe('rules as fields', () => {
  const there = (rules: Rules): unknown => rulesOfFields({ secondDays: [], thirdDays: [], ...fieldsOfRules(rules) } as RuleValues)

  test('of each of the five communes are said by fields, or by their JSON where cancelling has limits of its own', () => {
    for (const commune of Object.keys(COMMUNES) as (keyof typeof COMMUNES)[]) {
      const rules = rulesOf(commune)
      expect([commune, fieldsOfRules(rules).rulesJson]).toEqual([commune, undefined])
      const said = there(rules) as Rules
      for (const weekday of [1, 2, 3, 4, 5, 6, 7]) expect(limitFor(said.add, weekday)).toEqual(limitFor(rules.add, weekday))
    }
    const limit = { kind: 'days-before', days: 3, at: '12:00', skip: [] } as const
    const own: Rules = { ...rulesOf('spay'), cancel: [{ weekdays: '1234567', limit: { ...limit, skip: [] } }] }
    expect(fieldsOfRules(own)).toMatchObject({ cancel: 'own', cancelKind: 'days-before', cancelNumber: 3, cancelAt: '12:00' })
    expect([fieldsOfRules(own).rulesJson, there(own)]).toEqual([undefined, own])
    expect(rulesOfFields({ secondDays: [], thirdDays: [], ...fieldsOfRules(own), cancelAt: undefined } as unknown as RuleValues)).toEqual({ missing: 'cancelNumber' })
    const byDay: Rules = { ...own, cancel: [{ weekdays: '1', limit: { ...limit, days: 5, skip: [] } }, { weekdays: '234567', limit: { ...limit, skip: [] } }] }
    expect(JSON.parse(fieldsOfRules(byDay).rulesJson ?? '')).toEqual(byDay)
  })

  test('differ by the day of the week without any JSON; days without their limit are asked about', () => {
    const limit = (weekday: number) => ({ kind: 'previous-weekday' as const, weekday, at: '09:00' })
    const rules: Rules = { ...EASY, cancel: 'same', add: [{ weekdays: '12', limit: limit(5) }, { weekdays: '45', limit: limit(2) }, { weekdays: '1234567', limit: limit(5) }] }
    expect(fieldsOfRules(rules)).not.toHaveProperty('rulesJson')
    expect(there(rules)).toEqual(rules)
    expect(rulesOfFields({ ...fieldsOfRules(EASY), secondDays: ['1'], thirdDays: [] } as unknown as RuleValues)).toEqual({ missing: 'secondNumber' })
    expect(rulesOfFields({ ...fieldsOfRules(EASY), secondDays: [], secondAt: '10:00', thirdDays: [] } as unknown as RuleValues)).toEqual({ missing: 'secondDays' })
  })
})

test('an activity that is changed or archived loses no booking: what is booked can still be cancelled, nothing new is booked, and it can be restored', async () => {
  const town = await startCanteen()
  await using _platform = town.platform
  const { agent, parent } = town
  const { activityId } = await addActivity(town)
  await enrol(town, parent, 'moreau-1', activityId, town.today)
  let monday = addDays(mondayOf(town.today), 7)
  while ((await cells(parent, monday)).length < 4) monday = addDays(monday, 7)
  const shown = await cells(parent, monday)
  await saveWeek(parent, monday, shown, [shown[0]?.key ?? '', shown[1]?.key ?? ''])
  const edit = `${APP}/gestion/activites/${activityId}/modifier`
  expect((await agent.get(edit, html)).text).toContain('value="Restauration"')
  const fields = { kind: 'canteen', firstDay: '2025-09-01', lastDay: '2027-12-31', openOn: 'school', limitKind: 'days-before', limitNumber: '60', limitAt: '09:00', cancel: 'never', late: 'refused', offerHours: '24', waitingList: 'true' }
  expect((await agent.submit(edit, { ...fields, name: 'Restauration scolaire', secondDays: ['5'] }, edit)).text).toContain('Pour ces jours, indiquez la règle')
  expect((await agent.submit(edit, { ...fields, name: 'Restauration scolaire', secondDays: ['5'], secondKind: 'days-before', secondNumber: '0', secondAt: '24:00' }, edit)).status).toBe(303)
  // Booked ones can be cancelled, Fridays booked until the day itself; of the others the new limit is over.
  expect((await cells(parent, monday)).map(({ day, booked }) => [day, booked])).toEqual([[monday, true], [addDays(monday, 1), true], [addDays(monday, 4), false]])
  expect((await parent.get(`${APP}/semaine?lundi=${monday}`, html)).text).toContain('60 jours avant')
  const act = (path: string) => agent.submit(`${APP}/gestion/activites/${activityId}/${path}`, {}, `${APP}/gestion/activites`)
  expect((await act('archiver')).status).toBe(303)
  expect((await agent.get(`${APP}/gestion/activites`, html)).text).toContain('Archivée')
  const archived = await cells(parent, monday)
  expect(archived.map(({ booked }) => booked)).toEqual([true, true])
  expect(await saveWeek(parent, monday, archived, [archived[1]?.key ?? ''])).toContain('Une modification est enregistrée')
  expect((await act('archiver')).status).toBe(404)
  expect((await act('retablir')).status).toBe(303)
  expect((await cells(parent, monday)).map(({ booked }) => booked)).toEqual([true, false])
  expect((await agent.get(`${APP}/gestion/activites/nothing/modifier`, html)).status).toBe(404)
})
