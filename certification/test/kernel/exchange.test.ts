import { createServer, type AddressInfo, type Server } from 'node:net'
import { defineEvent, definePlugin, defineWorker, RawBody, RetryLater, Secret, Type, type Plugin } from '@liberacces/sdk'
import { startTestPlatform, type TestPlatformOptions } from '@liberacces/certification/testing'
import { describe, expect, onTestFinished, test } from 'vitest'

const ABOUT = { version: '1.0.0', sdk: '^0.1.0', license: 'MIT', publisher: { name: 'Example', contact: 'https://example.fr' }, runtime: 'inline', privacy: { stores: [] } } as const
const BookingCreated = defineEvent('fr.example.canteen.booking-created/v1', Type.Object({ child: Type.String(), day: Type.String({ format: 'date' }) }), { subject: 'child' })

/** Emits what is posted to it. */
const canteen = definePlugin()({
  ...ABOUT, id: 'fr.example.canteen', path: 'cantine', title: { fr: 'Cantine', en: 'Canteen' }, scopes: ['db'], emits: [BookingCreated],
  permissions: { book: { title: { fr: 'Réserver' }, roles: ['agent'] } }, messages: { fr: {}, en: {} },
  setup(k) {
    k.route({ method: 'POST', path: '/bookings', audience: 'agent', permission: 'book', summary: 'Book', body: Type.Object({ child: Type.String() }), response: { 204: Type.Null() } }, async (c, { body }) => {
      await c.transaction((tx) => tx.emit(BookingCreated, { child: body.child, day: '2026-03-02' }))
      return c.reply(204, null)
    })
  },
})

const Link = defineWorker<{ readonly said: string[] }>('link')

/** What the test looks at of one tap: it stands in for the outside. */
interface Tapped {
  readonly events: { readonly type: string; readonly source: string; readonly subject: string | undefined; readonly data: unknown }[]
  readonly runs: string[]
  fail: 'not' | 'later' | 'worker'
  port: number
}

/** Hears everything, brings in what it is posted, and keeps a connection. */
function tap(tapped: Tapped, more: { readonly scopes?: readonly ('db' | 'events:write:*')[]; readonly optional?: boolean } = {}): Plugin {
  return definePlugin()({
    ...ABOUT, id: 'fr.example.tap', path: 'tap', title: { fr: 'Robinet', en: 'Tap' },
    scopes: ['db', 'tcp:*', 'mail:send', ...(more.optional === true ? [] : ['events:read:*', 'events:write:*'] as const)],
    ...(more.optional === true ? { optionalScopes: { 'events:read:*': { fr: 'Rien n’est transmis.' }, 'events:write:*': { fr: 'Rien n’entre.' } } } : {}),
    settings: Type.Object({ host: Type.String({ default: '' }), password: Type.Optional(Secret({ title: 'Mot de passe' })) }),
    permissions: { tap: { title: { fr: 'Tout' }, roles: ['tenant-admin'] } },
    messages: { fr: { up: 'Relié à {host}.', down: 'Coupé.' }, en: { up: 'Connected to {host}.', down: 'Cut.' } },
    setup(k) {
      k.onAny(async (c, event) => {
        if (tapped.fail === 'later') throw new RetryLater('The bus is away.')
        tapped.events.push({ type: event.type, source: event.source, subject: event.subject, data: event.data })
        c.held(Link)?.said.push(event.type)
        c.wake(Link)
      }, { id: 'all' })
      k.worker(Link, async (w) => {
        tapped.runs.push(`${w.tenant.slug} ${w.settings.host} ${w.settings.password ?? '-'}`)
        if (tapped.fail === 'worker') throw new Error('It broke.')
        if (w.settings.host === '') return
        const socket = await w.connect({ host: w.settings.host, port: tapped.port })
        const said: string[] = []
        w.hold({ said })
        w.health('working', 'up', { host: w.settings.host })
        for (;;) {
          await w.pause()
          for (const type of said.splice(0)) socket.write(`${await w.run('say', async (c) => `${c.tenant.slug} ${type} ${c.actor.kind}`)}\n`)
        }
      })
      k.route({ method: 'POST', path: '/in', audience: 'admin', permission: 'tap', summary: 'Bring in', body: RawBody({ types: ['application/x-lines', 'text/plain'], maxBytes: 100, headers: ['x-kind', 'ce-*', 'authorization'] }), response: { 200: Type.Unknown() } }, async (c, { body }) => {
        const [type = '', json = ''] = Buffer.from(body.bytes).toString('utf8').split('\n')
        const outcome = await c.transaction((tx) => tx.publish({ type, data: JSON.parse(json) as unknown })).then((id) => typeof id, (error: { code: string }) => error.code)
        return c.reply(200, { outcome, type: body.type, headers: body.headers })
      })
      k.route({ method: 'GET', path: '/look', audience: 'admin', permission: 'tap', summary: 'Look', response: { 200: Type.Unknown() } }, async (c) => {
        const sealed = await c.secrets.seal('whsec_x')
        return c.reply(200, {
          known: (await c.knownEvents()).map(({ id, subject, emittedBy, heardBy }) => ({ id, subject, emittedBy, heardBy })),
          health: { state: c.health(Link).state, text: c.health(Link).text }, password: c.settings.password ?? null,
          sealed, opened: (await c.secrets.open(sealed)) ?? null, random: c.secrets.random(32).length,
        })
      })
      k.route({ method: 'GET', path: '/open/:sealed', audience: 'admin', permission: 'tap', summary: 'Open', params: Type.Object({ sealed: Type.String() }), response: { 200: Type.Unknown() } }, async (c, { params }) =>
        c.reply(200, { opened: (await c.secrets.open(params.sealed)) ?? null }))
      k.route({ method: 'POST', path: '/mail', audience: 'admin', permission: 'tap', summary: 'Mail', response: { 204: Type.Null() } }, async (c) => {
        await c.mail.send({ to: { administrators: true }, subject: 'Panne', text: 'Le bus est coupé.' })
        return c.reply(204, null)
      })
      k.command({ name: 'greet', summary: 'say hello', input: Type.Object({ names: Type.Array(Type.String()), times: Type.Integer({ default: 1 }) }), output: Type.Array(Type.Object({ text: Type.String() })) }, async (c, { names, times }) =>
        names.map((name) => ({ text: `${name} ×${times} ${c.tenant.slug}` })))
    },
  })
}

