import { expect, test } from 'vitest'
import { addDays, mondayOf } from '@liberacces/sdk'
import { addActivity, APP, cells, enrol, html, saveWeek, startCanteen, type CanteenTown } from './booking-kit.ts'

/** The first week to come with four days of school. */
async function fullWeek({ parent, today }: CanteenTown): Promise<string> {
  let monday = addDays(mondayOf(today), 7)
  while ((await cells(parent, monday)).length < 4) monday = addDays(monday, 7)
  return monday
}

const FIELDS = { unitName: 'Repas Restauration', unitKind: 'meal', startsAt: '12:00', endsAt: '13:30', weekdays: ['1', '2', '4', '5'], withMeal: 'true' }

async function openUnit(town: CanteenTown, activity: Parameters<typeof addActivity>[1] = {}): Promise<{ readonly activityId: string; readonly edit: string }> {
  const { activityId } = await addActivity(town, activity)
  const edit = /\/apps\/cantine\/gestion\/prestations\/[0-9a-f-]{36}\/modifier/.exec((await town.agent.get(`${APP}/gestion/activites`, html)).text)?.[0] ?? ''
  return { activityId, edit }
}

test('a unit that loses a weekday cancels what was booked on it with the reason that the agent writes, and nothing before the agent wrote one; the rest stays', async () => {
  const town = await startCanteen()
  await using platform = town.platform
  const { agent, parent } = town
  const { activityId, edit } = await openUnit(town)
  await enrol(town, parent, 'moreau-1', activityId, town.today)
  await platform.settle()
  const monday = await fullWeek(town)
  const shown = await cells(parent, monday)
  await saveWeek(parent, monday, shown, shown.map(({ key }) => key))
  expect((await agent.get(edit, html)).text).toContain('value="Repas Restauration"')
  const before = platform.mails.length
  const asked = await agent.submit(edit, { ...FIELDS, weekdays: ['1', '2', '4'] })
  expect([asked.status, asked.text.includes('Une réservation à venir tombe un jour retiré')]).toEqual([422, true])
  expect((await cells(parent, monday)).filter(({ booked }) => booked)).toHaveLength(4)
  const done = await agent.submit(edit, { ...FIELDS, weekdays: ['1', '2', '4'], cancelReason: 'Le service du vendredi s’arrête.' })
  expect(done.status, done.text).toBe(303)
  await platform.settle()
  expect((await cells(parent, monday)).map(({ day, booked }) => [day, booked])).toEqual([[monday, true], [addDays(monday, 1), true], [addDays(monday, 3), true]])
  const [mail, ...more] = platform.mails.slice(before)
  expect([mail?.to, mail?.subject, more]).toEqual([['moreau@example.fr'], 'Réservations annulées\u00a0: Repas Restauration', []])
  expect(String(mail?.text)).toMatch(/– ven\. \d+ \S+\s: Repas Restauration[\s\S]*Motif\s: Le service du vendredi s’arrête\./)
  expect((await parent.get(`${APP}/`, html)).text).toContain('Le service du vendredi s’arrête.')
  // A last day ends it: the days after it are days of another time, said as such.
  expect((await agent.submit(edit, { ...FIELDS, weekdays: ['1', '2', '4'], unitLastDay: monday })).text).toContain('2 réservations à venir tombent un jour retiré')
  expect((await agent.submit(edit, { ...FIELDS, weekdays: ['1', '2', '4'], unitLastDay: monday, cancelReason: 'Fermé pour travaux' })).status).toBe(303)
  expect((await cells(parent, monday)).map(({ booked }) => booked)).toEqual([true])
  expect((await parent.get(`${APP}/semaine?lundi=${addDays(monday, 7)}`, html)).text).toContain('a lieu du')
  expect((await agent.get(`${APP}/gestion/activites`, html)).text).toMatch(/lundi, mardi, jeudi, de 12\u00a0h à 13\u00a0h\u00a030, jusqu’au/)
  const trail = await platform.platform.audit.list(platform.tenant().id, { limit: 100 })
  expect(trail.filter(({ action }) => action === 'unit.changed')).toHaveLength(2)
})

