import type { Context } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { askingPlugin, letterPlugin, uploadPlugin } from './consent-plugins.tsx'
import { enterByConsole, startTree } from './delegation-kit.ts'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'

const ID = 'fr.test.asking'
const tries = async (kernel: Kernel, index = 0): Promise<Readonly<Record<string, unknown>>> =>
  Object.fromEntries(Object.entries((await kernel.visitor(index).get('/apps/asking/tries')).json<Record<string, { came: unknown }>>()).map(([scope, { came }]) => [scope, came]))
const granted = async (kernel: Kernel, index = 0): Promise<Readonly<Record<string, boolean>>> => (await kernel.visitor(index).get('/apps/asking/granted')).json()
const manifestOf = (kernel: Kernel, version: string) => {
  const found = kernel.platform.catalogue.manifest(ID, version)
  if (found === undefined) throw new Error(`There is no ${version}.`)
  return found
}

test('[G1] switching on agrees to all that is asked for but what is refused by name; each decision says when and by whom', async () => {
  await using kernel = await startKernel({ plugins: [askingPlugin('1.0.0', ['db'], ['files', 'net:maps.example.fr'])], tenants: 2, enable: [] })
  const { consents, installations, audit } = kernel.platform
  await installations.enable(kernel.tenantId(0), ID, '*', OPERATOR, ['files'])
  await installations.enable(kernel.tenantId(1), ID, '*', OPERATOR)
  const at = kernel.outside.now()
  expect(await consents.list(kernel.tenantId(0))).toEqual([
    { pluginId: ID, scope: 'db', decision: 'granted', at, by: OPERATOR },
    { pluginId: ID, scope: 'files', decision: 'refused', at, by: OPERATOR },
    { pluginId: ID, scope: 'net:maps.example.fr', decision: 'granted', at, by: OPERATOR },
  ])
  expect((await consents.list(kernel.tenantId(1))).map(({ decision }) => decision)).toEqual(['granted', 'granted', 'granted'])
  const lines = await audit.list(kernel.tenantId(0), { limit: 10 })
  expect(lines.filter(({ action }) => action.startsWith('consent.')).map(({ action, target, detail }) => ({ action, target, detail }))).toEqual([
    { action: 'consent.refused', target: ID, detail: { version: '1.0.0', scopes: 'files' } },
    { action: 'consent.granted', target: ID, detail: { version: '1.0.0', scopes: 'db net:maps.example.fr' } },
  ])
})

test('[G1] what is not optional cannot be refused, and nothing is switched on then', async () => {
  await using kernel = await startKernel({ plugins: [askingPlugin('1.0.0', ['db'], ['files'])], enable: [] })
  const { consents, installations } = kernel.platform
  await expect(installations.enable(kernel.tenantId(), ID, '*', OPERATOR, ['db'])).rejects.toMatchObject({ code: 'CONSENT_INVALID' })
  expect([await installations.list(kernel.tenantId()), await consents.list(kernel.tenantId())]).toEqual([[], []])
})

test('[G2] a refused scope throws SCOPE_REFUSED whatever it opens, on that tenant alone; the plugin can ask before', async () => {
  await using kernel = await startKernel({ plugins: [askingPlugin('1.0.0', ['db'], ['files', 'net:maps.example.fr'])], tenants: 2, enable: [] })
  const { installations } = kernel.platform
  kernel.outside.answer(() => new Response('a map'))
  await installations.enable(kernel.tenantId(0), ID, '*', OPERATOR, ['files', 'net:maps.example.fr'])
  await installations.enable(kernel.tenantId(1), ID, '*', OPERATOR)
  expect(await tries(kernel, 0)).toEqual({ db: 0, files: 'SCOPE_REFUSED', net: 'SCOPE_REFUSED' })
  expect(kernel.outside.requests).toEqual([])
  expect(await tries(kernel, 1)).toEqual({ db: 0, files: 'none', net: 200 })
  expect([await granted(kernel, 0), await granted(kernel, 1)]).toEqual([
    { 'db': true, 'files': false, 'mail:send': false, 'net:maps.example.fr': false },
    { 'db': true, 'files': true, 'mail:send': false, 'net:maps.example.fr': true },
  ])
  await kernel.restart()
  expect([await tries(kernel, 0), await granted(kernel, 1)]).toEqual([{ db: 0, files: 'SCOPE_REFUSED', net: 'SCOPE_REFUSED' }, expect.objectContaining({ files: true })])
})

