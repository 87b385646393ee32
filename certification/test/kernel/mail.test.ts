import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestPlatform, testOutside, type TestPlatform } from '@liberacces/certification/testing'
import { createPlatform, givenPlugin, PlatformError, readConfig, type OutgoingMail } from '@liberacces/core'
import { defineEvent, definePlugin, Type, type Mail, type Plugin } from '@liberacces/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { TestClient } from '../../src/testing/test-client.ts'
import { runEnvironment } from '../run-environment.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const Asked = defineEvent('fr.test.post.asked/v1', Type.Object({ to: Type.String() }))

let next: Mail = { to: 'camille@example.fr', subject: 'Bonjour', text: 'Un texte' }
let then: 'commit' | 'throw' = 'commit'

const parts = {
  version: '1.0.0', sdk: '*', license: 'MIT', title: { fr: 'Poste' }, publisher: { name: 'Test', contact: 'x' }, runtime: 'inline', privacy: { stores: [] }, messages: { fr: {}, en: {} },
} as const

const postal = definePlugin()({
  ...parts, id: 'fr.test.post', path: 'post', scopes: ['db', 'mail:send'], emits: [Asked],
  setup(k) {
    k.route({ method: 'POST', path: '/send', audience: 'public', summary: 'Send', response: { 200: Type.Object({}) } }, async (c) => {
      await c.mail.send(next)
      return c.reply(200, {})
    })
    k.route({ method: 'POST', path: '/transaction', audience: 'public', summary: 'Send', response: { 200: Type.Object({}) } }, async (c) => {
      await c.transaction(async (tx) => {
        await tx.mail.send(next)
        if (then === 'throw') throw new Error('no')
      })
      return c.reply(200, {})
    })
    k.route({ method: 'POST', path: '/ask', audience: 'public', summary: 'Ask', response: { 200: Type.Object({}) } }, async (c) => {
      await c.transaction((tx) => tx.emit(Asked, { to: 'lou@example.fr' }))
      return c.reply(200, {})
    })
    k.on(Asked, (c, { data }) => c.transaction((tx) => tx.mail.send({ ...next, to: data.to })))
  },
}) as Plugin

const silent = definePlugin()({
  ...parts, id: 'fr.test.silent', path: 'silent', scopes: [],
  setup(k) {
    k.route({ method: 'POST', path: '/send', audience: 'public', summary: 'Send', response: { 200: Type.Object({}) } }, async (c) => {
      await c.mail.send(next)
      return c.reply(200, {})
    })
  },
}) as Plugin

const send = (kit: TestPlatform, how = 'send') => kit.tenant().visitor.post(`/apps/post/${how}`, {})

test('[Q8] a mail leaves from the tenant, with answers to its contact, once the transaction has committed', async () => {
  await using kit = await startTestPlatform({ plugins: [postal] })
  await kit.platform.settings.set(kit.tenant().id, 'fr.liberacces.kernel', { ...await kit.platform.settings.kernel(kit.tenant().id), contact: 'mairie@example.fr' }, BY)
  next = { to: ['camille@example.fr', 'lou@example.fr', 'lou@example.fr'], subject: 'Réservation', text: 'Bonjour', html: '<p>Bonjour</p>', attachments: [{ name: '../plan.pdf', type: 'application/PDF', content: new Uint8Array([1, 2, 3]) }] }
  expect((await send(kit, 'transaction')).status).toBe(200)
  await kit.settle()
  expect(kit.mails).toEqual([{
    from: { name: 'Commune 1', address: 'noreply@localhost' }, replyTo: 'mairie@example.fr', to: ['camille@example.fr', 'lou@example.fr'], subject: 'Réservation', text: 'Bonjour', html: '<p>Bonjour</p>',
    attachments: [{ name: 'plan.pdf', type: 'application/pdf', base64: 'AQID' }], messageId: expect.stringMatching(/^[0-9a-f-]{36}@localhost$/) as string,
  }])
  // Its text does not stay behind.
  const { rows } = await kit.platform.storage.kernelStore({ tenantId: kit.tenant().id, pluginId: 'fr.test.post' }).selectFrom('liberacces_outbox').select('data_json').execute().then((found) => ({ rows: found }))
  expect(rows).toEqual([{ data_json: '{"sent":true}' }])
})