test('fewer places take nothing away, more are offered to who waits; what was booked is not counted otherwise afterwards', async () => {
  const town = await startCanteen()
  await using platform = town.platform
  const { agent, parent } = town
  const other = await platform.as('citizen', 'Petit')
  town.town.link('petit', platform.tenant().accountOf(other))
  const { activityId, edit } = await openUnit(town, { capacity: 1 })
  await enrol(town, parent, 'moreau-1', activityId, town.today)
  await enrol(town, other, 'petit-1', activityId, town.today)
  await platform.settle()
  const monday = await fullWeek(town)
  for (const family of [parent, other]) {
    const shown = await cells(family, monday)
    await saveWeek(family, monday, shown, [shown[0]?.key ?? ''])
  }
  expect((await agent.submit(edit, { ...FIELDS, capacity: '0' })).status).toBe(303)
  expect((await cells(parent, monday)).filter(({ booked }) => booked)).toHaveLength(1)
  const before = platform.mails.length
  expect((await agent.submit(edit, { ...FIELDS, capacity: '2' })).status).toBe(303)
  await platform.settle()
  expect(platform.mails.slice(before).map(({ to, subject }) => [to, subject])).toEqual([[['petit@example.fr'], 'Une place s’est libérée pour Jade']])
  expect((await agent.submit(edit, { ...FIELDS, unitKind: 'half-day' })).text).toContain('Cette prestation a déjà été réservée')
  expect((await agent.submit(edit, { ...FIELDS, startsAt: '14:00' })).text).toContain('La fin')
  expect((await agent.submit(edit.replace('modifier', 'supprimer'), {}, edit)).text).toContain('donnez-lui plutôt un dernier jour')
  expect((await parent.get(edit, html)).status).toBe(403)
  expect((await agent.get(edit.replace(/prestations\/[^/]+/, 'prestations/rien'), html)).status).toBe(404)
})

test('a unit by the hour keeps its hours once a day of it is past; one that nobody booked is deleted', async () => {
  const town = await startCanteen()
  await using platform = town.platform
  const { agent, parent } = town
  const { activityId } = await openUnit(town)
  expect((await agent.submit(`${APP}/gestion/activites/${activityId}/unites/ajouter`, { unitName: 'Garderie du soir', unitKind: 'hourly', startsAt: '16:30', endsAt: '18:30', weekdays: ['1', '2', '4', '5'] })).status).toBe(303)
  const list = (await agent.get(`${APP}/gestion/activites`, html)).text
  const [, hourly = ''] = [...list.matchAll(/\/apps\/cantine\/gestion\/prestations\/[0-9a-f-]{36}\/modifier/g)].map(([path]) => path)
  await enrol(town, parent, 'moreau-1', activityId, town.today)
  const monday = await fullWeek(town)
  const shown = await cells(parent, monday)
  const unitId = hourly.split('/').at(-2) ?? ''
  await saveWeek(parent, monday, shown, [shown.find(({ key }) => key.includes(unitId))?.key ?? ''])
  const fields = { unitName: 'Garderie du soir', unitKind: 'hourly', endsAt: '18:30', weekdays: ['1', '2', '4', '5'] }
  expect((await agent.submit(hourly, { ...fields, startsAt: '16:15' })).status).toBe(303)
  platform.outside.advance(Date.parse(`${addDays(monday, 7)}T08:00:00Z`) - platform.outside.now())
  const later = await platform.as(['agent.enfance'], 'Plus tard')
  expect((await later.submit(hourly, { ...fields, startsAt: '16:30' })).text).toContain('Des jours passés sont facturés à ces heures')
  expect((await later.submit(hourly, { ...fields, startsAt: '16:15', unitName: 'Garderie' })).status).toBe(303)
  // The meal was never booked.
  const meal = (/\/apps\/cantine\/gestion\/prestations\/[0-9a-f-]{36}\/supprimer/.exec((await later.get(`${APP}/gestion/activites`, html)).text)?.[0] ?? '')
  expect((await later.submit(meal, {}, `${APP}/gestion/activites`)).status).toBe(303)
  expect((await later.get(`${APP}/gestion/activites`, html)).text).not.toContain('Repas Restauration')
})
