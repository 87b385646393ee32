import { startTestPlatform, type TestClient } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import type { ChildCard, HouseholdCard, SchoolCard } from '../src/contract.ts'
import plugin from '../src/plugin.tsx'
import { ask, page, PDF, user } from './families-kit.ts'

const APP = '/apps/familles'
const DAY_MS = 86_400_000
const pathOf = async (answer: Promise<{ readonly status: number; readonly text: string; readonly headers: Readonly<Record<string, unknown>> }>): Promise<string> => {
  const { status, text, headers } = await answer
  expect(status, text).toBe(303)
  return String(headers['location'])
}
const household = (agent: TestClient, lastName: string): Promise<string> => pathOf(agent.submit(`${APP}/gestion/foyers/ajouter`, { firstName: 'Claire', lastName, address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true' }))

test('an agent enters a household, says who pays in which week, and nobody who is named in a rule goes', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const agent = await platform.as('agent.enfance')
  const path = await household(agent, 'Moreau')
  const child = (await pathOf(agent.submit(`${path}/enfants/ajouter`, { firstName: 'Tom', lastName: 'Moreau', birthDay: '2018-02-28' }))).split('/').at(-1) ?? ''
  expect((await agent.submit(`${path}/enfants/ajouter`, { firstName: 'Tom', lastName: 'Moreau', birthDay: '2027-02-28' })).text).toContain('Cette date est à venir')
  expect((await agent.submit(`${path}/garde`, { startsOn: '2026-03-01', custodyKind: 'alternating', evenWeeks: 'first', handoverWeekday: '1', firstShare: '50' })).text).toContain('Il faut deux responsables')
  await pathOf(agent.submit(`${path}/responsables/ajouter`, { firstName: 'Paul', lastName: 'Petit', mayBook: 'true', mayFetch: 'true' }))
  await pathOf(agent.submit(`${path}/garde`, { startsOn: '2026-03-01', custodyKind: 'alternating', evenWeeks: 'second', handoverWeekday: '1', firstShare: '50' }))
  const [card] = await ask<HouseholdCard[]>(agent, 'households', {})
  expect(card?.name).toBe('Moreau – Petit')
  const [mother, father] = card?.guardians.map(({ id }) => id) ?? []
  const payers = (days: readonly string[]) => ask<{ day: string; payers: { guardianId: string; share: number }[] }[]>(agent, 'payers', { childId: child, days })
  // Monday 2 March 2026 begins week 10, an even one.
  expect((await payers(['2026-02-27', '2026-03-02', '2026-03-08', '2026-03-09'])).map(({ payers: [only] }) => only?.guardianId)).toEqual([mother, father, father, mother])
  await pathOf(agent.submit(`${path}/garde`, { startsOn: '2026-04-01', custodyKind: 'shared', evenWeeks: 'first', handoverWeekday: '5', firstShare: '60' }))
  expect((await payers(['2026-04-01']))[0]?.payers).toEqual([{ guardianId: mother, share: 6_000 }, { guardianId: father, share: 4_000 }])
  const people = async () => (await ask<{ name: string }[]>(agent, 'pickUpPersons', { childId: child, on: '2026-03-02' })).map(({ name }) => name)
  const at = `${APP}/gestion/enfants/${child}`
  expect((await agent.submit(`${at}/personnes/ajouter`, { name: 'Mamie Rose', relation: 'Grand-mère', firstDay: '2026-03-02', lastDay: '2026-03-01' })).text).toContain('ne peut pas précéder')
  await pathOf(agent.submit(`${at}/personnes/ajouter`, { name: 'Mamie Rose', relation: 'Grand-mère', phone: '06 39 98 00 09' }))
  expect(await people()).toContain('Mamie Rose')
  const person = /personnes\/([\w-]+)\/retirer/.exec((await page(agent, at)).text)?.[1] ?? ''
  await pathOf(agent.submit(`${at}/personnes/${person}/retirer`, {}, at))
  expect(await people()).not.toContain('Mamie Rose')
  const remove = (id: string | undefined) => agent.submit(`${APP}/gestion/responsables/${id}/retirer`, {}, path)
  expect((await remove(father)).text).toContain('retirez d’abord la règle')
  expect((await ask<{ name: string }[]>(agent, 'pickUpPersons', { childId: child, on: '2026-03-02' })).map(({ name }) => name)).toEqual(['Claire Moreau', 'Paul Petit'])
  expect((await page(agent, `${APP}/gestion?nom=petit%20tom`)).text).toContain('Moreau – Petit')
  expect((await page(agent, `${APP}/gestion?nom=100%25`)).text).toContain('Aucun foyer ne correspond')
})

test('in September every child moves up, once, and events say so; who leaves or has to be placed is counted', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user], demo: true })
  const agent = await platform.as('agent.enfance')
  const before = await ask<ChildCard[]>(agent, 'children', {})
  const schools = await ask<SchoolCard[]>(agent, 'schools', {})
  const levelOf = new Map(schools.flatMap(({ classes }) => classes.map(({ id, level }) => [id, level] as const)))
  const leaving = before.filter(({ classId }) => levelOf.get(classId ?? '') === 'CM2').length
  expect((await page(agent, `${APP}/gestion/rentree`)).text).toContain(`${220 - leaving} passages, ${leaving} départs`)
  await pathOf(agent.submit(`${APP}/gestion/rentree/passer`, {}, `${APP}/gestion/rentree`))
  const after = await ask<ChildCard[]>(agent, 'children', { on: '2026-09-01' })
  expect(after.filter(({ classId }) => classId === undefined)).toHaveLength(leaving)
  const gs = before.find(({ classId }) => levelOf.get(classId ?? '') === 'GS')
  expect([levelOf.get(after.find(({ id }) => id === gs?.id)?.classId ?? ''), (await ask<ChildCard>(agent, 'child', { id: gs?.id, on: '2026-08-31' })).className]).toEqual(['CP', 'Grande section'])
  expect((await page(agent, `${APP}/gestion/rentree`)).text).toContain('Aucun passage')
})

