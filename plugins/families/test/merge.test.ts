import { startTestPlatform, type TestClient } from '@liberacces/certification/testing'
import { beforeEach, expect, test } from 'vitest'
import type { ChildCard, HouseholdCard } from '../src/contract.ts'
import plugin from '../src/plugin.tsx'
import { ask, merges, page, PDF, user } from './families-kit.ts'

const APP = '/apps/familles'

beforeEach(() => { merges.length = 0 })

type Fields = Readonly<Record<string, string>>

/** An agent with short words for what the pages do. */
function office(agent: TestClient) {
  const to = async (path: string, fields: Parameters<TestClient['submit']>[1], from?: string): Promise<string> => {
    const answer = await agent.submit(path, fields, from)
    expect(answer.status, answer.text).toBe(303)
    return String(answer.headers['location'])
  }
  return {
    to,
    household: (firstName: string, lastName: string, more: Fields = {}) => to(`${APP}/gestion/foyers/ajouter`, { firstName, lastName, address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true', ...more }),
    child: (household: string, firstName: string, birthDay = '2018-02-28', lastName = 'Moreau') => to(`${household}/enfants/ajouter`, { firstName, lastName, birthDay }),
    guardian: (household: string, firstName: string, lastName: string, more: Fields = {}) => to(`${household}/responsables/ajouter`, { firstName, lastName, mayBook: 'true', mayFetch: 'true', ...more }),
    merge: (stays: string, goes: string) => agent.submit(`${stays}/reunir/${idOf(goes)}`, {}, `${stays}/reunir/${idOf(goes)}`),
    compare: async (stays: string, goes: string) => (await page(agent, `${stays}/reunir/${idOf(goes)}`)).text,
    households: () => ask<HouseholdCard[]>(agent, 'households', {}),
    card: async (path: string) => ask<HouseholdCard>(agent, 'household', { id: idOf(path) }),
  }
}

const idOf = (path: string): string => path.split('/').at(-1) ?? ''

test('the same family, registered twice, becomes one: people, documents, health, class, consent and quotient, and others hear who became whom', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const client = await platform.as('agent.enfance')
  const agent = office(client)
  await agent.to(`${APP}/gestion/ecoles/ajouter`, { name: 'École Jules-Ferry' })
  const [school] = await ask<{ id: string }[]>(client, 'schools', {})
  await agent.to(`${APP}/gestion/ecoles/${school?.id}/classes/ajouter`, { className: 'CE1 A', level: 'CE1' })
  const [{ classes: [place] } = { classes: [] }] = await ask<{ classes: { id: string }[] }[]>(client, 'schools', {})

  // By the mairie: mother and one child. By the démarche: both parents, that child and another one, elsewhere.
  const stays = await agent.household('Claire', 'Moreau')
  const tom = await agent.child(stays, 'Tom')
  const goes = await agent.household('CLAIRE', 'Moréau', { address: '8 rue du Palais', postcode: '17000', town: 'La Rochelle', resident: 'false', email: 'claire@example.fr', phone: '06 39 98 00 01' })
  await agent.guardian(goes, 'Paul', 'Petit', { email: 'paul@example.fr' })
  const sameTom = await agent.child(goes, 'tom')
  const zoe = await agent.child(goes, 'Zoé', '2020-05-04')
  await agent.to(`${sameTom}/sante/modifier`, { allergens: ['milk'], shownOn: ['children'], hasPai: 'true', paiFirstDay: '2026-01-05', protocol: new File([PDF], 'pai.pdf', { type: 'application/pdf' }) })
  await agent.to(`${sameTom}/documents/ajouter`, { kind: 'school-insurance', file: new File([PDF], 'a.pdf', { type: 'application/pdf' }) })
  await agent.to(`${sameTom}/classe/${place?.id}`, {}, `${sameTom}/classe`)
  await agent.to(`${goes}/quotient`, { value: '512', month: '2026-02', fromDay: '2026-03-01' })

  // The page of alerts and the household itself lead there.
  expect((await page(client, `${APP}/gestion/alertes`)).text).toMatch(/Enfants inscrits dans deux foyers \(1\)/)
  expect((await page(client, `${stays}/reunir`)).text).toContain('Comparer avec Moréau – Petit')
  const text = await agent.compare(stays, goes)
  expect(['Les adresses diffèrent', 'Un seul des deux foyers réside', 'Zoé Moreau, naissance le 4 mai 2020', 'Rejoint le foyer', 'La même personne', 'Garder l’autre foyer', 'Réunir les deux foyers'].filter((words) => !text.includes(words))).toEqual([])
  expect(text).not.toMatch(/Lait|milk/)
  const merged = await agent.merge(stays, goes)
  expect([merged.status, merged.headers['location']?.toString().split('?')[0]]).toEqual([303, stays])
  await platform.settle()

  const card = await agent.card(stays)
  expect(card).toMatchObject({
    name: 'Moreau – Petit', resident: true,
    guardians: [{ firstName: 'Claire', email: 'claire@example.fr', phone: '06 39 98 00 01', address: '3 rue Pasteur' }, { firstName: 'Paul', address: '8 rue du Palais', town: 'La Rochelle' }],
    children: [{ id: idOf(tom), firstName: 'Tom', className: 'CE1 A' }, { id: idOf(zoe), firstName: 'Zoé' }],
  })
  expect((await agent.households()).map(({ id }) => id)).toEqual([idOf(stays)])
  expect((await page(client, goes)).status).toBe(404)
  expect((await page(client, sameTom)).status).toBe(404)
  expect((await page(client, tom)).text).toContain('Assurance scolaire')
  expect((await page(client, `${tom}/sante`)).text).toContain('Lait')
  expect((await client.get(`${tom}/sante/protocole`)).status).toBe(200)
  expect(await ask(client, 'quotient', { householdId: idOf(stays), on: '2026-03-02' })).toMatchObject({ value: 512 })
  expect((await page(client, `${APP}/gestion?nom=paul`)).text).toContain('Moreau – Petit')
  // Zoé was paid for by Claire, and is.
  expect(await ask(client, 'payers', { childId: idOf(zoe), days: ['2026-03-02'] })).toEqual([{ day: '2026-03-02', payers: [{ guardianId: card.guardians[0]?.id, share: 10_000 }] }])
  expect(merges).toEqual([{ householdId: idOf(stays), mergedId: idOf(goes), guardians: [{ from: expect.any(String), to: card.guardians[0]?.id }], children: [{ from: idOf(sameTom), to: idOf(tom) }] }])
  const trail = await platform.platform.audit.list(platform.tenant().id, { limit: 100 })
  expect(trail.find(({ action }) => action === 'household.merged')).toMatchObject({ target: idOf(stays) })
  // A second press finds nothing to merge.
  expect((await agent.to(`${APP}/gestion/ecoles/ajouter`, { name: 'Autre' })) && (await client.submit(`${stays}/reunir/${idOf(goes)}`, {}, `${stays}/reunir`)).status).toBe(404)
})

test('what contradicts itself is refused with its reason, and nothing is half merged; who is settled by an agent can be merged then', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const client = await platform.as('agent.enfance')
  const agent = office(client)
  const stays = await agent.household('Claire', 'Moreau')
  const tom = await agent.child(stays, 'Tom')
  const goes = await agent.household('Paul', 'Petit', { email: 'paul@example.fr' })
  const sameTom = await agent.child(goes, 'Tom')
  const before = await agent.households()
  const refused = async (words: string): Promise<void> => {
    expect(await agent.compare(stays, goes)).toContain(words)
    const answer = await agent.to(stays + '/modifier', { address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true' }).then(() => client.submit(`${stays}/reunir/${idOf(goes)}`, {}, `${stays}/reunir`))
    expect([answer.status, answer.text.includes(words)]).toEqual([422, true])
    expect(await agent.households()).toEqual(before)
  }
  // Separated parents, each with a household: nobody said who pays.
  await refused('Les deux foyers ne disent pas la même chose de qui paie pour Tom Moreau')
  await agent.to(`${tom}/sante/modifier`, { allergens: ['milk'], shownOn: ['children'] })
  await agent.to(`${sameTom}/sante/modifier`, { allergens: ['milk', 'nuts'], shownOn: ['children'] })
  await refused('Les deux fiches sanitaires de Tom Moreau ne disent pas la même chose')
  await agent.to(`${tom}/sante/modifier`, { allergens: ['milk', 'nuts'], shownOn: ['children'] })
  // As the reason says: the other parent joins the household that stays, and a rule says who pays.
  await agent.guardian(stays, 'Paul', 'Petit')
  await agent.to(`${stays}/garde`, { startsOn: '2026-03-01', custodyKind: 'alternating', evenWeeks: 'first', handoverWeekday: '1', firstShare: '50' })
  expect(await agent.compare(stays, goes)).not.toContain('ne peuvent pas encore être réunis')
  expect((await agent.merge(stays, goes)).status).toBe(303)
  const card = await agent.card(stays)
  expect(card.guardians.map(({ firstName, email }) => [firstName, email])).toEqual([['Claire', undefined], ['Paul', 'paul@example.fr']])
  const payers = await ask<{ payers: { guardianId: string }[] }[]>(client, 'payers', { childId: idOf(tom), days: ['2026-03-02', '2026-03-09'] })
  expect(payers.map(({ payers: [only] }) => only?.guardianId)).toEqual(card.guardians.map(({ id }) => id))
})

test('two accounts of one person, and people who cannot be told apart, are for an agent to settle; likely ones are named', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const client = await platform.as('agent.enfance')
  const agent = office(client)
  const [one, two] = [await agent.household('Claire', 'Moreau'), await agent.household('Claire', 'Moreau')]
  for (const [path, name] of [[one, 'Une'], [two, 'Deux']] as const) {
    const guardian = (await agent.card(path)).guardians[0]?.id
    await agent.to(`${APP}/gestion/responsables/${guardian}/code`, {}, path)
    const code = /Code(?:\s|&nbsp;)*: ([A-Z0-9-]{14})/.exec((await page(client, path)).text)?.[1] ?? ''
    expect((await (await platform.as('citizen', name)).submit(`${APP}/rattacher`, { code })).status).toBe(303)
  }
  expect(await agent.compare(one, two)).toContain('Claire Moreau a un compte dans chaque foyer')
  const [three, four] = [await agent.household('Luc', 'Roux', { phone: '06 39 98 00 02' }), await agent.household('Lucas', 'Roux', { phone: '0639980002' })]
  await agent.guardian(three, 'Anne', 'Roux')
  await agent.guardian(three, 'Anne', 'Roux')
  await agent.guardian(four, 'Anne', 'Roux')
  await agent.child(three, 'Zoé', '2019-01-01', 'Roux')
  await agent.child(four, 'Zoé', '2019-01-02', 'Roux')
  const text = await agent.compare(three, four)
  expect(['Plusieurs responsables peuvent être Anne Roux', 'Lucas Roux a le courriel ou le téléphone', 'Zoé Roux ressemble à un enfant'].filter((words) => !text.includes(words))).toEqual([])
  expect((await page(client, `${three}/reunir/${idOf(three)}`)).status).toBe(404)
  expect((await page(client, `${three}/reunir/rien`)).status).toBe(404)
  expect((await page(await platform.as('agent.regie'), `${three}/reunir`)).status).toBe(403)
})

test('children that only one household knew are paid for as before, by whom it was', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const client = await platform.as('agent.enfance')
  const agent = office(client)
  const stays = await agent.household('Claire', 'Moreau')
  await agent.guardian(stays, 'Paul', 'Petit')
  await agent.to(`${stays}/garde`, { startsOn: '2026-02-01', custodyKind: 'shared', evenWeeks: 'first', handoverWeekday: '5', firstShare: '60' })
  const tom = await agent.child(stays, 'Tom')
  const goes = await agent.household('Paul', 'Petit')
  const zoe = await agent.child(goes, 'Zoé', '2020-05-04', 'Petit')
  const days = ['2021-01-01', '2026-03-02']
  const payersOf = async (child: string) => (await ask<{ payers: { guardianId: string; share: number }[] }[]>(client, 'payers', { childId: idOf(child), days })).map(({ payers }) => payers)
  const before = await payersOf(tom)
  const paul = (await agent.card(stays)).guardians[1]?.id
  expect((await agent.merge(stays, goes)).status).toBe(303)
  expect(await payersOf(tom)).toEqual(before)
  expect(await payersOf(zoe)).toEqual([[{ guardianId: paul, share: 10_000 }], [{ guardianId: paul, share: 10_000 }]])
  expect((await page(client, stays)).text.replaceAll(/&nbsp;|[\u00A0\u202F]/g, ' ')).toContain('Zoé : À partir du 4 mai 2020, Paul Petit paie tout.')
  const periods = await ask<{ childId: string; payers: unknown }[]>(client, 'payerPeriods', { childIds: [idOf(zoe)], from: '2026-01-01', to: '2026-03-31' })
  expect(periods).toEqual([{ childId: idOf(zoe), from: '2026-01-01', to: '2026-03-31', payers: [{ guardianId: paul, share: 10_000 }] }])
})