async function start(options: Partial<TestPlatformOptions> & { readonly tapOptions?: Parameters<typeof tap>[1] } = {}) {
  const tapped: Tapped = { events: [], runs: [], fail: 'not', port: 0 }
  const platform = await startTestPlatform({ plugins: [canteen, tap(tapped, options.tapOptions)], network: 'real', env: { LIBERACCES_EGRESS_ALLOW: '127.0.0.1' }, ...options })
  onTestFinished(async () => { await platform[Symbol.asyncDispose]() })
  const set = (values: object) => platform.platform.settings.set(platform.tenant().id, 'fr.example.tap', values, { kind: 'operator', id: 'test', name: 'Test' })
  return { platform, tapped, set }
}

/** A server of the test's own on loopback that keeps the lines it hears. */
async function listener(): Promise<{ readonly port: number; readonly lines: string[]; readonly server: Server; cut(): void }> {
  const lines: string[] = []
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => { lines.push(...data.toString().trim().split('\n')) })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const cut = (): void => { for (const socket of sockets) socket.destroy() }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, lines, server, cut }
}

describe('every event', () => {
  test('[B7] who may hears every event of the tenant, with source and subject, and none of its own or the kernel’s', async () => {
    const { platform, tapped } = await start({ tenants: 2 })
    const [agent, admin] = [await platform.as('agent'), await platform.as('tenant-admin')]
    expect((await agent.post('/apps/cantine/bookings', { child: 'c-1' })).status).toBe(204)
    expect((await admin.send('POST', '/apps/tap/in', { body: `${BookingCreated.id}\n{"child":"c-2","day":"2026-03-03"}`, headers: { 'content-type': 'application/x-lines' } })).json()).toMatchObject({ outcome: 'string' })
    expect((await admin.send('POST', '/apps/tap/mail')).status).toBe(204)
    await platform.settle()
    expect(tapped.events).toEqual([{ type: BookingCreated.id, source: 'fr.example.canteen', subject: 'c-1', data: { child: 'c-1', day: '2026-03-02' } }])
  })

  test('[B7] an administrator who refuses it as an optional scope ends it, and grants it again', async () => {
    const { platform, tapped } = await start({ tapOptions: { optional: true } })
    const by = { kind: 'operator', id: 'test', name: 'Test' } as const
    const tenantId = platform.tenant().id
    const agent = await platform.as('agent')
    await platform.platform.consentDesk.decide(tenantId, 'fr.example.tap', { accept: [], refuse: ['events:read:*'] }, by)
    await agent.post('/apps/cantine/bookings', { child: 'c-1' })
    await platform.settle()
    expect(tapped.events).toEqual([])
    await platform.platform.consentDesk.decide(tenantId, 'fr.example.tap', { accept: ['events:read:*'], refuse: [] }, by)
    await agent.post('/apps/cantine/bookings', { child: 'c-2' })
    await platform.settle()
    expect(tapped.events.map(({ subject }) => subject)).toEqual(['c-2'])
  })

  test('[B8] what cannot be handed on now is put off and never becomes a dead letter', async () => {
    const { platform, tapped } = await start()
    tapped.fail = 'later'
    await (await platform.as('agent')).post('/apps/cantine/bookings', { child: 'c-1' })
    for (let day = 0; day < 20; day += 1) await platform.advance(86_400_000)
    expect(await platform.platform.events.list(platform.tenant().id, { limit: 10 })).toMatchObject([{ status: 'pending', attempts: 0, lastError: expect.stringContaining('The bus is away') as string }])
    tapped.fail = 'not'
    await platform.advance(86_400_000)
    expect(tapped.events).toHaveLength(1)
  })

  test('[B9] what comes in from outside must be a contract that a plugin of the tenant knows, and fit it; the kernel’s cannot be forged', async () => {
    const { platform } = await start()
    const admin = await platform.as('tenant-admin')
    const send = async (type: string, data: unknown) => (await admin.send('POST', '/apps/tap/in', { body: `${type}\n${JSON.stringify(data)}`, headers: { 'content-type': 'application/x-lines' } })).json<{ outcome: string }>().outcome
    expect(await send(BookingCreated.id, { child: 'c', day: '2026-03-03' })).toBe('string')
    expect(await send(BookingCreated.id, { child: 'c', day: 'soon' })).toBe('EVENT_INVALID')
    expect(await send('fr.example.other/v1', {})).toBe('EVENT_UNKNOWN')
    expect(await send('fr.liberacces.kernel.mail/v1', { to: ['x@example.fr'] })).toBe('EVENT_UNKNOWN')
  })
})

