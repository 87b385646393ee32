import { startTestPlatform, type TestAnswer, type TestClient } from '@liberacces/certification/testing'
import { definePlugin, type EventData, type PrivacySubject } from '@liberacces/sdk'
import { describe, expect, test } from 'vitest'
import { ItemReturned } from '../src/contract.ts'
import plugin from '../src/plugin.tsx'

const APP = '/apps/objets-trouves'
const DAY_MS = 86_400_000
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
// The clock of the test kit stands at 2 March 2026.
const UMBRELLA = { label: 'Parapluie noir', category: 'other', foundOn: '2026-03-01', foundPlace: 'Médiathèque', details: 'Manche gravé', finderName: 'Anne Roy', finderEmail: 'Anne@exemple.fr' } as const

const page = (client: TestClient, path: string): Promise<TestAnswer> => client.get(APP + path, { headers: { accept: 'text/html' } })
const record = (agent: TestClient, fields: Parameters<TestClient['submit']>[1] = {}): Promise<TestAnswer> => agent.submit(`${APP}/gestion/nouveau`, { ...UMBRELLA, ...fields })
const items = async (client: TestClient, query = ''): Promise<readonly { readonly id: string; readonly label: string }[]> => (await client.get(`${APP}/api/items${query}`)).json()
const giveBack = (agent: TestClient, id: string): Promise<TestAnswer> => agent.submit(`${APP}/gestion/objets/${id}/rendre`, {}, `${APP}/gestion/nouveau`)

describe('the register', () => {
  test('is for agents; a visitor is led to the login, a citizen is refused', async () => {
    await using platform = await startTestPlatform({ plugins: [plugin] })
    const statuses = async (client: TestClient): Promise<readonly number[]> => [(await page(client, '/gestion')).status, (await page(client, '/gestion/nouveau')).status]
    expect(await statuses(await platform.as('agent'))).toEqual([200, 200])
    expect(await statuses(await platform.as('citizen'))).toEqual([403, 403])
    expect(await statuses(platform.tenant().visitor)).toEqual([303, 303])
  })

  test('takes an item in, and says what is wrong with one', async () => {
    await using platform = await startTestPlatform({ plugins: [plugin] })
    const agent = await platform.as('agent')
    const refused = await record(agent, { foundOn: '2026-03-03', finderEmail: 'anne' })
    expect([refused.status, refused.text.includes('value="Parapluie noir"')]).toEqual([422, true])
    const future = await record(agent, { foundOn: '2026-03-03' })
    expect([future.status, future.text.includes('Indiquez une date passée')]).toEqual([422, true])
    expect((await record(agent)).headers['location']).toBe(`${APP}/gestion`)
    const { text } = await page(agent, '/gestion')
    expect(['L’objet est enregistré.', 'Manche gravé', 'Anne Roy, anne@exemple.fr', '2 mars 2027'].filter((each) => !text.includes(each))).toEqual([])
  })
})

describe('everyone', () => {
  test('finds an item without accents or case, and reads nothing that proves ownership', async () => {
    await using platform = await startTestPlatform({ plugins: [plugin], tenants: 2 })
    const { visitor } = platform.tenant()
    await record(await platform.as('agent'))
    expect(await items(visitor, '?q=MEDIATHEQUE+parapluie')).toMatchObject([{ label: 'Parapluie noir' }])
    expect(await items(visitor, '?q=%25')).toHaveLength(1)
    expect(await items(visitor, '?q=valise')).toEqual([])
    const { text } = await page(visitor, '/?q=parapluie')
    expect(['Parapluie noir', '1 objet à réclamer', 'Manche', 'Anne'].map((each) => text.includes(each))).toEqual([true, true, false, false])
    expect(await items(platform.tenant(1).visitor)).toEqual([])
  })

  test('no longer sees an item when its time is over, by the setting of the day it was recorded', async () => {
    await using platform = await startTestPlatform({ plugins: [plugin] })
    const { id: tenantId, visitor } = platform.tenant()
    await platform.platform.settings.set(tenantId, plugin.id, { daysKept: 3 }, OPERATOR)
    await record(await platform.as('agent'))
    await platform.platform.settings.set(tenantId, plugin.id, { daysKept: 100 }, OPERATOR)
    await platform.advance(2 * DAY_MS)
    expect(await items(visitor)).toHaveLength(1)
    await platform.advance(DAY_MS)
    expect(await items(visitor)).toEqual([])
  })
})