test('a request with a child that is known says so before it is accepted', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const [client, citizen] = [await platform.as('agent.enfance'), await platform.as('citizen')]
  const agent = office(client)
  const stays = await agent.household('Claire', 'Moreau')
  const zoe = await agent.child(stays, 'Zoé', '2018-05-04')
  const started = await citizen.submit(`${APP}/inscription/commencer`, {}, `${APP}/inscription`)
  const base = String(started.headers['location']).replace(/\/foyer$/, '')
  for (const [path, fields] of [['/foyer', { address: '12 rue du Port', postcode: '17440', town: 'Aytré' }], ['/responsables/0', { firstName: 'Claire', lastName: 'Moreau' }], ['/enfants/0', { firstName: 'zoe', lastName: 'MOREAU', birthDay: '2018-05-04', level: 'CE1' }], ['/enfants/0/sante', {}]] as const) expect((await citizen.submit(base + path, fields)).status, path).toBe(303)
  expect((await citizen.submit(`${base}/envoyer`, {}, base)).status).toBe(303)
  const request = /gestion\/demandes\/([\w-]+)"/.exec((await page(client, `${APP}/gestion/demandes`)).text)?.[1] ?? ''
  expect((await page(client, `${APP}/gestion/demandes/${request}`)).text).toContain('La commune connaît déjà ces enfants')
  const goes = (await agent.to(`${APP}/gestion/demandes/${request}/accepter`, {}, `${APP}/gestion/demandes/${request}`)).split('?')[0] ?? ''
  // The account of the request reads of one child more than it entered.
  await agent.child(stays, 'Tom')
  const compared = await agent.compare(stays, goes)
  expect(compared).toContain('Claire Moreau lira sur son compte')
  // It comes along: the parent sees the family that the mairie knew.
  expect((await agent.merge(stays, goes)).status).toBe(303)
  expect(await ask<HouseholdCard[]>(citizen, 'ownHouseholds', {})).toMatchObject([{ id: idOf(stays), children: [{ firstName: 'Tom' }, { id: idOf(zoe) }] }])
  expect((await ask<ChildCard[]>(client, 'children', {})).map(({ firstName }) => firstName)).toEqual(['Tom', 'Zoé'])
})