describe('raw bodies', () => {
  test('[B10] a body is handed on as it came, with the headers asked for and none that says who asks; size and type are held', async () => {
    const { platform } = await start()
    const admin = await platform.as('tenant-admin')
    const send = (body: string | Uint8Array, type: string) => admin.send('POST', '/apps/tap/in', { body, headers: { 'content-type': type, 'x-kind': 'k', 'x-other': 'o', 'ce-id': '1' } })
    expect((await send('x/v1\n{}', 'application/x-lines; charset=utf-8')).json()).toEqual({ outcome: 'EVENT_UNKNOWN', type: 'application/x-lines; charset=utf-8', headers: { 'x-kind': 'k', 'ce-id': '1' } })
    expect((await send('x'.repeat(101), 'application/x-lines')).status).toBe(413)
    expect((await send('{}', 'application/json')).status).toBe(415)
    expect((await (await platform.as('agent')).send('POST', '/apps/tap/in', { body: 'x', headers: { 'content-type': 'application/x-lines' } })).status).toBe(403)
  })
})

describe('secrets', () => {
  test('[B11] a secret setting is stored sealed, shown nowhere, kept when left empty, and taken away on demand', async () => {
    const { platform, set } = await start()
    const admin = await platform.as('tenant-admin')
    const page = '/admin/modules/fr.example.tap/reglages'
    expect((await admin.submit(page, { host: '', password: 'Tr0ub4dor&3' })).status).toBe(303)
    const stored = await platform.platform.storage.platform.selectFrom('setting').select('value_json').where('plugin_id', '=', 'fr.example.tap').executeTakeFirstOrThrow()
    expect(stored.value_json).not.toContain('Tr0ub4dor')
    const shown = await admin.get(page, { headers: { accept: 'text/html' } })
    expect(shown.text).not.toContain('Tr0ub4dor')
    expect(shown.text).not.toContain('sealed.1')
    expect(shown.text).toContain('Une valeur est enregistrée')
    const password = async () => (await admin.get('/apps/tap/look')).json<{ password: string | null }>().password
    expect(await password()).toBe('Tr0ub4dor&3')
    await admin.submit(page, { host: '', password: '' })
    expect(await password()).toBe('Tr0ub4dor&3')
    await platform.crash()
    expect(await platform.platform.settings.get(platform.tenant().id, 'fr.example.tap')).toMatchObject({ password: 'Tr0ub4dor&3' })
    await set({ host: '', password: '' })
    expect(await platform.platform.settings.get(platform.tenant().id, 'fr.example.tap')).toEqual({ host: '' })
    const trail = await platform.platform.audit.list(platform.tenant().id, { limit: 50 })
    expect(JSON.stringify(trail)).not.toContain('Tr0ub4dor')
  })

  test('[B12] what is sealed opens for the same plugin on the same tenant alone, and not when it was changed', async () => {
    const { platform } = await start({ tenants: 2 })
    const look = async (client: Awaited<ReturnType<typeof platform.as>>) => (await client.get('/apps/tap/look')).json<{ sealed: string; opened: string; random: number }>()
    const [first, second] = [await platform.tenant(0).as('tenant-admin'), await platform.tenant(1).as('tenant-admin')]
    const { sealed, opened, random } = await look(first)
    expect([opened, random]).toEqual(['whsec_x', 32])
    expect(sealed).not.toContain('whsec_x')
    expect((await look(first)).sealed).not.toBe(sealed)
    const open = async (client: typeof first, text: string) => (await client.get(`/apps/tap/open/${encodeURIComponent(text)}`)).json<{ opened: string | null }>().opened
    expect(await open(first, sealed)).toBe('whsec_x')
    expect(await open(second, sealed)).toBeNull()
    expect(await open(first, `${sealed.slice(0, -3)}AAA`)).toBeNull()
    expect(await open(first, 'sealed.1.')).toBeNull()
    expect(await open(first, 'nothing')).toBeNull()
  })
})

