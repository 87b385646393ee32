import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestClient, type TestAnswer, type TestRequest } from '../../src/testing/test-client.ts'
import { startKernel, type Kernel } from './kernel-kit.ts'
import { notesPlugin } from './notes-plugin.tsx'

const CANARY = ['canari-de-la-commune-1', 'canari-de-la-commune-2'] as const
const HTML = { accept: 'text/html' }

interface Kept { readonly note: string; readonly file: string }

/** Two communes, each with a note and a file that only its own people may ever see. */
async function startTwo(): Promise<{ readonly kernel: Kernel; readonly kept: readonly [Kept, Kept]; readonly state: () => Promise<unknown> } & AsyncDisposable> {
  const kernel = await startKernel({ plugins: [notesPlugin], tenants: 2 })
  const keep = async (index: number): Promise<Kept> => {
    const { client } = await kernel.withToken('agent', index)
    const note = (await client.post('/apps/notes/api/notes', { text: CANARY[index], number: index })).json<{ id: string }>().id
    const file = (await client.post('/apps/notes/api/files', { text: CANARY[index] })).json<{ id: string }>().id
    return { note, file }
  }
  const kept = [await keep(0), await keep(1)] as const
  await kernel.settle()
  const { client } = await kernel.withToken('agent', 1)
  const state = async (): Promise<unknown> => {
    const { note, file } = kept[1]
    return { notes: (await client.get('/apps/notes/api/notes')).json(), note: (await client.get(`/apps/notes/api/notes/${note}`)).json(), file: (await client.get(`/apps/notes/api/files/${file}`)).text }
  }
  expect(JSON.stringify(await state()).split(CANARY[1])).toHaveLength(4)
  return { kernel, kept, state, [Symbol.asyncDispose]: () => kernel[Symbol.asyncDispose]() }
}

test('[T11] a session or API token of one tenant is nobody on another', async () => {
  await using two = await startTwo()
  const { kernel, kept, state } = two
  const before = await state()
  const session = await kernel.platform.sessions.open(kernel.tenantId(0), (await kernel.platform.accounts.list(kernel.tenantId(0), { limit: 1 })).accounts[0]?.id ?? '')
  const { token } = await kernel.withToken(['agent', 'tenant-admin'], 0)
  const host = 'commune-2.localhost'
  for (const intruder of [new TestClient(kernel.port, host, { cookie: { name: 'liberacces_session', value: session.token } }), new TestClient(kernel.port, host, { token })]) {
    for (const path of ['/apps/notes/api/notes', `/apps/notes/api/notes/${kept[1].note}`, `/apps/notes/api/files/${kept[1].file}`]) expect([path, (await intruder.get(path)).status]).toEqual([path, 401])
    for (const path of ['/bureau', '/admin', '/apps/notes/']) expect([path, (await intruder.get(path, { headers: HTML })).status]).toEqual([path, 303])
    expect((await intruder.post('/apps/notes/api/notes', { text: 'intrus', number: 0 })).status).toBe(401)
    expect((await intruder.send('DELETE', `/apps/notes/api/notes/${kept[1].note}`)).status).toBe(401)
  }
  expect(await state()).toEqual(before)
})

test('[T11] an id of one tenant is nothing on another, whatever is done with it', async () => {
  await using two = await startTwo()
  const { kernel, kept, state } = two
  const before = await state()
  const agent = await kernel.as(['agent', 'tenant-admin'], 0)
  const { note, file } = kept[1]
  expect((await agent.get(`/apps/notes/api/notes/${note}`)).status).toBe(404)
  expect((await agent.get(`/apps/notes/api/files/${file}`)).status).toBe(404)
  expect((await agent.send('PUT', `/apps/notes/api/notes/${note}`, { json: { text: 'changé', number: 9 } })).status).toBe(404)
  expect((await agent.send('DELETE', `/apps/notes/api/notes/${note}`)).status).toBe(204)
  expect((await agent.submit(`/apps/notes/notes/${note}/remove`, {}, '/apps/notes/new')).status).toBe(303)
  const stranger = (await kernel.platform.accounts.list(kernel.tenantId(1), { limit: 1 })).accounts[0]?.id ?? ''
  expect((await agent.get(`/admin/comptes/${stranger}`, { headers: HTML })).status).toBe(404)
  expect((await agent.submit(`/admin/comptes/${stranger}/desactiver`, {}, '/admin/comptes')).status).toBe(404)
  const [event] = await kernel.platform.events.list(kernel.tenantId(1), { limit: 1 })
  expect((await agent.submit(`/admin/evenements/${event?.eventId}/reprendre`, {}, '/admin/comptes')).status).toBe(404)
  expect(await state()).toEqual(before)
})

