import { randomBytes } from 'node:crypto'
import { startTestPlatform, type TestPlatform } from '@liberacces/certification/testing'
import { defineEvent, definePlugin, Type, type Migrations, type Plugin } from '@liberacces/sdk'
import { afterEach, expect, test } from 'vitest'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const DAY_MS = 86_400_000
const Noted = defineEvent('fr.test.busy.noted/v1', Type.Object({ text: Type.String() }))

interface Tables { note: { id: string; text: string } }

const migrations: Migrations = {
  '0001-note': {
    up: async (db) => { await db.schema.createTable('note').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('text', 'text', (column) => column.notNull()).execute() },
    down: async (db) => { await db.schema.dropTable('note').execute() },
  },
}

/** What this thread has computed, whatever else the machine is busy with. */
function computedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

let failing = false
const handled: string[] = []
afterEach(() => {
  failing = false
  handled.length = 0
})

const busy = definePlugin<Tables>()({
  id: 'fr.test.busy', version: '1.0.0', path: 'busy', sdk: '*', license: 'MIT', title: { fr: 'Occupé' }, publisher: { name: 'Test', contact: 'x' },
  runtime: 'inline', scopes: ['db', 'files', 'mail:send'], privacy: { stores: [] }, messages: { fr: {}, en: {} }, emits: [Noted], migrations,
  setup(k) {
    k.route({ method: 'POST', path: '/notes', audience: 'public', summary: 'Note', body: Type.Object({ text: Type.String(), times: Type.Optional(Type.Integer()), inHours: Type.Optional(Type.Integer()) }), response: { 201: Type.Object({}) } }, async (c, { body }) => {
      await c.transaction(async (tx) => {
        await tx.insertInto('note').values({ id: c.id(), text: body.text }).execute()
        for (let time = 0; time < (body.times ?? 1); time += 1) await tx.emit(Noted, { text: body.text }, body.inHours === undefined ? {} : { notBefore: new Date(c.now().getTime() + body.inHours * 3_600_000) })
        if (failing) throw new Error('after all of it')
      })
      return c.reply(201, {})
    })
    k.route({ method: 'GET', path: '/notes', audience: 'public', summary: 'Notes', response: { 200: Type.Object({ count: Type.Integer() }) } }, async (c) =>
      c.reply(200, { count: (await c.db.selectFrom('note').select('id').execute()).length }))
    k.route({ method: 'GET', path: '/compute', audience: 'public', summary: 'Compute', response: { 200: Type.Object({ sum: Type.Number() }) } }, async (c) => {
      const until = computedMs() + 60
      let sum = 0
      while (computedMs() < until) sum += Math.sqrt(sum + 1)
      return c.reply(200, { sum })
    })
    k.on(Noted, async (_c, { data }) => { handled.push(data.text) })
  },
}) as Plugin

const post = (kit: TestPlatform, body: object, tenant = 0) => kit.tenant(tenant).visitor.post('/apps/busy/notes', body)
const notes = async (kit: TestPlatform): Promise<number> => (await kit.tenant().visitor.get('/apps/busy/notes', { headers: { accept: 'application/json' } })).json<{ count: number }>().count

test('[Q5] past the events of a day a change is refused as a whole, others go on, and the next day begins anew', async () => {
  await using kit = await startTestPlatform({ plugins: [busy], tenants: 2 })
  const tenant = kit.platform.tenants.byId(kit.tenant().id)!
  await kit.platform.entitlements.setQuotas(tenant, { events: 3 }, BY)
  expect((await post(kit, { text: 'a', times: 2 })).status).toBe(201)
  const refused = await post(kit, { text: 'b', times: 2 })
  expect([refused.status, Number(refused.headers['retry-after']) > 0, refused.json<{ code: string; detail: string }>()]).toEqual([429, true, expect.objectContaining({ code: 'QUOTA_EXCEEDED', detail: expect.stringContaining('3 a day') as string })])
  expect(await notes(kit)).toBe(1)
  // The one that fitted was given back.
  expect((await post(kit, { text: 'c' })).status).toBe(201)
  expect((await post(kit, { text: 'd' }, 1)).status).toBe(201)
  expect((await post(kit, { text: 'e' })).status).toBe(429)
  await kit.advance(DAY_MS)
  expect((await post(kit, { text: 'f' })).status).toBe(201)
})

