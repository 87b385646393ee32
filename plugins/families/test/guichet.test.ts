import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startTestPlatform, type TestClient } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import type { ChildCard, HealthFlag, HouseholdCard } from '../src/contract.ts'
import plugin from '../src/plugin.tsx'
import { ask, heard, page, PDF, user } from './families-kit.ts'

const APP = '/apps/familles'
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
const upload = (name: string): File => new File([PDF], name, { type: 'application/pdf' })

/** A family goes through all steps, up to the recap. @returns where the request is */
async function fillIn(citizen: TestClient): Promise<string> {
  const started = await citizen.submit(`${APP}/inscription/commencer`, {}, `${APP}/inscription`)
  const base = started.headers['location']?.toString().replace(/\/foyer$/, '') ?? ''
  expect(base).toMatch(/^\/apps\/familles\/inscription\//)
  const step = async (path: string, fields: Parameters<TestClient['submit']>[1]): Promise<void> => {
    const answer = await citizen.submit(base + path, fields)
    expect(answer.status, answer.text).toBe(303)
  }
  await step('/foyer', { address: '12 rue du Port', postcode: '17440', town: 'Commune 1' })
  await step('/responsables/0', { firstName: 'Claire', lastName: 'Moreau', email: 'claire@example.fr', phone: '06 39 98 00 01' })
  await step('/enfants/0', { firstName: 'Zéphyrine', lastName: 'Moreau', birthDay: '2018-05-04', level: 'CE1' })
  await step('/enfants/0/sante', { allergens: ['peanuts', 'milk'], note: 'Stylo rangé au bureau bleu', hasPai: 'true', paiFirstDay: '2026-01-05', treatment: 'Adrénaline turquoise', protocol: upload('pai.pdf') })
  return base
}

test('a family registers step by step: what was filled in stays between two, the agent accepts, and all of it is there', async () => {
  heard.length = 0
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const [citizen, agent] = [await platform.as('citizen'), await platform.as('agent.enfance')]
  await agent.submit(`${APP}/gestion/ecoles/ajouter`, { name: 'École Jules-Ferry' })
  const schools = (await ask<{ id: string }[]>(agent, 'schools', {}))
  await agent.submit(`${APP}/gestion/ecoles/${schools[0]?.id}/classes/ajouter`, { className: 'CE1 A', level: 'CE1' })

  const base = await fillIn(citizen)
  // Another day, another session: the draft knows where it was left.
  expect((await page(citizen, `${base}`)).text).toContain('Étape 5 sur 6')
  // The form says whose record it is, also when it comes back.
  expect((await page(citizen, `${base}/enfants/0/sante`)).text).toContain('Pour Zéphyrine Moreau.')
  const wrong = await citizen.submit(`${base}/enfants/0/sante`, { childName: 'Zéphyrine Moreau', hasPai: 'true', paiFirstDay: '2026-03-02', paiLastDay: '2026-03-01' })
  expect([wrong.status, wrong.text.includes('Pour Zéphyrine Moreau.'), wrong.text.includes('ne peut pas précéder')]).toEqual([422, true, true])
  const send = () => citizen.submit(`${base}/envoyer`, {}, base)
  expect((await citizen.submit(`${base}/enfants/0/documents`, { kind: 'school-insurance', validUntil: '2026-08-31', file: upload('assurance.pdf') })).status).toBe(303)
  expect((await page(citizen, base)).text).toContain('relisez, puis envoyez')
  expect((await send()).status).toBe(303)
  expect((await citizen.submit(`${base}/foyer`, { address: 'Ailleurs', postcode: '75001', town: 'Paris' }, `${APP}/rattacher`)).status).toBe(404)

  const list = (await page(agent, `${APP}/gestion/demandes`)).text
  const request = /gestion\/demandes\/([\w-]+)"/.exec(list)?.[1] ?? ''
  const text = (await page(agent, `${APP}/gestion/demandes/${request}`)).text
  expect([text.includes('Zéphyrine Moreau'), text.includes('turquoise')]).toEqual([true, false])
  const accepted = await agent.submit(`${APP}/gestion/demandes/${request}/accepter`, {}, `${APP}/gestion/demandes/${request}`)
  expect(accepted.status, accepted.text).toBe(303)

  const [household] = await ask<HouseholdCard[]>(citizen, 'ownHouseholds', {})
  expect(household).toMatchObject({ name: 'Moreau', resident: true, guardians: [{ firstName: 'Claire', email: 'claire@example.fr' }], children: [{ firstName: 'Zéphyrine', className: 'CE1 A' }] })
  const child = household?.children[0] as ChildCard
  const [flag] = await ask<HealthFlag[]>(agent, 'healthFlags', { childIds: [child.id], purpose: 'meal-order', on: '2026-03-02' })
  expect(flag).toEqual({ childId: child.id, pai: true, allergens: ['peanuts', 'milk'] })
  expect(await ask(agent, 'healthFlags', { childIds: [child.id], purpose: 'attendance', on: '2026-03-02' })).toMatchObject([{ note: 'Stylo rangé au bureau bleu' }])
  const own = (await page(citizen, `${APP}/enfants/${child.id}`)).text
  expect(['Arachides', 'Adrénaline turquoise', 'Assurance scolaire'].filter((word) => !own.includes(word))).toEqual([])
  expect((await citizen.get(`${APP}/enfants/${child.id}/protocole`)).status).toBe(200)
  await platform.settle()
  expect(platform.mails).toMatchObject([{ to: ['claire@example.fr'], subject: 'Vos enfants sont inscrits' }])
  expect(heard.toSorted()).toEqual([`child ${child.id} created`, `household ${household?.id} created`])

  const trail = (await platform.platform.audit.list(platform.tenant().id, { limit: 100 })).map(({ action }) => action)
  expect(trail).toEqual(expect.arrayContaining(['health.flags-read', 'health.read', 'request.accepted', 'request.sent']))
})

test('a family sees its own and nothing of others; health is for who has that right, whatever else they hold', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user], demo: true })
  const [stranger, agent, regie, animation, admin] = [await platform.as('citizen'), await platform.as('agent.enfance'), await platform.as('agent.regie'), await platform.as('agent.animation'), await platform.as('tenant-admin')]
  const households = await ask<HouseholdCard[]>(agent, 'households', { limit: 5 })
  const [household] = households
  const child = household?.children[0] as ChildCard
  expect(await ask(stranger, 'ownHouseholds', {})).toEqual([])
  for (const [operation, input, none] of [['household', { id: household?.id }, null], ['child', { id: child.id }, null], ['quotient', { householdId: household?.id, on: '2026-03-02' }, null], ['payers', { childId: child.id, days: ['2026-03-02'] }, []]] as const) {
    expect([operation, await ask(stranger, operation, input)]).toEqual([operation, none])
  }
  for (const operation of ['households', 'children', 'healthFlags', 'pickUpPersons']) {
    const input = operation === 'healthFlags' ? { childIds: [child.id], purpose: 'children', on: '2026-03-02' } : operation === 'pickUpPersons' ? { childId: child.id, on: '2026-03-02' } : {}
    expect([operation, (await stranger.post(`/apps/usager/ask/${operation}`, input)).status]).toEqual([operation, 403])
  }
  const statuses = async (client: TestClient): Promise<readonly number[]> => Promise.all([`/gestion/foyers/${household?.id}`, `/gestion/enfants/${child.id}`, `/gestion/enfants/${child.id}/sante`, '/gestion/ecoles', `/enfants/${child.id}`].map(async (path) => (await page(client, APP + path)).status))
  expect(await statuses(agent)).toEqual([200, 200, 200, 200, 403])
  expect(await statuses(regie)).toEqual([200, 200, 403, 200, 403])
  expect(await statuses(animation)).toEqual([403, 200, 403, 200, 403])
  expect((await statuses(admin)).slice(0, 4)).toEqual([200, 200, 403, 200])
  expect(await statuses(stranger)).toEqual([403, 403, 403, 403, 404])
})