test('[T12] whatever is written into the Host header, the answer is that tenant’s own, or none', async () => {
  await using two = await startTwo()
  const { kernel } = two
  const agent = await kernel.as('agent', 0)
  const port = kernel.port
  for (const host of ['commune-2.localhost', `COMMUNE-2.localhost:${port}`, 'commune-2.localhost.', `commune-2.localhost@commune-1.localhost`, 'commune-1.localhost, commune-2.localhost', 'commune-2.localhost#.commune-1.localhost', '127.0.0.1', 'xn--commune-2.localhost', '..', '']) {
    const answer = await agent.get('/apps/notes/api/notes', { headers: { host } })
    expect([host, answer.status]).toEqual([host, expect.toBeOneOf([400, 401, 404])])
    expect(answer.text).not.toContain('canari')
  }
  for (const headers of [{ 'x-forwarded-host': 'commune-2.localhost' }, { 'forwarded': 'host=commune-2.localhost' }, { 'x-original-host': 'commune-2.localhost' }, { 'x-tenant': 'commune-2' }]) {
    expect((await agent.get('/apps/notes/api/notes', { headers })).text).toContain(CANARY[0])
  }
})

type Step = readonly [who: 'session' | 'token' | 'none', host: 0 | 1, path: string, method: string, id: 'note' | 'file' | 'none']
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD'] as const
const PATHS = ['/api/notes', '/api/notes/:id', '/api/files/:id', '/', '/new', '/search?q=canari', '/notes/:id/remove'] as const
const step: fc.Arbitrary<Step> = fc.tuple(fc.constantFrom('session', 'token', 'none'), fc.constantFrom(0, 1), fc.constantFrom(...PATHS), fc.constantFrom(...METHODS), fc.constantFrom('note', 'file', 'none'))

test('[T13] whatever someone of one tenant sends anywhere, nothing of the other is read or changed', async () => {
  await using two = await startTwo()
  const { kernel, kept, state } = two
  const before = await state()
  const { id, host } = { id: kernel.tenantId(0), host: ['commune-1.localhost', 'commune-2.localhost'] as const }
  const { token } = await kernel.withToken('agent', 0)
  const account = (await kernel.platform.accounts.list(id, { limit: 1 })).accounts[0]?.id ?? ''
  const cookie = { name: 'liberacces_session', value: (await kernel.platform.sessions.open(id, account)).token }
  const clients = {
    session: host.map((name) => new TestClient(kernel.port, name, { cookie })), token: host.map((name) => new TestClient(kernel.port, name, { token })), none: host.map((name) => new TestClient(kernel.port, name)),
  }
  const take = async ([who, where, path, method, kind]: Step): Promise<TestAnswer> => {
    const target = `/apps/notes${path.replace(':id', kind === 'none' ? 'nothing' : kept[1][kind])}`
    const body: TestRequest = method === 'POST' || method === 'PUT' ? (path.startsWith('/api') ? { json: { text: 'intrus', number: 1 } } : { form: { text: 'intrus', number: '1' } }) : {}
    const client = clients[who][where]
    if (client === undefined) throw new Error('There are two hosts.')
    return client.send(method, target, body)
  }
  let requests = 0
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
    const answers = await Promise.all(steps.map(take))
    requests += answers.length
    for (const [index, answer] of answers.entries()) expect([steps[index], answer.text.includes(CANARY[1])]).toEqual([steps[index], false])
    expect(await state()).toEqual(before)
  }), { numRuns: 60, seed: 7 })
  expect(requests).toBeGreaterThan(200)
})