test('[G3] a mind can be changed about optional scopes, from the next call on, and about nothing else', async () => {
  await using kernel = await startKernel({ plugins: [askingPlugin('1.0.0', ['db'], ['files', 'net:maps.example.fr'])] })
  const { consents } = kernel.platform
  const manifest = manifestOf(kernel, '1.0.0')
  expect(await granted(kernel)).toMatchObject({ files: true })
  await consents.decide(kernel.tenantId(), manifest, { refuse: ['files'] }, OPERATOR)
  expect([await granted(kernel), await tries(kernel)]).toMatchObject([{ files: false }, { files: 'SCOPE_REFUSED' }])
  await consents.decide(kernel.tenantId(), manifest, { accept: ['files'], refuse: ['net:maps.example.fr'] }, OPERATOR)
  expect([await granted(kernel), await tries(kernel)]).toMatchObject([{ 'files': true, 'net:maps.example.fr': false }, { files: 'none', net: 'SCOPE_REFUSED' }])
  for (const answers of [{ refuse: ['db'] }, { accept: ['mail:send'] }, { accept: ['files'], refuse: ['files'] }]) {
    await expect(consents.decide(kernel.tenantId(), manifest, answers, OPERATOR)).rejects.toMatchObject({ code: 'CONSENT_INVALID' })
  }
  expect(await granted(kernel)).toMatchObject({ 'files': true, 'net:maps.example.fr': false })
})

test('[G4] a release that asks for more waits, optional or not: nothing changes, and the administrator sees what it asks for', async () => {
  const first = askingPlugin('1.0.0', ['db'], ['files'])
  await using kernel = await startKernel({ plugins: [first] })
  await kernel.restart([first, askingPlugin('1.1.0', ['db', 'net:api.example.fr'], ['files', 'net:maps.example.fr'])])
  const { consents, installations } = kernel.platform
  const wider = manifestOf(kernel, '1.1.0')
  const tenantId = kernel.tenantId()
  expect(await consents.missing(tenantId, wider)).toEqual({ required: ['net:api.example.fr'], optional: ['net:maps.example.fr'] })
  await expect(installations.upgrade(tenantId, ID, { range: '^1.1.0', by: OPERATOR })).rejects.toMatchObject({
    code: 'PLUGIN_CONSENT_NEEDED', message: expect.stringContaining('"net:api.example.fr", "net:maps.example.fr"'),
  })
  expect(await consents.waiting(tenantId)).toEqual([{ pluginId: ID, version: '1.1.0', since: kernel.outside.now(), required: ['net:api.example.fr'], optional: ['net:maps.example.fr'] }])
  expect((await installations.list(tenantId)).map(({ version, state }) => [version, state])).toEqual([['1.0.0', 'active']])
  expect(await tries(kernel)).toMatchObject({ db: 0, net: 'SCOPE_MISSING' })

  await consents.accept(tenantId, wider, { refuse: ['net:maps.example.fr'] }, OPERATOR)
  expect([await consents.waiting(tenantId), await consents.missing(tenantId, wider), [...await consents.refused(tenantId, ID)]]).toEqual([[], { required: [], optional: [] }, ['net:maps.example.fr']])
  await installations.upgrade(tenantId, ID, { range: '^1.1.0', by: OPERATOR })
  expect(await tries(kernel)).toMatchObject({ db: 0, net: 'SCOPE_REFUSED' })
})

test('[G4] a release that takes the place of one that is gone waits too: the plugin stays off until it is agreed to', async () => {
  await using kernel = await startKernel({ plugins: [askingPlugin('1.0.0', ['db'])] })
  await kernel.restart([askingPlugin('1.1.0', ['db', 'files'])])
  const tenantId = kernel.tenantId()
  expect((await kernel.visitor().get('/apps/asking/granted')).status).toBe(404)
  expect((await kernel.platform.consents.waiting(tenantId)).map(({ version, required }) => [version, required])).toEqual([['1.1.0', ['files']]])
  await kernel.platform.consents.accept(tenantId, manifestOf(kernel, '1.1.0'), {}, OPERATOR)
  await kernel.restart([askingPlugin('1.1.0', ['db', 'files'])])
  expect(await tries(kernel)).toMatchObject({ db: 0, files: 'none' })
})

test('[G4] a scope that was refused while it was optional is asked for again when it is needed', async () => {
  const first = askingPlugin('1.0.0', ['db'], ['files'])
  await using kernel = await startKernel({ plugins: [first], enable: [] })
  await kernel.platform.installations.enable(kernel.tenantId(), ID, '*', OPERATOR, ['files'])
  await kernel.restart([first, askingPlugin('2.0.0', ['db', 'files'])])
  expect(await kernel.platform.consents.missing(kernel.tenantId(), manifestOf(kernel, '2.0.0'))).toEqual({ required: ['files'], optional: [] })
})

