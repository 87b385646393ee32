import { definePlugin, Type, type Migrations } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'
import { notesPlugin, NoteWritten, readerPlugin } from './notes-plugin.tsx'
import { COMMON, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

const stateOf = async (kernel: Kernel, index: number, id: string): Promise<string | undefined> =>
  (await kernel.platform.installations.list(kernel.tenantId(index))).find(({ pluginId }) => pluginId === id)?.state

/** A plugin whose second migration does what the test says. */
function migrating(second: Migrations[string]['up']) {
  return definePlugin<NoteTable>()({
    ...COMMON, id: 'fr.test.migrating', path: 'migrating', title: { fr: 'Migrant' }, scopes: ['db'], messages: { fr: {}, en: {} },
    migrations: { ...NOTE_MIGRATIONS, '0002-second': { up: second, down: async () => undefined } },
    setup(k) {
      k.route({ method: 'GET', path: '/count', audience: 'public', summary: 'Count', response: { 200: Type.Integer() } }, async (c) => c.reply(200, (await c.db.selectFrom('note').selectAll().execute()).length))
    },
  })
}

test('[L9] switching a plugin on and off needs no restart, and no request of another tenant fails meanwhile', async () => {
  await using kernel = await startKernel({ plugins: [notesPlugin, readerPlugin], tenants: 2 })
  const { client } = await kernel.withToken('agent', 1)
  let changing = true
  const statuses = new Map<number, number>()
  const load = Array.from({ length: 8 }, async () => {
    while (changing) {
      const { status } = await client.get('/apps/notes/api/notes')
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  })
  const { installations } = kernel.platform
  const seen: number[] = []
  for (let turn = 0; turn < 25; turn += 1) {
    await installations.disable(kernel.tenantId(0), 'fr.test.reader', OPERATOR)
    seen.push((await kernel.visitor(0).get('/apps/reader/any')).status)
    await installations.enable(kernel.tenantId(0), 'fr.test.reader', '*', OPERATOR)
    seen.push((await kernel.visitor(0).get('/apps/reader/any')).status)
  }
  changing = false
  await Promise.all(load)
  expect(seen).toEqual(Array.from({ length: 25 }, () => [404, 200]).flat())
  expect([...statuses.keys()]).toEqual([200])
  expect(statuses.get(200)).toBeGreaterThan(200)
})

test('[L9] requests under way while their plugin is switched off are answered, and its data is there when it is on again', async () => {
  await using kernel = await startKernel({ plugins: [notesPlugin] })
  const { client } = await kernel.withToken('agent')
  const written: string[] = []
  for (let turn = 0; turn < 10; turn += 1) {
    const underWay = Array.from({ length: 10 }, (_, index) => client.post('/apps/notes/api/notes', { text: `${turn}`, number: index }))
    await kernel.platform.installations.disable(kernel.tenantId(), 'fr.test.notes', OPERATOR)
    for (const { status, text } of await Promise.all(underWay)) {
      // 404 for those that came after it was off; 403 for one whose permission went just before.
      expect([201, 403, 404]).toContain(status)
      if (status === 201) written.push((JSON.parse(text) as { id: string }).id)
    }
    await kernel.platform.installations.enable(kernel.tenantId(), 'fr.test.notes', '*', OPERATOR)
  }
  const kept = (await client.get('/apps/notes/api/notes')).json<readonly { id: string }[]>().map(({ id }) => id)
  expect(written.filter((id) => !kept.includes(id))).toEqual([])
})

test('[L10] switching on without a need names what to do; switching off what others need is refused by name', async () => {
  await using kernel = await startKernel({ plugins: [notesPlugin, readerPlugin], enable: [] })
  const { installations } = kernel.platform
  await expect(installations.enable(kernel.tenantId(), 'fr.test.reader', '*', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_NEED_MISSING', fix: expect.stringContaining('fr.test.notes') })
  expect(await installations.list(kernel.tenantId())).toEqual([])
  await installations.enable(kernel.tenantId(), 'fr.test.notes', '*', OPERATOR)
  await installations.enable(kernel.tenantId(), 'fr.test.reader', '*', OPERATOR)
  await expect(installations.disable(kernel.tenantId(), 'fr.test.notes', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_NEEDED', message: expect.stringContaining('"fr.test.reader"') })
  expect(await stateOf(kernel, 0, 'fr.test.notes')).toBe('active')
  await expect(installations.enable(kernel.tenantId(), 'fr.test.notes', '^2.0.0', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_VERSION_CONFLICT' })
  expect((await kernel.visitor().get('/apps/reader/any')).status).toBe(200)
})

test('[L11] a migration that throws leaves nothing half-done, harms no other tenant, and can be made good', async () => {
  const plan = { fails: new Set<string>() }
  const plugin = migrating(async (db) => {
    await db.schema.createTable('half').addColumn('id', 'text').execute()
    if (plan.fails.has('now')) throw new Error('the disk of the plugin’s dreams is full')
  })
  await using kernel = await startKernel({ plugins: [plugin, notesPlugin], tenants: 2, enable: [] })
  const { installations } = kernel.platform
  plan.fails.add('now')
  await expect(installations.enable(kernel.tenantId(0), 'fr.test.migrating', '*', OPERATOR)).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
  plan.fails.clear()
  await installations.enable(kernel.tenantId(1), 'fr.test.migrating', '*', OPERATOR)
  expect([await stateOf(kernel, 0, 'fr.test.migrating'), await stateOf(kernel, 1, 'fr.test.migrating')]).toEqual(['migration-failed', 'active'])
  expect([(await kernel.visitor(0).get('/apps/migrating/count')).status, (await kernel.visitor(1).get('/apps/migrating/count')).status]).toEqual([404, 200])
  const admin = await kernel.as('tenant-admin')
  const page = await admin.get('/admin/modules', { headers: { accept: 'text/html' } })
  expect(page.text).toContain('full')
  await kernel.restart()
  expect(await stateOf(kernel, 0, 'fr.test.migrating')).toBe('migration-failed')
  await kernel.platform.installations.enable(kernel.tenantId(0), 'fr.test.migrating', '*', OPERATOR)
  expect((await kernel.visitor(0).get('/apps/migrating/count')).json()).toBe(0)
})

test('[L12] an event that came while its subscriber was off is kept, and replayed to it when it is on again', async () => {
  const seen: string[] = []
  const listener = definePlugin()({
    ...COMMON, id: 'fr.test.listener', path: 'listener', title: { fr: 'Auditeur' }, scopes: [], messages: { fr: {}, en: {} },
    setup(k) { k.on(NoteWritten, async (_c, event) => { seen.push(event.data.who) }) },
  })
  await using kernel = await startKernel({ plugins: [notesPlugin, listener] })
  const { client } = await kernel.withToken('agent')
  await client.post('/apps/notes/api/notes', { text: 'anne', number: 1 })
  await kernel.settle()
  expect(seen).toEqual(['anne'])
  await kernel.platform.installations.disable(kernel.tenantId(), 'fr.test.listener', OPERATOR)
  await client.post('/apps/notes/api/notes', { text: 'bob', number: 2 })
  await kernel.settle()
  await kernel.platform.installations.enable(kernel.tenantId(), 'fr.test.listener', '*', OPERATOR)
  const [bob] = (await kernel.platform.events.list(kernel.tenantId(), { limit: 10 })).filter(({ subject }) => subject === 'bob')
  expect(bob?.status).toBe('unsubscribed')
  await kernel.platform.events.replay(kernel.tenantId(), bob?.eventId ?? '')
  await kernel.settle()
  expect(seen).toEqual(['anne', 'bob'])
})

test('[L13] stopping answers what is under way and refuses what comes after; what was answered is there at the next start', async () => {
  const gate = Promise.withResolvers<void>()
  const entered = Promise.withResolvers<void>()
  let calls = 0
  const slow = definePlugin<NoteTable>()({
    ...COMMON, id: 'fr.test.slow', path: 'slow', title: { fr: 'Lent' }, scopes: ['db'], migrations: NOTE_MIGRATIONS, messages: { fr: {}, en: {} }, limits: { callMs: 20_000 },
    setup(k) {
      k.route({ method: 'POST', path: '/notes', audience: 'public', summary: 'Writes', response: { 201: Type.String() } }, async (c) => {
        calls += 1
        entered.resolve()
        await gate.promise
        await c.db.insertInto('note').values({ id: 'kept', text: 'x', number: 1 }).execute()
        return c.reply(201, 'written')
      })
      k.route({ method: 'GET', path: '/notes', audience: 'public', summary: 'Reads', response: { 200: Type.Integer() } }, async (c) => c.reply(200, (await c.db.selectFrom('note').selectAll().execute()).length))
    },
  })
  await using kernel = await startKernel({ plugins: [slow] })
  const connection = kernel.connection()
  connection.send('POST', '/apps/slow/notes')
  await entered.promise
  const restarted = kernel.restart()
  connection.send('POST', '/apps/slow/notes')
  await expect.poll(() => kernel.log.some(({ code }) => code === 'UNAVAILABLE')).toBe(true)
  gate.resolve()
  await restarted
  expect(await connection.closed).toMatch(/^HTTP\/1\.1 201 /)
  expect(calls).toBe(1)
  expect((await kernel.visitor().get('/apps/slow/notes')).json()).toBe(1)
})