test('an import brings nothing where a line is faulty, or the good lines, as chosen; each faulty line is told', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const agent = await platform.as('agent.enfance')
  const lines = ['Foyer;Nom de l’enfant;Prénom de l’enfant;Date de naissance;École;Classe;Nom du responsable 1;Prénom du responsable 1', '1;Roy;Zoé;29/02/2020;;;Roy;Anne', '2;Fine;Ève;31/02/2019;Plage;CP;Fine;Luc']
  const file = () => new File([lines.join('\n')], 'enfants.csv', { type: 'text/csv' })
  const report = await page(agent, await pathOf(agent.submit(`${APP}/gestion/importer`, { csv: file(), onFault: 'nothing' })))
  expect(['Aucun enfant importé, une ligne fautive', 'Date de naissance', 'n’est pas une date', 'Cette école n’existe pas'].filter((text) => !report.text.includes(text))).toEqual(['Cette école n’existe pas'])
  expect(await ask(agent, 'children', {})).toEqual([])
  const second = await page(agent, await pathOf(agent.submit(`${APP}/gestion/importer`, { csv: file(), onFault: 'good-lines' })))
  expect(second.text).toContain('Un enfant importé, une ligne fautive')
  expect(await ask(agent, 'children', {})).toMatchObject([{ firstName: 'Zoé', birthDay: '2020-02-29' }])
  const csv = await agent.get(`${APP}/gestion/export/enfants.csv`)
  expect([csv.status, csv.text.includes('Roy;Zoé;2020-02-29')]).toEqual([200, true])
  expect((await (await platform.as('agent.animation')).get(`${APP}/gestion/export/enfants.csv`)).status).toBe(403)
})