describe('an item given back', () => {
  test('leaves the public list, is announced once, and cannot be given back twice', async () => {
    const heard: EventData<typeof ItemReturned>[] = []
    const listener = definePlugin()({
      id: 'org.example.listener', version: '1.0.0', path: 'listener', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Écoute' }, publisher: { name: 'Test', contact: 'test' },
      runtime: 'inline', scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} },
      setup(k) { k.on(ItemReturned, async (_c, { data }) => { heard.push(data) }) },
    })
    await using platform = await startTestPlatform({ plugins: [plugin, listener] })
    const agent = await platform.as('agent')
    await record(agent)
    const id = (await items(agent))[0]?.id ?? ''
    expect((await giveBack(agent, id)).status).toBe(303)
    expect((await giveBack(agent, id)).text).toContain('Cet objet a déjà été rendu.')
    expect((await giveBack(agent, 'unknown')).status).toBe(404)
    expect((await giveBack(await platform.as('citizen'), id)).status).toBe(403)
    await platform.settle()
    expect(heard).toMatchObject([{ id, category: 'other' }])
    expect(await items(agent)).toEqual([])
    expect((await page(agent, '/gestion')).text).not.toContain('Anne Roy')
  })
})

describe('the finder', () => {
  const ANNE: PrivacySubject = { id: 'any', email: 'anne@exemple.fr', name: 'Anne Roy' }

  test('is forgotten when the time of the item is over, also when the platform crashed meanwhile', async () => {
    await using platform = await startTestPlatform({ plugins: [plugin] })
    const { id: tenantId } = platform.tenant()
    const known = async (): Promise<unknown> => (await platform.platform.privacy.export(tenantId, ANNE, OPERATOR))[plugin.id]?.data['items']
    await record(await platform.as('agent'))
    await platform.crash()
    await platform.advance(365 * DAY_MS)
    expect(await known()).toMatchObject([{ label: 'Parapluie noir', finder_name: 'Anne Roy' }])
    await platform.advance(DAY_MS)
    expect(await known()).toEqual([])
  })

  test('gets a copy of what is known, and is erased on demand; the item stays', async () => {
    await using platform = await startTestPlatform({ plugins: [plugin] })
    const { id: tenantId, visitor } = platform.tenant()
    await record(await platform.as('agent'))
    expect(await platform.platform.privacy.erase(tenantId, { ...ANNE, email: undefined }, OPERATOR)).toEqual({ [plugin.id]: { erased: 0 } })
    expect(await platform.platform.privacy.erase(tenantId, ANNE, OPERATOR)).toEqual({ [plugin.id]: { erased: 1 } })
    expect(await platform.platform.privacy.export(tenantId, ANNE, OPERATOR)).toEqual({ [plugin.id]: { data: { items: [] } } })
    expect(await items(visitor)).toHaveLength(1)
  })
})

test('the demonstration fills list, tile and Guichet', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin], demo: true })
  expect(await items(platform.tenant().visitor)).toHaveLength(7)
  const home = await platform.tenant().visitor.get('/', { headers: { accept: 'text/html' } })
  expect(home.text).toContain('Chercher un objet perdu')
  const bureau = await (await platform.as('agent')).get('/bureau', { headers: { accept: 'text/html' } })
  expect(bureau.text).toMatch(/<strong>7<\/strong> objets à réclamer/)
})