describe('workers', () => {
  test('[R222] [B13] a worker runs for each tenant, is run anew when settings change, holds what handlers use, and says how it does', async () => {
    const { platform, tapped, set } = await start({ tenants: 2 })
    const peer = await listener()
    tapped.port = peer.port
    await platform.settle()
    expect(tapped.runs).toEqual(['commune-1  -', 'commune-2  -'])
    await set({ host: '127.0.0.1', password: 'p' })
    await platform.settle()
    expect(tapped.runs.slice(2)).toEqual(['commune-1 127.0.0.1 p'])
    await (await platform.as('agent')).post('/apps/cantine/bookings', { child: 'c-1' })
    await platform.settle()
    await expect.poll(() => peer.lines).toEqual([`commune-1 ${BookingCreated.id} system`])
    const admin = await platform.as('tenant-admin')
    expect((await admin.get('/apps/tap/look')).json()).toMatchObject({
      health: { state: 'working', text: 'Relié à 127.0.0.1.' },
      known: [{ id: BookingCreated.id, subject: 'child', emittedBy: ['Cantine'], heardBy: [] }],
    })
    expect((await (await platform.tenant(1).as('tenant-admin')).get('/apps/tap/look')).json()).toMatchObject({ health: { state: 'resting' } })
    expect(platform.platform.workers.list()).toHaveLength(2)
  })

  test('[B14] a worker that fails is run again with growing pauses; one that is switched off ends, with its connections', async () => {
    const { platform, tapped, set } = await start()
    const peer = await listener()
    tapped.port = peer.port
    tapped.fail = 'worker'
    await platform.settle()
    await set({ host: '127.0.0.1' })
    await platform.settle()
    const before = tapped.runs.length
    for (let second = 0; second < 60; second += 1) await platform.advance(1_000)
    expect(tapped.runs.length - before).toBeGreaterThanOrEqual(4)
    expect(tapped.runs.length - before).toBeLessThanOrEqual(6)
    expect(platform.platform.workers.list()).toMatchObject([{ state: 'troubled' }])
    tapped.fail = 'not'
    await platform.advance(300_000)
    expect(platform.platform.workers.list()).toMatchObject([{ state: 'working' }])
    const connections = () => new Promise<number>((resolve, reject) => { peer.server.getConnections((error, count) => { if (error) reject(error); else resolve(count) }) })
    expect(await connections()).toBe(1)
    await platform.platform.installations.disable(platform.tenant().id, 'fr.example.tap', { kind: 'operator', id: 'test', name: 'Test' })
    await platform.settle()
    expect(platform.platform.workers.list()).toEqual([])
    await expect.poll(connections).toBe(0)
  })

  test('[B15] a connection goes where the scope and the operator allow, as a request does', async () => {
    const { platform, tapped, set } = await start({ env: {} })
    const peer = await listener()
    tapped.port = peer.port
    await set({ host: '127.0.0.1' })
    await platform.settle()
    expect(platform.platform.workers.list()).toMatchObject([{ state: 'troubled' }])
    expect(peer.lines).toEqual([])
  })
})

test('[B16] a mail to those who administer reaches them, wherever they are named, and nobody else', async () => {
  const { platform } = await start()
  const by = { kind: 'operator', id: 'test', name: 'Test' } as const
  const tenantId = platform.tenant().id
  for (const [login, roles, email] of [['anne', ['tenant-admin'], 'a@example.fr'], ['bruno', ['agent'], 'b@example.fr']] as const) await platform.platform.accounts.create(tenantId, { login, name: login, email, password: 'a-long-enough-password', roles: [...roles] }, by)
  await (await platform.as('tenant-admin')).send('POST', '/apps/tap/mail')
  await platform.settle()
  expect(platform.mails.map(({ to, subject }) => ({ to, subject }))).toEqual([{ to: ['a@example.fr'], subject: 'Panne' }])
})