test('a code links an account to a guardian whom agents entered, once', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const [citizen, other, agent] = [await platform.as('citizen'), await platform.as('citizen', 'Autre'), await platform.as('agent.enfance')]
  const made = await agent.submit(`${APP}/gestion/foyers/ajouter`, { firstName: 'Paul', lastName: 'Petit', address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true' })
  const path = made.headers['location']?.toString() ?? ''
  const guardian = /gestion\/responsables\/([\w-]+)\/code/.exec((await page(agent, path)).text)?.[1] ?? ''
  await agent.submit(`${APP}/gestion/responsables/${guardian}/code`, {}, path)
  const code = /Code[\s\u00a0]*: ([A-Z0-9-]{14})/.exec((await page(agent, path)).text)?.[1] ?? ''
  expect((await citizen.submit(`${APP}/rattacher`, { code: 'AAAA-BBBB-CCCC' })).status).toBe(422)
  expect((await citizen.submit(`${APP}/rattacher`, { code: code.toLowerCase().replaceAll('-', ' ') })).status).toBe(303)
  expect((await other.submit(`${APP}/rattacher`, { code })).status).toBe(422)
  expect(await ask<HouseholdCard[]>(citizen, 'ownHouseholds', {})).toMatchObject([{ name: 'Petit' }])
})

test('personal data of a guardian is handed over, forgotten on demand, and the law’s part is said', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const tenant = platform.tenant()
  const [citizen, agent] = [await platform.as('citizen'), await platform.as('agent.enfance')]
  const base = await fillIn(citizen)
  await citizen.submit(`${base}/envoyer`, {}, base)
  const request = /gestion\/demandes\/([\w-]+)"/.exec((await page(agent, `${APP}/gestion/demandes`)).text)?.[1] ?? ''
  await agent.submit(`${APP}/gestion/demandes/${request}/accepter`, {}, `${APP}/gestion/demandes/${request}`)
  const subject = { id: tenant.accountOf(citizen), email: undefined, name: 'Claire' }
  const known = JSON.stringify((await platform.platform.privacy.export(tenant.id, subject, OPERATOR))[plugin.id])
  expect(['claire@example.fr', 'Zéphyrine', 'Adrénaline turquoise', '12 rue du Port'].filter((word) => !known.includes(word))).toEqual([])
  const erased = (await platform.platform.privacy.erase(tenant.id, subject, OPERATOR))[plugin.id]
  expect(erased).toMatchObject({ erased: expect.any(Number), kept: [{ because: { fr: expect.stringContaining('code') } }] })
  const after = JSON.stringify(await platform.platform.privacy.export(tenant.id, subject, OPERATOR))
  expect(after).not.toMatch(/claire@example|Zéphyrine/)
  expect(JSON.stringify(await ask(agent, 'households', {}))).not.toMatch(/claire@example/)
})

