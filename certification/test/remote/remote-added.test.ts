import { afterAll, beforeAll, expect, test } from 'vitest'
import { definePlugin } from '@liberacces/sdk'
import { OPERATOR, startKernel, type Kernel } from '../kernel/kernel-kit.ts'
import { description, sendJson, startFakeApplication, type FakeApplication } from './fake-application.ts'

const ID = 'org.example.evil'

const shipped = definePlugin()({
  id: 'org.example.shipped', version: '1.0.0', path: 'livre', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Livré' }, publisher: { name: 'Test', contact: 'https://example.org' },
  scopes: [], messages: { fr: {}, en: {} }, privacy: { stores: [] }, setup() { /* nothing */ },
})

let kernel: Kernel
let application: FakeApplication

beforeAll(async () => {
  application = await startFakeApplication()
  kernel = await startKernel({ plugins: [shipped], network: 'real', env: { LIBERACCES_EGRESS_ALLOW: `${ID}=127.0.0.1,org.example.shipped=127.0.0.1,plain.example.org`, LIBERACCES_BREAKER: 'off' } })
})
afterAll(async () => {
  await kernel?.[Symbol.asyncDispose]()
  await application?.[Symbol.asyncDispose]()
})

test('[R141] an application is added by its address: a release, a secret told once, lines in the trail; doing it again changes nothing', async () => {
  const added = await kernel.platform.applications.add(application.url, {}, OPERATOR)
  expect(added).toMatchObject({ id: ID, version: '1.0.0', url: application.url, isKnown: false, secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as string })
  const again = await kernel.platform.applications.add(application.url, {}, OPERATOR)
  expect(again).toMatchObject({ isKnown: true, digest: added.digest })
  expect(again.secret).toBeUndefined()
  const rows = await kernel.platform.storage.platform.selectFrom('remote_application').selectAll().execute()
  expect(rows).toMatchObject([{ id: ID, url: application.url, previous_secret: null }])
  expect(JSON.stringify(rows)).not.toContain(added.secret)
  const pool = kernel.platform.tenants.pool()?.id ?? ''
  const trail = await kernel.platform.audit.list(pool, { limit: 20 })
  expect(trail.filter(({ target }) => target === ID).map(({ action }) => action)).toEqual(['application.added', 'release.installed'])
  expect(JSON.stringify(trail)).not.toContain('whsec_')
  expect(kernel.platform.catalogue.find(ID)).toMatchObject([{ version: '1.0.0', runtime: 'remote' }])
})

test('[R141] a version that says something else of itself is refused; another version stands beside it, and tenants move as with any plugin', async () => {
  await kernel.platform.installations.enable(kernel.tenantId(), ID, '*', OPERATOR)
  application.describe(description({ plugin: { title: { fr: 'Autre chose' } } }))
  await expect(kernel.platform.applications.add(application.url, {}, OPERATOR)).rejects.toMatchObject({ code: 'RELEASE_IMMUTABLE' })
  application.describe(description({ version: '1.1.0' }))
  expect(await kernel.platform.applications.add(`${application.url}/`, {}, OPERATOR)).toMatchObject({ version: '1.1.0', isKnown: false })
  const releases: string[] = []
  application.answer(({ release }, response) => {
    releases.push(release)
    sendJson(response, { kind: 'result', value: { kind: 'reply', status: 200, body: { number: 1 }, headers: {} } })
  })
  await kernel.visitor().get('/apps/evil/number')
  await kernel.platform.installations.upgrade(kernel.tenantId(), ID, { range: '*', by: OPERATOR })
  await kernel.visitor().get('/apps/evil/number')
  expect(releases).toEqual(['1.0.0', '1.1.0'])
})

test('[R134] a secret that is replaced goes on to be signed with until the next one', async () => {
  expect((await kernel.platform.applications.add(application.url, { renew: true }, OPERATOR)).secret).toMatch(/^whsec_/)
  const before = application.headers.length
  await kernel.visitor().get('/apps/evil/number')
  expect(application.headers[before]?.['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/)
})

test('[R141] the last release of an application that is removed takes its secret along; a restart forgets nothing before', async () => {
  await kernel.restart([shipped])
  expect((await kernel.visitor().get('/apps/evil/number')).status).toBe(200)
  await kernel.platform.installations.disable(kernel.tenantId(), ID, OPERATOR)
  await kernel.platform.removal.purge(kernel.tenantId(), ID, OPERATOR)
  await kernel.platform.releases.remove(ID, undefined, OPERATOR)
  expect(await kernel.platform.storage.platform.selectFrom('remote_application').selectAll().execute()).toEqual([])
})

test('[R142] an application is called where a plugin may connect to, and over TLS; without it on this machine alone', async () => {
  const add = (url: string) => kernel.platform.applications.add(url, {}, OPERATOR).then(() => 'added', (error: { readonly code: string }) => error.code)
  kernel.outside.resolve('inside.example.org', ['10.0.0.1'])
  kernel.outside.resolve('plain.example.org', ['10.0.0.2'])
  expect(await add('https://inside.example.org')).toBe('EGRESS_REFUSED')
  expect(await add('https://169.254.169.254')).toBe('EGRESS_REFUSED')
  expect(await add('http://plain.example.org')).toBe('EGRESS_REFUSED')
  expect(await add('https://nowhere.example.org')).toBe('EGRESS_FAILED')
  application.describe(description({ id: 'org.example.unnamed' }))
  expect(await add(application.url)).toBe('EGRESS_REFUSED')
  for (const url of ['ftp://x.example.org', 'https://user:secret@x.example.org', 'https://x.example.org/?a=1', 'x', '']) expect(await add(url), url).toBe('REMOTE_INVALID')
})

test('[R143] an application takes the place of no plugin, and what it says of itself is held against the rules of all', async () => {
  const add = (said: unknown) => {
    application.describe(said)
    return kernel.platform.applications.add(application.url, {}, OPERATOR).then(() => 'added', (error: { readonly code: string }) => error.code)
  }
  expect(await add(description({ id: 'org.example.shipped', version: '9.0.0' }))).toBe('REMOTE_INVALID')
  expect(await add('nothing')).toBe('REMOTE_INVALID')
  expect(await add({ ...description(), workers: ['w'] })).toBe('REMOTE_INVALID')
  expect(await add({ ...description(), migrations: ['0001-x'] })).toBe('REMOTE_INVALID')
  expect(await add(description({ plugin: { runtime: 'inline' } }))).toBe('REMOTE_INVALID')
  expect(await add(description({ plugin: { scopes: ['everything'] } }))).toBe('MANIFEST_INVALID')
  expect(await add(description({ plugin: { permissions: {} } }))).toBe('MANIFEST_INVALID')
  expect(await add(description({ plugin: { sdk: '^99.0.0' } }))).toBe('PLUGIN_SDK_UNSUPPORTED')
  expect(await add(description({ more: { endpoints: [{ kind: 'page', path: '/', audience: 'public' }] } }))).toBe('REMOTE_INVALID')
  expect(await add(description({ more: { endpoints: [{ kind: 'route', method: 'GET', path: '/x', audience: 'public', summary: 'x', body: { type: 'string', pattern: '(' }, response: {} }] } }))).toBe('REMOTE_INVALID')
  expect(kernel.platform.catalogue.find(ID)).toEqual([])
})
