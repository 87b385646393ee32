import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startTestPlatform, type TestClient, type TestPlatform } from '@liberacces/certification/testing'
import { defineEvent, definePlugin, Type } from '@liberacces/sdk'
import { CloudEvent, HTTP } from 'cloudevents'
import { Webhook } from 'standardwebhooks'
import { describe, expect, onTestFinished, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import webhooks from '../src/plugin.tsx'

const Booked = defineEvent('fr.example.canteen.booked/v1', Type.Object({ child: Type.String(), email: Type.Optional(Type.String()) }), { subject: 'child' })
const heard: { readonly type: string; readonly data: unknown }[] = []
const canteen = definePlugin()({
  id: 'fr.example.canteen', version: '1.0.0', path: 'cantine', sdk: '^0.1.0', license: 'MIT', runtime: 'inline', title: { fr: 'Cantine' }, publisher: { name: 'Example', contact: 'https://example.fr' },
  scopes: ['db'], emits: [Booked], permissions: { book: { title: { fr: 'Réserver' }, roles: ['agent', 'tenant-admin'] } }, privacy: { stores: [] }, messages: { fr: {}, en: {} },
  setup(k) {
    k.route({ method: 'POST', path: '/book', audience: 'agent', permission: 'book', summary: 'Book', body: Type.Object({ child: Type.String(), email: Type.Optional(Type.String()) }), response: { 204: Type.Null() } }, async (c, { body }) => {
      await c.transaction((tx) => tx.emit(Booked, body))
      return c.reply(204, null)
    })
    k.on(Booked, async (_c, { type, data }) => { heard.push({ type, data }) })
  },
})

interface Got { readonly headers: IncomingMessage['headers']; readonly body: string }

/** A receiver of the test's own on loopback. */
async function receiver(answer: RequestListener | number = 204) {
  const got: Got[] = []
  const state = { answer }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      if (typeof state.answer === 'number') response.writeHead(state.answer).end()
      else state.answer(request, response)
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { got, state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

interface Rig { readonly platform: TestPlatform; readonly admin: TestClient; create(url: string, format?: string, types?: string): Promise<string>; book(child: string): Promise<void>; table(name: 'delivery' | 'attempt' | 'endpoint'): Promise<readonly Readonly<Record<string, unknown>>[]> }

async function start(env: Readonly<Record<string, string>> = { LIBERACCES_EGRESS_ALLOW: '127.0.0.1' }): Promise<Rig> {
  heard.length = 0
  const platform = await startTestPlatform({ plugins: [canteen, webhooks], network: 'real', env })
  onTestFinished(async () => { await platform[Symbol.asyncDispose]() })
  await platform.platform.settings.set(platform.tenant().id, 'fr.liberacces.webhooks', { timeoutSeconds: 1, accepts: [Booked.id] }, { kind: 'operator', id: 'test', name: 'Test' })
  const admin = await platform.as('tenant-admin')
  return {
    platform, admin,
    async create(url, format = 'standard', types = Booked.id) {
      const answer = await admin.submit('/apps/webhooks/abonnements/nouveau', { url, label: 'Partenaire', format, types })
      expect(answer.status, answer.text).toBe(303)
      return /abonnements\/([^/]+)\/cle/.exec(answer.headers['location'] ?? '')?.[1] ?? ''
    },
    // Somebody new each time: sessions end while the clock is moved.
    async book(child) { expect((await (await platform.as('tenant-admin')).post('/apps/cantine/book', { child })).status).toBe(204) },
    table: (name) => platform.platform.runtime.call(
      platform.platform.installations.modules(platform.tenant().id).byId.get('fr.liberacces.webhooks') as never, platform.platform.systemOrigin(platform.tenant().id), { what: 'test', limitMs: 5_000 },
      (c) => (c.db as never as { selectFrom(name: string): { selectAll(): { orderBy(column: string): { execute(): Promise<never> } } } }).selectFrom(name).selectAll().orderBy('id').execute()),
  }
}

const secretOf = async ({ admin }: Rig, id: string): Promise<readonly string[]> =>
  [...(await admin.get(`/apps/webhooks/abonnements/${id}/cle`, { headers: { accept: 'text/html' } })).text.matchAll(/whsec_[A-Za-z0-9+/=]+/g)].map(([secret]) => secret)

/** As receivers do it, but by the clock of the test. */
function verify(secret: string, { headers, body }: Got): boolean {
  const signed = new Webhook(secret).sign(String(headers['webhook-id']), new Date(Number(headers['webhook-timestamp']) * 1_000), body)
  return String(headers['webhook-signature']).split(' ').includes(signed)
}

describe('out', () => {
  test('[B20] an event is posted once to whoever wants it, signed as Standard Webhooks say, and on record with its time', async () => {
    const rig = await start()
    const peer = await receiver()
    const other = await receiver()
    const id = await rig.create(peer.url)
    await rig.create(other.url, 'standard', 'fr.example.canteen.*')
    await rig.book('c-1')
    await rig.platform.settle()
    expect(peer.got).toHaveLength(1)
    expect(other.got).toHaveLength(1)
    const [got] = peer.got as [Got]
    expect(JSON.parse(got.body)).toMatchObject({ type: Booked.id, subject: 'c-1', source: 'urn:liberacces:commune-1:fr.example.canteen', data: { child: 'c-1' } })
    const [secret = ''] = await secretOf(rig, id)
    expect(verify(secret, got)).toBe(true)
    expect(verify(secret, { ...got, body: `${got.body} ` })).toBe(false)
    expect(got.headers['traceparent']).toBeDefined()
    expect((await rig.table('delivery')).map(({ state, attempts }) => ({ state, attempts }))).toEqual([{ state: 'delivered', attempts: 1 }, { state: 'delivered', attempts: 1 }])
    const page = await rig.admin.get(`/apps/webhooks/abonnements/${id}`, { headers: { accept: 'text/html' } })
    expect(page.text).toContain('Remis')
    expect(page.text).not.toContain('whsec_')
    expect(JSON.stringify(await rig.table('endpoint'))).not.toContain('whsec_')
  })

  test('[B21] CloudEvents leave structured, binary and in batches, as the official library reads them', async () => {
    const rig = await start()
    const peers = { structured: await receiver(), binary: await receiver(), batch: await receiver() }
    for (const [format, peer] of Object.entries(peers)) await rig.create(peer.url, format)
    for (const child of ['é "1"', 'c-2', 'c-3']) await rig.book(child)
    await rig.platform.settle()
    const read = ({ headers, body }: Got) => HTTP.toEvent<unknown>({ headers: headers as Record<string, string>, body })
    const [structured, binary, batch] = [peers.structured.got.map(read), peers.binary.got.map(read), peers.batch.got.map(read)].map((all) => (all as unknown[]).flat() as CloudEvent<{ child: string }>[])
    for (const events of [structured, binary, batch]) {
      expect(events?.map(({ data }) => data?.child).toSorted()).toEqual(['c-2', 'c-3', 'é "1"'])
      for (const event of events ?? []) expect(new CloudEvent(event).validate()).toBe(true)
    }
    expect(binary?.map(({ subject }) => decodeURIComponent(subject ?? '')).toSorted()).toEqual(['c-2', 'c-3', 'é "1"'])
  })

  test('[B21] a batch that comes again with other events does not pass for the one before', async () => {
    const rig = await start()
    const peer = await receiver(503)
    await rig.create(peer.url, 'batch')
    for (const child of ['c-1', 'c-2']) {
      await rig.book(child)
      await rig.platform.settle()
    }
    await rig.platform.advance(10_000)
    await rig.platform.settle()
    const bodies = Map.groupBy(peer.got, ({ headers }) => headers['webhook-id'])
    expect(peer.got.some(({ body }) => (JSON.parse(body) as unknown[]).length === 2)).toBe(true)
    for (const same of bodies.values()) expect(new Set(same.map(({ body }) => body)).size).toBe(1)
  })

  test('[B22] a replaced key goes on signing beside the new one for seven days', async () => {
    const rig = await start()
    const peer = await receiver()
    const id = await rig.create(peer.url)
    const [before = ''] = await secretOf(rig, id)
    expect((await rig.admin.submit(`/apps/webhooks/abonnements/${id}/renouveler`, {}, `/apps/webhooks/abonnements/${id}`)).status).toBe(303)
    const [after = '', old] = await secretOf(rig, id)
    expect(old).toBe(before)
    await rig.book('c-1')
    await rig.platform.settle()
    expect([before, after].map((secret) => verify(secret, peer.got[0] as Got))).toEqual([true, true])
    await rig.platform.advance(8 * 86_400_000)
    await rig.book('c-2')
    await rig.platform.settle()
    expect([before, after].map((secret) => verify(secret, peer.got[1] as Got))).toEqual([false, true])
  })

  test('[B23] what fails comes again with growing pauses, by the same id; after days of failure the endpoint is switched off and its administrators told, and nothing is lost', async () => {
    const rig = await start()
    const peer = await receiver(503)
    const id = await rig.create(peer.url)
    await rig.platform.platform.accounts.create(rig.platform.tenant().id, { login: 'anne', name: 'Anne', email: 'anne@example.fr', password: 'a-long-enough-password', roles: ['tenant-admin'] }, { kind: 'operator', id: 'test', name: 'Test' })
    await rig.book('c-1')
    await rig.platform.settle()
    expect(peer.got).toHaveLength(1)
    await rig.platform.advance(7_000)
    expect(peer.got).toHaveLength(2)
    await rig.platform.advance(60_000)
    expect(peer.got).toHaveLength(2)
    for (let hour = 0; hour < 24 * 4; hour += 1) await rig.platform.advance(3_600_000)
    const tries = peer.got.length
    expect(tries).toBe(10)
    expect(new Set(peer.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect((await rig.table('delivery')).map(({ state }) => state)).toEqual(['failed'])
    await rig.book('c-2')
    for (let hour = 0; hour < 30; hour += 1) await rig.platform.advance(3_600_000)
    expect((await rig.table('endpoint')).map(({ state }) => state)).toEqual(['failed'])
    expect(rig.platform.mails.map(({ to, subject }) => ({ to, subject }))).toEqual([{ to: ['anne@example.fr'], subject: 'Webhook désactivé\u00a0: Partenaire' }])
    peer.state.answer = 204
    await rig.book('c-3')
    await rig.platform.settle()
    const before = peer.got.length
    const later = await rig.platform.as('tenant-admin')
    expect((await later.submit(`/apps/webhooks/abonnements/${id}/activer`, {}, `/apps/webhooks/abonnements/${id}`)).status).toBe(303)
    await rig.platform.settle()
    expect(peer.got.slice(before).map(({ body }) => (JSON.parse(body) as { data: { child: string } }).data.child).toSorted()).toEqual(['c-2', 'c-3'])
    const given = (await rig.table('delivery')).find(({ state }) => state === 'failed')
    expect((await later.submit(`/apps/webhooks/envois/${String(given?.['id'])}/renvoyer`, {}, `/apps/webhooks/abonnements/${id}`)).status).toBe(303)
    await rig.platform.settle()
    expect((await rig.table('delivery')).map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered'])
  })

  test('[B24] a target that hangs, lies about its length, sends on, answers without end or is private costs itself alone', async () => {
    const rig = await start({ LIBERACCES_EGRESS_ALLOW: '127.0.0.1,sends-on.example.fr' })
    const good = await receiver()
    const secretPlace = await receiver()
    const bad = {
      hangs: await receiver(() => undefined),
      lies: await receiver((_request, response) => {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('short')
        response.socket?.end()
      }),
      sendsOn: await receiver((_request, response) => { response.writeHead(302, { location: secretPlace.url }).end() }),
      endless: await receiver((_request, response) => {
        response.writeHead(200)
        const more = (): void => { while (response.write(Buffer.alloc(65_536))) { /* until the pipe is full */ } }
        response.on('drain', more)
        more()
      }),
      drips: await receiver((_request, response) => {
        response.writeHead(200)
        const timer = setInterval(() => { response.write('.') }, 20)
        response.on('close', () => { clearInterval(timer) })
      }),
    }
    for (const peer of Object.values(bad)) await rig.create(peer.url)
    await rig.create(good.url)
    for (const [name, addresses] of [['loop.example.fr', ['127.0.0.2']], ['meta.example.fr', ['169.254.169.254']], ['ten.example.fr', ['10.0.0.1']], ['mapped.example.fr', ['::ffff:127.0.0.3']]] as const) {
      rig.platform.outside.resolve(name, addresses)
      await rig.create(`https://${name}/hook`)
    }
    await rig.book('c-1')
    await rig.platform.settle()
    expect(good.got).toHaveLength(1)
    expect(secretPlace.got).toHaveLength(0)
    const errors = (await rig.table('attempt')).map(({ error }) => error).filter((error) => error !== null).map(String)
    expect(errors).toHaveLength(9)
    expect(errors.filter((error) => error.includes('no address of the public internet'))).toHaveLength(4)
    expect(errors).toContain('HTTP 302')
    expect(errors.some((error) => error.includes('larger'))).toBe(true)
  }, 60_000)

  test('[B24] a plain address is taken only where the operator names its host', async () => {
    const rig = await start({})
    const peer = await receiver()
    await rig.create(peer.url)
    await rig.book('c-1')
    await rig.platform.settle()
    expect(peer.got).toEqual([])
    expect((await rig.table('attempt')).map(({ error }) => String(error))).toEqual([expect.stringContaining('no address of the public internet')])
  })

  test('[B25] what waits when the process dies is sent after the next start', async () => {
    const rig = await start()
    const peer = await receiver(500)
    await rig.create(peer.url)
    await rig.book('c-1')
    await rig.platform.settle()
    await rig.platform.crash()
    peer.state.answer = 204
    await rig.platform.advance(3_600_000)
    expect(peer.got).toHaveLength(2)
    expect((await rig.table('delivery')).map(({ state }) => state)).toEqual(['delivered'])
  })

  test('an event that nobody knows, and an address with a password, are refused in the form', async () => {
    const rig = await start()
    const answer = await rig.admin.submit('/apps/webhooks/abonnements/nouveau', { url: 'https://user:pw@example.fr/', label: 'x', format: 'standard', types: 'fr.example.nothing/v1' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('fr.example.nothing/v1')
    expect((await (await rig.platform.as('agent')).get('/apps/webhooks/', { headers: { accept: 'text/html' } })).status).toBe(403)
  })
})

describe('in', () => {
  const event = (id: string, data: unknown = { child: 'c-9' }, more: object = {}) => ({ specversion: '1.0', id, source: '//bus.example.fr', type: Booked.id, data, ...more })
  const post = (rig: Rig, body: unknown, type = 'application/cloudevents+json', headers: Readonly<Record<string, string>> = {}) =>
    rig.admin.send('POST', '/apps/webhooks/evenements', { body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': type, ...headers } })

  test('[B26] a CloudEvent comes in once by source and id, when its contract is accepted and its data fits', async () => {
    const rig = await start()
    expect((await post(rig, event('1'))).status).toBe(202)
    const again = await post(rig, event('1'))
    expect([again.status, again.json()]).toEqual([200, { results: [{ id: '1', source: '//bus.example.fr', status: 200 }] }])
    await rig.platform.settle()
    expect(heard).toEqual([{ type: Booked.id, data: { child: 'c-9' } }])
    expect((await post(rig, event('2', { child: 3 }))).json()).toMatchObject({ results: [{ status: 422, problem: { code: 'EVENT_INVALID' } }] })
    expect((await post(rig, event('2'))).status).toBe(202)
    expect((await post(rig, event('3', {}, { type: 'fr.example.other/v1' }))).json()).toMatchObject({ results: [{ status: 422, problem: { code: 'EVENT_NOT_ACCEPTED' } }] })
    expect((await post(rig, { ...event('4'), specversion: '0.3' })).json()).toMatchObject({ results: [{ status: 400, problem: { code: 'EVENT_MALFORMED', fields: { specversion: expect.any(String) as string } } }] })
    expect((await post(rig, 'not json')).status).toBe(400)
    expect((await post(rig, 'x'.repeat(1_048_577))).status).toBe(413)
    expect((await post(rig, event('5'), 'application/xml')).status).toBe(415)
  })

  test('[B27] a batch answers for each of its events, and one that is wrong keeps none of the others out', async () => {
    const rig = await start()
    const answer = await post(rig, [event('1'), event('2', { child: 3 }), event('1'), 'nothing'], 'application/cloudevents-batch+json; charset=utf-8')
    expect(answer.status).toBe(207)
    expect(answer.json<{ results: { status: number }[] }>().results.map(({ status }) => status)).toEqual([202, 422, 200, 400])
    await rig.platform.settle()
    expect(heard).toHaveLength(1)
    const binary = await post(rig, JSON.stringify({ child: 'é' }), 'application/json', { 'ce-specversion': '1.0', 'ce-id': '7', 'ce-source': '//bus.example.fr', 'ce-type': Booked.id, 'ce-subject': '%C3%A9' })
    expect(binary.status).toBe(202)
    const official = HTTP.structured(new CloudEvent({ id: '8', source: '//bus.example.fr', type: Booked.id, data: { child: 'o' } }))
    expect((await post(rig, String(official.body), 'application/cloudevents+json')).status).toBe(202)
  })

  test('[B26] it takes an account with the permission, by an API token as well', async () => {
    const rig = await start()
    expect((await rig.platform.tenant().visitor.send('POST', '/apps/webhooks/evenements', { body: JSON.stringify(event('1')), headers: { 'content-type': 'application/cloudevents+json' } })).status).toBe(401)
    expect((await (await rig.platform.as('agent')).send('POST', '/apps/webhooks/evenements', { body: JSON.stringify(event('1')), headers: { 'content-type': 'application/cloudevents+json' } })).status).toBe(403)
    const partner = await rig.platform.as('agent.exchange')
    expect((await partner.send('POST', '/apps/webhooks/evenements', { body: JSON.stringify(event('1')), headers: { 'content-type': 'application/cloudevents+json' } })).status).toBe(202)
  })
})

test('what was sent about a person is exported and erased', async () => {
  const rig = await start()
  const peer = await receiver()
  await rig.create(peer.url)
  await rig.admin.post('/apps/cantine/book', { child: 'c-1', email: 'Lea_Roy@example.fr' })
  // Not hers, though "_" may stand for any character.
  await rig.admin.post('/apps/cantine/book', { child: 'c-2', email: 'leaxroy@example.fr' })
  await rig.platform.settle()
  const subject = { id: 'a-1', email: 'lea_roy@example.fr', name: 'Léa' }
  const { privacy } = webhooks as unknown as { privacy: { export(c: unknown, subject: object): Promise<{ data: { deliveries: unknown[] } }>; erase(c: unknown, subject: object): Promise<{ erased: number }> } }
  const run = <Result>(body: (c: unknown) => Promise<Result>) => rig.platform.platform.runtime.call(rig.platform.platform.installations.modules(rig.platform.tenant().id).byId.get('fr.liberacces.webhooks') as never, rig.platform.platform.systemOrigin(rig.platform.tenant().id), { what: 'test', limitMs: 5_000 }, body)
  expect((await run((c) => privacy.export(c, subject))).data.deliveries).toHaveLength(1)
  expect(await run((c) => privacy.erase(c, subject))).toEqual({ erased: 1 })
  expect(JSON.stringify(await rig.table('delivery'))).not.toContain('Roy@example.fr"')
  expect(JSON.stringify(await rig.table('delivery'))).toContain('leaxroy@example.fr')
})

test('both languages say the same things, and French is well typed', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
  expect(Object.values(fr).filter((text) => / [:;?!»]/.test(text) || /« /.test(text) || text.includes('\''))).toEqual([])
})