test('a file as long as one may be is read by itself, once, however often it is asked for; all its faulty lines are told, page by page and as a file', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const agent = await platform.as('agent.enfance')
  const lines = Array.from({ length: 1_500 }, (_, index) => `${index};Nom;Enfant ${index};${index % 10 === 0 ? '31/02/2019' : '01/03/2019'};;;Nom;Parent ${index}`)
  const text = ['Foyer;Nom de l’enfant;Prénom de l’enfant;Date de naissance;École;Classe;Nom du responsable 1;Prénom du responsable 1', ...lines].join('\n')
  const path = await pathOf(agent.submit(`${APP}/gestion/importer`, { csv: new File([text], 'enfants.csv', { type: 'text/csv' }), onFault: 'good-lines' }))
  expect((await page(agent, path)).text).toMatch(/Le fichier se lit|enfants importés/)
  await platform.settle()
  const [first, second] = [await page(agent, path), await page(agent, `${path}?page=2`)]
  const tight = ({ text }: { readonly text: string }): string => text.replaceAll(/&nbsp;|\s/g, '')
  expect([tight(first).includes('1350enfantsimportés,150lignesfautives'), tight(first).includes('>1492<'), tight(second).includes('>1492<')]).toEqual([true, false, true])
  expect((await agent.get(`${path}/anomalies.csv`)).text.trim().split('\r\n')).toHaveLength(151)
  expect((await (await platform.as('agent.animation')).get(`${path}/anomalies.csv`)).status).toBe(403)
})

test('alerts name the households without quotient and the documents that are over; who looked at a document is told to the family', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const [agent, citizen] = [await platform.as('agent.enfance', 'Agnès Morin'), await platform.as('citizen')]
  const path = await household(agent, 'Moreau')
  const child = await pathOf(agent.submit(`${path}/enfants/ajouter`, { firstName: 'Tom', lastName: 'Moreau', birthDay: '2018-02-28' }))
  await pathOf(agent.submit(`${child}/documents/ajouter`, { kind: 'school-insurance', validUntil: '2026-02-28', file: new File([PDF], 'a.pdf', { type: 'application/pdf' }) }))
  const alerts = (await page(agent, `${APP}/gestion/alertes`)).text
  expect(['Foyers sans quotient familial (1)', 'bientôt terminés (1)', 'Assurance scolaire'].filter((text) => !alerts.includes(text))).toEqual([])
  await pathOf(agent.submit(`${path}/quotient`, { value: '0', month: '2026-02', fromDay: '2026-03-02' }))
  expect((await page(agent, `${APP}/gestion/alertes`)).text).toContain('Foyers sans quotient familial (0)')
  expect((await agent.submit(`${path}/quotient`, { value: '-1', month: '2026-13', fromDay: '2026-03-02' })).status).toBe(422)

  const document = /gestion\/documents\/([\w-]+)"/.exec((await page(agent, child)).text)?.[1] ?? ''
  expect((await agent.get(`${APP}/gestion/documents/${document}`)).status).toBe(200)
  const guardian = /gestion\/responsables\/([\w-]+)\/code/.exec((await page(agent, path)).text)?.[1] ?? ''
  await agent.submit(`${APP}/gestion/responsables/${guardian}/code`, {}, path)
  const code = /Code[\s\u00a0]*: ([A-Z0-9-]{14})/.exec((await page(agent, path)).text)?.[1] ?? ''
  await citizen.submit(`${APP}/rattacher`, { code })
  const own = (await page(citizen, child.replace('/gestion', ''))).text
  expect(own).toContain('Agnès Morin, 2 mars 2026')
  expect((await citizen.get(`${APP}/documents/${document}`)).status).toBe(200)
  expect((await (await platform.as('citizen', 'Autre')).get(`${APP}/documents/${document}`)).status).toBe(404)
})

test('a child is let go of three years after its last school year, with health record and documents, and its household after ten', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const agent = await platform.as('agent.enfance')
  const path = await household(agent, 'Moreau')
  const child = await pathOf(agent.submit(`${path}/enfants/ajouter`, { firstName: 'Tom', lastName: 'Moreau', birthDay: '2018-02-28' }))
  await pathOf(agent.submit(`${child}/sante/modifier`, { allergens: ['milk'], shownOn: ['children'] }))
  const there = async () => { const reader = await platform.as('agent.enfance', 'Lecteur'); return [(await ask<unknown[]>(reader, 'children', {})).length, (await ask<unknown[]>(reader, 'households', {})).length] }
  await platform.advance(1_090 * DAY_MS)
  expect(await there()).toEqual([1, 1])
  await platform.advance(10 * DAY_MS)
  expect(await there()).toEqual([0, 1])
  await platform.advance(3_700 * DAY_MS)
  expect(await there()).toEqual([0, 0])
})