test('[Q8] a mail of a transaction that fails never leaves, and takes nothing of the quota', async () => {
  await using kit = await startTestPlatform({ plugins: [postal] })
  const tenant = kit.platform.tenants.byId(kit.tenant().id)!
  await kit.platform.entitlements.setQuotas(tenant, { mails: 2 }, BY)
  next = { to: ['a@example.fr', 'b@example.fr'], subject: 'Deux', text: 'x' }
  then = 'throw'
  expect((await send(kit, 'transaction')).status).toBe(500)
  then = 'commit'
  await kit.settle()
  expect(kit.mails).toEqual([])
  expect((await send(kit, 'transaction')).status).toBe(200)
  const refused = await send(kit)
  expect([refused.status, refused.json<{ code: string }>().code]).toEqual([429, 'QUOTA_EXCEEDED'])
  await kit.settle()
  expect(kit.mails.map(({ to }) => to)).toEqual([['a@example.fr', 'b@example.fr']])
})

test('[Q8] a handler of an event sends once, however often the event comes', async () => {
  await using kit = await startTestPlatform({ plugins: [postal] })
  next = { to: 'x@example.fr', subject: 'Une fois', text: 'x' }
  await kit.tenant().deliver(Asked, { to: 'lou@example.fr' }, { twice: true })
  await kit.settle()
  expect(kit.mails.map(({ to }) => to)).toEqual([['lou@example.fr']])
})

test('[Q9] what could forge a header or is no mail is refused with every field that is wrong', async () => {
  await using kit = await startTestPlatform({ plugins: [postal] })
  const wrong: readonly (readonly [Partial<Mail>, readonly string[]])[] = [
    [{ to: 'a@example.fr\r\nBcc: b@example.fr' }, ['to']],
    [{ to: 'Camille <a@example.fr>' }, ['to']],
    [{ to: ['a@example.fr', 'no address'] }, ['to']],
    [{ to: [] }, ['to']],
    [{ to: Array.from({ length: 51 }, (_, number) => `a${number}@example.fr`) }, ['to']],
    [{ subject: 'Bonjour\nBcc: b@example.fr' }, ['subject']],
    [{ subject: 'Bonjour\u2028X' }, ['subject']],
    [{ subject: ' ' }, ['subject']],
    [{ subject: 'x'.repeat(201), text: '' }, ['subject', 'text']],
    [{ replyTo: 'a@example.fr, b@example.fr' }, ['replyTo']],
    [{ html: 'x'.repeat(500_001) }, ['html']],
    [{ attachments: [{ name: 'a', type: 'text/plain\r\nX: y', content: new Uint8Array() }] }, ['attachments']],
    [{ attachments: [{ name: 'a', type: 'text/plain', content: new Uint8Array(5 * 1_024 * 1_024 + 1) }] }, ['attachments']],
    [{ to: 42 as unknown as string, subject: null as unknown as string }, ['to', 'subject']],
  ]
  for (const [change, fields] of wrong) {
    next = { to: 'a@example.fr', subject: 'Bonjour', text: 'Texte', ...change }
    const answer = await send(kit)
    expect([answer.status, Object.keys(answer.json<{ fields: object }>().fields)]).toEqual([422, fields])
  }
  await kit.settle()
  expect(kit.mails).toEqual([])
})

test('[Q9] without the scope no mail is sent', async () => {
  await using kit = await startTestPlatform({ plugins: [silent] })
  next = { to: 'a@example.fr', subject: 'Bonjour', text: 'Texte' }
  const answer = await kit.tenant().visitor.post('/apps/silent/send', {})
  expect([answer.status, answer.json<{ code: string }>().code]).toEqual([500, 'SCOPE_MISSING'])
})