test('[G6] the desk shows what waits with all it changes, agrees to it, and decides about optional scopes of either release', async () => {
  const first = askingPlugin('1.0.0', ['db'], ['files'])
  await using kernel = await startKernel({ plugins: [first] })
  await kernel.restart([first, askingPlugin('1.1.0', ['db', 'net:api.example.fr'], ['files', 'net:maps.example.fr'])])
  const { consentDesk, installations } = kernel.platform
  const tenantId = kernel.tenantId()
  await expect(installations.upgrade(tenantId, ID, { range: '^1.1.0', by: OPERATOR })).rejects.toMatchObject({ code: 'PLUGIN_CONSENT_NEEDED' })
  const [shown] = await consentDesk.list(tenantId)
  expect(shown).toMatchObject({ pluginId: ID, version: '1.0.0', waiting: { version: '1.1.0', required: ['net:api.example.fr'], optional: ['net:maps.example.fr'] } })
  expect(shown?.waiting?.difference.map(({ change, ...rest }) => [change, 'scope' in rest ? rest.scope : ''])).toEqual([['added', 'net:api.example.fr'], ['added', 'net:maps.example.fr']])
  expect((await consentDesk.decide(tenantId, ID, { refuse: ['net:maps.example.fr'] }, OPERATOR)).waiting).toMatchObject({ required: ['net:api.example.fr'], optional: [] })
  expect((await consentDesk.acceptWaiting(tenantId, ID, {}, OPERATOR)).waiting).toBeUndefined()
  expect([...await kernel.platform.consents.refused(tenantId, ID)]).toEqual(['net:maps.example.fr'])
  await installations.upgrade(tenantId, ID, { range: '^1.1.0', by: OPERATOR })
  await expect(consentDesk.acceptWaiting(tenantId, ID, {}, OPERATOR)).rejects.toMatchObject({ code: 'CONSENT_INVALID' })
  await expect(consentDesk.decide(tenantId, 'fr.test.nothing', { refuse: ['files'] }, OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_UNKNOWN' })
})

test('[G2] files that the kernel takes or sends for a plugin need the scope as well', async () => {
  await using kernel = await startKernel({ plugins: [uploadPlugin], tenants: 2, enable: [] })
  await kernel.platform.installations.enable(kernel.tenantId(0), 'fr.test.uploads', '*', OPERATOR, ['files'])
  await kernel.platform.installations.enable(kernel.tenantId(1), 'fr.test.uploads', '*', OPERATOR)
  const statusOf = async (index: number): Promise<number> => {
    const client = await kernel.as('agent', index)
    return (await client.submit('/apps/uploads/new', { file: new File(['Bonjour.'], 'a.txt', { type: 'text/plain' }) })).status
  }
  expect([await statusOf(0), await statusOf(1)]).toEqual([403, 303])
  expect((await kernel.visitor(0).get('/apps/uploads/file')).status).toBe(403)
})

test('[G7] a refused mail:send throws SCOPE_REFUSED from c.mail and tx.mail, on that tenant alone, and nothing waits to be sent; granted, both send', async () => {
  await using kernel = await startKernel({ plugins: [letterPlugin], tenants: 2, enable: [] })
  const { installations, storage } = kernel.platform
  await installations.enable(kernel.tenantId(0), 'fr.test.letters', '*', OPERATOR, ['mail:send'])
  await installations.enable(kernel.tenantId(1), 'fr.test.letters', '*', OPERATOR)
  const send = async (index: number): Promise<unknown> => (await kernel.visitor(index).post('/apps/letters/send', {})).json()
  const waiting = async (index: number): Promise<number> => (await storage.kernelStore({ tenantId: kernel.tenantId(index), pluginId: 'fr.test.letters' }).selectFrom('liberacces_outbox').select('id').execute()).length
  expect([await send(0), await waiting(0)]).toEqual([['SCOPE_REFUSED', 'SCOPE_REFUSED'], 0])
  expect([await send(1), await waiting(1)]).toEqual([['sent', 'sent'], 2])
})

test('[G7] who was let in to look only sends no mail, by itself or in a transaction', async () => {
  await using kernel = await startTree({ plugins: [letterPlugin] })
  const console = await kernel.as('pool-admin', 'pool')
  const outbox = async (): Promise<number> => (await kernel.platform.storage.kernelStore({ tenantId: kernel.tenantId(), pluginId: 'fr.test.letters' }).selectFrom('liberacces_outbox').select('id').execute()).length
  const looking = await enterByConsole(kernel, console, 'commune-1')
  // The front refuses a POST of theirs already; the plugin's own calls are refused too.
  expect((await looking.client.post('/apps/letters/send', {})).status).toBe(403)
  const tenant = kernel.platform.tenants.byId(kernel.tenantId())
  const release = kernel.platform.installations.modules(kernel.tenantId()).byId.get('fr.test.letters')
  if (tenant === undefined || release === undefined) throw new Error('Both are there.')
  const origin = kernel.platform.systemOrigin(tenant.id)
  const mail = { to: 'camille@example.fr', subject: 'Bonjour', text: 'Un texte' }
  for (const way of [(c: Context) => c.mail.send(mail), (c: Context) => c.transaction((tx) => tx.mail.send(mail))]) {
    await expect(kernel.platform.runtime.call(release, { ...origin, principal: { ...origin.principal, readOnly: true } }, { what: 'test', limitMs: 1_000 }, way)).rejects.toMatchObject({ code: 'READ_ONLY' })
  }
  expect(await outbox()).toBe(0)
})
