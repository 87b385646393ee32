import { expect, test } from 'vitest'
import { OPERATOR, PASSWORD, startKernel, type Kernel } from './kernel-kit.ts'
import { notesPlugin, readerPlugin } from './notes-plugin.tsx'

const start = (): Promise<Kernel> => startKernel({ plugins: [notesPlugin, readerPlugin] })
const READ = 'fr.test.notes/read'
const HTML = { headers: { accept: 'text/html' } }

test('[P1] a change of the role matrix holds at the next request, in both directions', async () => {
  await using kernel = await start()
  const [agent, citizen] = [await kernel.as('agent'), await kernel.as('citizen')]
  const statuses = async (): Promise<readonly number[]> => Promise.all([agent, citizen].map(async (client) => (await client.get('/apps/notes/api/notes')).status))
  expect(await statuses()).toEqual([200, 403])
  await kernel.platform.roles.decide(kernel.tenantId(), [{ role: 'agent', permission: READ, granted: false }, { role: 'citizen', permission: READ, granted: true }], OPERATOR)
  expect(await statuses()).toEqual([403, 200])
  const tile = async (): Promise<boolean> => (await agent.get('/bureau', HTML)).text.includes('Première')
  expect(await tile()).toBe(false)
  await kernel.platform.roles.decide(kernel.tenantId(), [{ role: 'agent', permission: READ, granted: true }], OPERATOR)
  expect([await tile(), (await agent.get('/bureau', HTML)).text.includes('href="/apps/notes/"')]).toEqual([true, true])
})

test('[P1] an account that is disabled, or loses its role, can do nothing more from the next request on', async () => {
  await using kernel = await start()
  const { client, token } = await kernel.withToken('agent')
  const agent = await kernel.as('agent')
  const accounts = (await kernel.platform.accounts.list(kernel.tenantId(), { limit: 10 })).accounts
  expect(token).toMatch(/^la_/)
  expect([(await client.get('/apps/notes/api/notes')).status, (await agent.get('/apps/notes/api/notes')).status]).toEqual([200, 200])
  for (const { id } of accounts) await kernel.platform.accounts.disable(kernel.tenantId(), id, OPERATOR)
  expect([(await client.get('/apps/notes/api/notes')).status, (await agent.get('/apps/notes/api/notes')).status]).toEqual([401, 401])
})

test('[P2] a service asks for the provider’s permission, of the person who is behind the call', async () => {
  await using kernel = await start()
  const count = async (client: { get(path: string): Promise<{ status: number; text: string }> }): Promise<string> => { const { status, text } = await client.get('/apps/reader/count'); return `${status} ${status === 200 ? text : (JSON.parse(text) as { code: string }).code}` }
  expect(await count(await kernel.as('agent'))).toBe('200 0')
  expect(await count(await kernel.as('citizen'))).toBe('403 PERMISSION_DENIED')
  expect(await count(kernel.visitor())).toBe('403 PERMISSION_DENIED')
  expect((await kernel.visitor().get('/apps/reader/any')).json()).toBe(true)
  // A refusal is no failure of either plugin.
  expect((await kernel.visitor().get('/metrics')).text).not.toContain('liberacces_plugin_failures_total{')
})

test('[P3] a page without a login leads to it and back to where one was going; never to another site', async () => {
  await using kernel = await start()
  const visitor = kernel.visitor()
  const away = await visitor.get('/apps/notes/search?q=a%26b', HTML)
  expect([away.status, away.headers['location']]).toEqual([303, '/auth/login?next=%2Fapps%2Fnotes%2Fsearch%3Fq%3Da%2526b'])
  await kernel.platform.accounts.create(kernel.tenantId(), { login: 'camille', name: 'Camille', password: PASSWORD, roles: ['agent'] }, OPERATOR)
  const credentials = { login: 'camille', password: PASSWORD }
  const back = await kernel.visitor().send('POST', '/auth/login', { form: { ...credentials, next: '/apps/notes/search?q=a%26b' }, ...HTML })
  expect([back.status, back.headers['location']]).toEqual([303, '/apps/notes/search?q=a%26b'])
  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', '/./\tevil.example', '/.//evil.example', 'javascript:alert(1)']) {
    const answer = await kernel.visitor().send('POST', '/auth/login', { form: { ...credentials, next }, ...HTML })
    expect([next, answer.status, answer.headers['location']]).toEqual([next, 303, expect.stringMatching(/^\/(bureau)?$/)])
  }
})

test('[P4] a login by JSON answers who one is, the cookie and the token that changes need', async () => {
  await using kernel = await start()
  await kernel.platform.accounts.create(kernel.tenantId(), { login: 'camille', name: 'Camille', password: PASSWORD, roles: ['agent'] }, OPERATOR)
  const visitor = kernel.visitor()
  expect((await visitor.post('/auth/login', { login: 'camille', password: 'wrong-password' })).json()).toMatchObject({ status: 401, code: 'LOGIN_FAILED' })
  const answer = await visitor.post('/auth/login', { login: 'camille', password: PASSWORD })
  const { csrfToken, account } = answer.json<{ csrfToken: string; account: { name: string; roles: readonly string[] } }>()
  expect([answer.status, account]).toMatchObject([200, { name: 'Camille', roles: ['agent'] }])
  expect(answer.headers['set-cookie']).toMatch(/liberacces_session=.*HttpOnly.*SameSite=Lax/i)
  expect((await visitor.post('/apps/notes/api/notes', { text: 'un', number: 1 }, { headers: { 'x-csrf-token': csrfToken } })).status).toBe(201)
  await visitor.submit('/auth/logout', {}, '/bureau')
  expect((await visitor.get('/apps/notes/api/notes')).status).toBe(401)
})

test('[P5] what another site makes a browser send by cookie changes nothing; a bearer token needs no proof', async () => {
  await using kernel = await start()
  const agent = await kernel.as('agent')
  const id = (await agent.post('/apps/notes/api/notes', { text: 'un', number: 1 })).json<{ id: string }>().id
  const foreign = { 'origin': 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const form = { text: 'faux', number: '1' }
  const attempts = [
    () => agent.send('POST', '/apps/notes/new', { form, headers: { ...foreign, accept: 'text/html' } }),
    () => agent.send('POST', '/apps/notes/new', { form, headers: { accept: 'text/html' } }),
    () => agent.send('POST', '/apps/notes/new', { form: { ...form, _csrf: 'guessed' }, headers: { accept: 'text/html' } }),
    () => agent.send('POST', `/apps/notes/notes/${id}/remove`, { form: {}, headers: foreign }),
    () => agent.send('DELETE', `/apps/notes/api/notes/${id}`, { headers: foreign }),
    () => agent.post('/apps/notes/api/notes', { text: 'faux', number: 1 }, { headers: foreign }),
    () => agent.send('POST', '/apps/notes/api/notes', { body: '{"text":"faux","number":1}', headers: { ...foreign, 'content-type': 'text/plain' } }),
    () => agent.send('POST', '/bureau/organiser', { form: { tile: 'x', move: 'up' }, headers: foreign }),
    () => agent.send('POST', '/auth/logout', { form: {}, headers: foreign }),
  ]
  for (const [index, attempt] of attempts.entries()) expect([index, (await attempt()).status]).toEqual([index, expect.toBeOneOf([403, 415])])
  expect((await agent.get('/apps/notes/api/notes')).json()).toMatchObject([{ text: 'un' }])
  const { client } = await kernel.withToken('agent')
  expect((await client.post('/apps/notes/api/notes', { text: 'deux', number: 2 }, { headers: foreign })).status).toBe(201)
})