/** Every byte of the platform's files. */
async function bytesOf(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const texts = await Promise.all(names.filter((entry) => entry.isFile()).map(async (entry) => (await readFile(join(entry.parentPath, entry.name))).toString('latin1')))
  return texts.join('')
}

test.runIf(process.env['LIBERACCES_TEST_DATABASE'] !== 'postgres')('the bytes of the database file hold nothing of it', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const [citizen, agent] = [await platform.as('citizen'), await platform.as('agent.enfance')]
  const base = await fillIn(citizen)
  await citizen.submit(`${base}/envoyer`, {}, base)
  const request = /gestion\/demandes\/([\w-]+)"/.exec((await page(agent, `${APP}/gestion/demandes`)).text)?.[1] ?? ''
  const accepted = await agent.submit(`${APP}/gestion/demandes/${request}/accepter`, {}, `${APP}/gestion/demandes/${request}`)
  expect(accepted.headers['location']).toContain('/gestion/foyers/')
  const bytes = await bytesOf(platform.platform.config.dataFolder)
  // The household is there to be found, its health is not.
  expect(bytes.includes('12 rue du Port')).toBe(true)
  expect(['Adrénaline turquoise', 'bureau bleu', 'peanuts'].map((word) => Buffer.from(word).toString('latin1')).filter((word) => bytes.includes(word))).toEqual([])
})