test('[Q5] what a transaction took and did not keep is given back', async () => {
  await using kit = await startTestPlatform({ plugins: [busy] })
  const tenant = kit.platform.tenants.byId(kit.tenant().id)!
  await kit.platform.entitlements.setQuotas(tenant, { events: 2 }, BY)
  failing = true
  // One more, and it would not be tried for a while.
  for (let time = 0; time < 4; time += 1) expect((await post(kit, { text: 'x', times: 2 })).status).toBe(500)
  failing = false
  expect((await post(kit, { text: 'y', times: 2 })).status).toBe(201)
})

test('[Q5] of many at the same time, as many as fit are taken', async () => {
  await using kit = await startTestPlatform({ plugins: [busy] })
  const tenant = kit.platform.tenants.byId(kit.tenant().id)!
  await kit.platform.entitlements.setQuotas(tenant, { events: 7 }, BY)
  const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => post(kit, { text: `n${number}` })))
  expect([answers.filter(({ status }) => status === 201).length, await notes(kit)]).toEqual([7, 7])
})

test('[Q4] past its storage a tenant is told so with 507, on a page in its language, and nothing is half stored', async () => {
  await using kit = await startTestPlatform({ plugins: [busy] })
  const tenant = kit.platform.tenants.byId(kit.tenant().id)!
  await post(kit, { text: 'first' })
  // Until then the delivery of its event has no pages on the disk, which count as the others do.
  await kit.settle()
  const [before] = await kit.platform.quotas.useOf(tenant.id)
  await kit.platform.entitlements.setQuotas(tenant, { storage: before!.used + 40_960 }, BY)
  const large = randomBytes(150_000).toString('base64')
  const refused = await post(kit, { text: large })
  expect([refused.status, refused.json<{ code: string; detail: string }>()]).toEqual([507, expect.objectContaining({ code: 'QUOTA_EXCEEDED', detail: expect.stringContaining('KiB') as string })])
  const page = await kit.tenant().visitor.post('/apps/busy/notes', { text: large }, { headers: { accept: 'text/html' } })
  expect([page.status, page.text.includes('Il n’y a plus de place')]).toEqual([507, true])
  expect(await notes(kit)).toBe(1)
  expect((await post(kit, { text: 'small' })).status).toBe(201)
})

test('[Q6] past its computing time a tenant’s plugins are not called until the next day, events wait, and others go on', async () => {
  await using kit = await startTestPlatform({ plugins: [busy], tenants: 2 })
  const tenant = kit.platform.tenants.byId(kit.tenant().id)!
  await kit.platform.entitlements.setQuotas(tenant, { cpu: 1 }, BY)
  expect((await post(kit, { text: 'waits', inHours: 1 })).status).toBe(201)
  const compute = (index: number) => kit.tenant(index).visitor.get('/apps/busy/compute', { headers: { accept: 'text/html' } })
  let calls = 0
  while (calls < 100 && (await compute(0)).status === 200) calls += 1
  // One second in calls of 60 ms and what is computed around them.
  expect(calls).toBeGreaterThanOrEqual(10)
  expect(calls).toBeLessThanOrEqual(17)
  const page = await compute(0)
  expect([page.status, page.text.includes('Quota du jour épuisé')]).toEqual([429, true])
  await kit.advance(3_700_000)
  expect([handled, (await kit.platform.events.list(tenant.id, { status: 'dead', limit: 10 })).length]).toEqual([[], 0])
  expect((await compute(1)).status).toBe(200)
  await kit.advance(DAY_MS)
  expect([(await compute(0)).status, handled]).toEqual([200, ['waits']])
})

test('[Q7] what was used is there after a restart, the warnings too, and nothing is written request by request', async () => {
  await using kit = await startTestPlatform({ plugins: [busy] })
  const tenant = kit.platform.tenants.byId(kit.tenant().id)!
  await kit.platform.entitlements.setQuotas(tenant, { events: 10 }, BY)
  await post(kit, { text: 'a', times: 8 })
  expect(await kit.platform.storage.platform.selectFrom('quota_usage').selectAll().execute()).toEqual([])
  await kit.platform.quotas.ledger.flush()
  await kit.crash()
  const use = await kit.platform.quotas.useOf(tenant.id)
  expect(use.find(({ kind }) => kind === 'events')).toEqual({ kind: 'events', used: 8, limit: 10, level: 1 })
  expect((await post(kit, { text: 'b', times: 3 })).status).toBe(429)
})