test('[Q9] no plugin can forge a mail as an event, nor listen to those of others', async () => {
  const Forged = defineEvent('fr.liberacces.kernel.mail/v1', Type.Any())
  const heard: unknown[] = []
  const spy = definePlugin()({
    ...parts, id: 'fr.test.spy', path: 'spy', scopes: ['db'], emits: [Forged],
    setup(k) {
      k.route({ method: 'POST', path: '/forge', audience: 'public', summary: 'Forge', response: { 200: Type.Object({}) } }, async (c) => {
        await c.transaction((tx) => tx.emit(Forged, { to: ['a@example.fr'], subject: 's', text: 't' }))
        return c.reply(200, {})
      })
      k.on(Forged, async (_c, event) => { heard.push(event) })
    },
  }) as Plugin
  await using kit = await startTestPlatform({ plugins: [postal, spy] })
  expect((await kit.tenant().visitor.post('/apps/spy/forge', {})).status).toBe(500)
  next = { to: 'a@example.fr', subject: 'Secret', text: 'Texte' }
  await send(kit)
  await kit.settle()
  expect([kit.mails.map(({ subject }) => subject), heard]).toEqual([['Secret'], []])
})

test('[Q10] a mail that the server refuses is a dead letter on the page at once, its button tries again, and one that the server cannot take waits without using up tries', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-mail-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const outside = testOutside(1)
  const sent: OutgoingMail[] = []
  let server: 'refuses' | 'is down' | 'works' = 'refuses'
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', ...await runEnvironment(folder), LIBERACCES_LOG: 'silent' }, folder), plugins: [givenPlugin(postal)], outside,
    mail: {
      send: async (mail) => {
        if (server === 'refuses') throw new PlatformError('MAIL_REFUSED', 'The mail server refuses this mail: 550 No such user', { fix: '' })
        if (server === 'is down') throw new PlatformError('UNAVAILABLE', 'down', { fix: '' })
        sent.push(mail)
      },
      close: () => undefined,
    },
  })
  onTestFinished(async () => { await platform.stop() })
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  const tenant = await platform.tenants.create({ kind: 'commune', name: 'Aytré', slug: 'aytre', population: 9_000 }, BY)
  await platform.installations.enable(tenant.id, 'fr.test.post', '*', BY)
  const { port } = await platform.listen()
  const visitor = new TestClient(port, 'aytre.localhost')
  next = { to: 'nobody@example.fr', subject: 'Perdu', text: 'x' }
  expect((await visitor.post('/apps/post/send', {})).status).toBe(200)
  await platform.events.settle()
  const [dead] = await platform.events.list(tenant.id, { status: 'dead', limit: 10 })
  expect(dead).toMatchObject({ attempts: 1, lastError: expect.stringContaining('No such user') as string })
  const admin = await platform.accounts.create(tenant.id, { login: 'paul', name: 'Paul', password: 'une-phrase-de-passe-longue', roles: ['tenant-admin'] }, BY)
  const page = await new TestClient(port, 'aytre.localhost', { cookie: { name: 'liberacces_session', value: (await platform.sessions.open(tenant.id, admin.id)).token } }).get('/admin/evenements', { headers: { accept: 'text/html' } })
  expect([page.text.includes('Courriel à envoyer'), page.text.includes('Poste'), page.text.includes('No such user')]).toEqual([true, true, true])
  server = 'is down'
  await platform.events.replay(tenant.id, dead?.eventId ?? '')
  for (let hour = 0; hour < 12; hour += 1) {
    await platform.events.settle()
    outside.advance(3_600_000)
  }
  expect(await platform.events.list(tenant.id, { status: 'pending', limit: 10 })).toMatchObject([{ attempts: 0 }])
  server = 'works'
  await platform.events.settle()
  expect([sent.map(({ subject }) => subject), await platform.events.list(tenant.id, { status: 'dead', limit: 10 })]).toEqual([['Perdu'], []])
  // What has left is not sent again by a replay.
  await platform.events.replay(tenant.id, dead?.eventId ?? '')
  await platform.events.settle()
  expect([sent.length, await platform.storage.storesOf(tenant.id)]).toEqual([1, [{ tenantId: tenant.id, pluginId: 'fr.test.post' }]])
})
