import { startTestPlatform, type TestAnswer, type TestClient } from '@liberacces/certification/testing'
import { definePlugin } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { RequestDecided } from '../src/contract.ts'
import plugin from '../src/plugin.tsx'

const APP = '/apps/occupation-voirie'
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
const DAY_MS = 86_400_000
// The clock of the test kit stands at 2 March 2026.
const SCAFFOLDING = { purpose: 'scaffolding', place: '12 rue du Port', fromDay: '2026-03-20', toDay: '2026-03-25', details: 'Six mètres', email: 'Anne@exemple.fr' }
const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')

const page = (client: TestClient, path: string): Promise<TestAnswer> => client.get(APP + path, { headers: { accept: 'text/html' } })
const ask = (citizen: TestClient, fields: Parameters<TestClient['submit']>[1] = {}): Promise<TestAnswer> => citizen.submit(`${APP}/demander`, { ...SCAFFOLDING, ...fields })
const requestIn = async (agent: TestClient): Promise<string> => /gestion\/demandes\/([\w-]+)"/.exec((await page(agent, '/gestion')).text)?.[1] ?? ''
const decide = (agent: TestClient, id: string, fields: Parameters<TestClient['submit']>[1]): Promise<TestAnswer> => agent.submit(`${APP}/gestion/demandes/${id}/decider`, fields)

test('from the form to the decision: the citizen reads it on the page and in a mail, others hear of it once', async () => {
  const heard: unknown[] = []
  const listener = definePlugin()({
    id: 'org.example.listener', version: '1.0.0', path: 'listener', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Écoute' }, publisher: { name: 'Test', contact: 'test' },
    scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} }, setup(k) { k.on(RequestDecided, async (_c, { data }) => { heard.push(data) }) },
  })
  await using platform = await startTestPlatform({ plugins: [plugin, listener] })
  const [citizen, agent] = [await platform.as('citizen'), await platform.as('agent')]
  expect((await ask(citizen)).headers['location']).toBe(`${APP}/`)
  expect((await page(citizen, '/')).text).toContain('En cours d’instruction')
  expect((await agent.get('/bureau', { headers: { accept: 'text/html' } })).text).toMatch(/<strong>1<\/strong> demande à traiter/)

  const id = await requestIn(agent)
  expect((await decide(agent, id, { decision: 'refused' })).text).toContain('Indiquez le motif du refus')
  expect((await decide(agent, id, { decision: 'refused', reason: 'Rue trop étroite' })).status).toBe(303)
  expect((await decide(agent, id, { decision: 'granted' })).text).toContain('Une décision a déjà été prise')
  expect((await decide(agent, 'unknown', { decision: 'granted' })).status).toBe(404)
  const { text } = await page(citizen, '/')
  expect(['Refusée', 'Rue trop étroite'].filter((each) => !text.includes(each))).toEqual([])
  await platform.settle()
  expect(platform.mails).toMatchObject([{ to: ['anne@exemple.fr'], subject: 'Votre demande d’autorisation de voirie est refusée', text: expect.stringContaining('Rue trop étroite') }])
  expect(heard).toMatchObject([{ id, decision: 'refused' }])
})

test('what does not fit is said field by field, and nothing that was typed is lost', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin] })
  const citizen = await platform.as('citizen')
  const past = await ask(citizen, { fromDay: '2026-03-01' })
  expect([past.status, past.text.includes('une date à venir'), past.text.includes('value="12 rue du Port"')]).toEqual([422, true, true])
  expect((await ask(citizen, { toDay: '2026-03-19' })).text).toContain('ne peut pas précéder')
  expect((await ask(citizen, { email: 'anne' })).status).toBe(422)
})

test('each sees what is theirs: visitors log in, citizens read their own, agents all of their commune', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin], tenants: 2 })
  const [anne, other, agent] = [await platform.as('citizen'), await platform.as('citizen', 'Autre'), await platform.as('agent')]
  await ask(anne, { plan: new File([PDF], 'plan.pdf', { type: 'application/pdf' }) })
  const id = await requestIn(agent)
  const statuses = async (client: TestClient): Promise<readonly number[]> => Promise.all(['/', '/gestion', `/gestion/demandes/${id}`, `/gestion/demandes/${id}/plan`, `/mes-demandes/${id}/plan`].map(async (path) => (await page(client, path)).status))
  expect(await statuses(anne)).toEqual([200, 403, 403, 403, 200])
  expect(await statuses(other)).toEqual([200, 403, 403, 403, 404])
  expect((await statuses(agent)).slice(1, 4)).toEqual([200, 200, 200])
  expect((await statuses(platform.tenant().visitor)).every((status) => status >= 300)).toBe(true)
  expect((await page(other, '/')).text).not.toContain('rue du Port')
  expect((await page(await platform.tenant(1).as('agent'), `/gestion/demandes/${id}`)).status).toBe(404)
})

test('personal data is handed over with the plan, erased on demand, and gone after two years', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin] })
  const tenant = platform.tenant()
  const tenantId = tenant.id
  const [citizen, agent] = [await platform.as('citizen'), await platform.as('agent')]
  await ask(citizen, { plan: new File([PDF], 'plan.pdf', { type: 'application/pdf' }) })
  const subject = { id: tenant.accountOf(citizen), email: undefined, name: 'Anne' }
  const known = (await platform.platform.privacy.export(tenantId, subject, OPERATOR))[plugin.id]
  expect(known).toMatchObject({ data: { requests: [{ place: '12 rue du Port', applicant_email: 'anne@exemple.fr' }] }, files: [expect.any(String)] })
  expect(await platform.platform.privacy.erase(tenantId, subject, OPERATOR)).toEqual({ [plugin.id]: { erased: 1 } })
  const id = await requestIn(agent)
  expect((await page(agent, `/gestion/demandes/${id}`)).text).toContain('Identité effacée')
  expect((await page(agent, `/gestion/demandes/${id}/plan`)).status).toBe(404)
  await platform.advance(732 * DAY_MS)
  // The session of before is over by then.
  expect((await page(await platform.as('agent', 'Autre'), `/gestion/demandes/${id}`)).status).toBe(404)
})

test('the demonstration fills the inbox', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin], demo: true })
  expect((await page(await platform.as('agent'), '/gestion')).text).toContain('27 avenue de la Gare')
})
