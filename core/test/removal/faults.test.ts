import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Platform } from '../../src/platform.ts'
import type { TraceKind } from '../../src/removal/plugin-traces.ts'
import { bytesUnder, contentOf, filesOfArchive, fillPlace, GOES, OPERATOR, rowsWith, STAYS, temporaryPlace, type Place } from './removal-kit.tsx'

type Plant = (platform: Platform, place: Place, tenantId: string) => void | Promise<void>
const actor = { decided_at: 0, actor_kind: 'operator', actor_id: 'x', actor_name: 'X' } as const

const PLANTS: Readonly<Record<TraceKind, Plant>> = {
  databases: async ({ storage }, { folder }, tenantId) => {
    if (storage.dialect === 'postgres') await storage.kernelStore({ tenantId, pluginId: GOES }).selectFrom('liberacces_file').selectAll().execute()
    else writeFileSync(join(folder, 'tenants', tenantId, `${GOES}.sqlite-wal`), 'x')
  },
  rows: async (platform, _place, tenantId) => { await platform.storage.migrate({ tenantId, pluginId: GOES }, { '0001-x': { up: async (db) => { await db.schema.createTable('x').addColumn('a', 'text').execute() }, down: async () => undefined } }); await platform.storage.store({ tenantId, pluginId: GOES }).db.insertInto('x' as never).values({ a: 'b' } as never).execute() },
  files: (_platform, { folder }, tenantId) => { mkdirSync(join(folder, 'files', tenantId, GOES, 'ab'), { recursive: true }); writeFileSync(join(folder, 'files', tenantId, GOES, 'ab', `ab${'0'.repeat(62)}`), 'x') },
  permissions: async ({ storage }, _place, tenantId) => { await storage.platform.insertInto('role_permission').values({ tenant_id: tenantId, role: 'agent', permission: `${GOES}/write`, granted: 0 }).execute() },
  roles: async ({ storage }, _place, tenantId) => { await storage.platform.insertInto('account_role').columns(['account_id', 'role']).expression((db) => db.selectFrom('account').select((one) => ['id', one.val('agent.goes').as('role')]).where('tenant_id', '=', tenantId)).execute() },
  jobs: async ({ storage }, _place, tenantId) => { await storage.platform.insertInto('schedule').values({ tenant_id: tenantId, plugin_id: GOES, schedule_id: 'x', next_at: 0, last_at: null, last_error: null }).execute() },
  settings: async ({ storage }, _place, tenantId) => { await storage.platform.insertInto('setting').values({ tenant_id: tenantId, plugin_id: GOES, value_json: '{}', updated_at: 0 }).execute() },
  subscriptions: async ({ storage }, _place, tenantId) => {
    const stays = storage.kernelStore({ tenantId, pluginId: STAYS })
    const event = await stays.selectFrom('liberacces_outbox').select('seq').executeTakeFirstOrThrow()
    await stays.insertInto('liberacces_delivery').values({ event_seq: event.seq, subscriber: GOES, handler: 'x', subject: null, status: 'dead', attempts: 9, next_at: 0, last_error: 'x', updated_at: 0 }).execute()
  },
  layouts: async ({ storage }, _place, tenantId) => { await storage.platform.insertInto('layout').columns(['account_id', 'slot_id', 'contribution', 'position', 'hidden']).expression((db) => db.selectFrom('account').select((one) => ['id', one.val('s').as('s'), one.val(`${GOES}.4`).as('c'), one.val(1).as('p'), one.val(0).as('h')]).where('tenant_id', '=', tenantId)).execute() },
  consents: async ({ storage }, _place, tenantId) => { await storage.platform.insertInto('consent').values({ tenant_id: tenantId, plugin_id: GOES, scope: 'db', decision: 'granted', ...actor }).execute() },
  snapshots: (_platform, { folder }, tenantId) => { mkdirSync(join(folder, 'snapshots', tenantId, GOES, 'y'), { recursive: true }); writeFileSync(join(folder, 'snapshots', tenantId, GOES, 'y', 'store.sqlite'), 'x') },
  bookkeeping: async ({ storage }, _place, tenantId) => { await storage.platform.insertInto('dirty').values({ tenant_id: tenantId, plugin_id: GOES, due_at: 0 }).execute() },
}

test('[U3] a residue of any kind is found, by its kind: the report can fail', async () => {
  const place = temporaryPlace()
  const platform = await place.open()
  const [tenantId] = await fillPlace(platform)
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  await platform.removal.purge(tenantId, GOES, OPERATOR)
  expect(Object.values(await platform.removal.residue(tenantId, GOES)).filter((count) => count > 0)).toEqual([])
  for (const [kind, plant] of Object.entries(PLANTS)) {
    const count = async (): Promise<number> => (await platform.removal.residue(tenantId, GOES))[kind as TraceKind]
    const before = await count()
    await plant(platform, place, tenantId)
    expect([kind, await count()]).toEqual([kind, before + 1])
  }
  await platform.stop()
})

test('[U8] a table of the kernel that is added later, with rows of plugins, is emptied and counted without being named anywhere', async () => {
  const place = temporaryPlace()
  const platform = await place.open()
  const [tenantId] = await fillPlace(platform)
  const { sql } = await import('kysely')
  await sql`create table later (tenant_id text, plugin_id text, what text)`.execute(platform.storage.platform)
  await sql`insert into later values (${tenantId}, ${GOES}, 'a'), (${tenantId}, ${STAYS}, 'b')`.execute(platform.storage.platform)
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  const { archive } = await platform.removal.purge(tenantId, GOES, OPERATOR)
  expect(await rowsWith(platform, (row) => row.startsWith('later'))).toEqual([`later: {"tenant_id":"${tenantId}","plugin_id":"${STAYS}","what":"b"}`])
  const rows = (await filesOfArchive(platform, place.folder, { tenantId, pluginId: GOES }, archive.id)).find(({ path }) => path === 'kernel.json')
  expect(await rows?.text()).toContain('"later"')
  await platform.stop()
})

test('[U9] an archive that cannot be made leaves everything as it was, and says why', async () => {
  const place = temporaryPlace()
  const platform = await place.open()
  const [tenantId] = await fillPlace(platform)
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  const state = async () => ({ content: await contentOf(platform, tenantId, GOES), files: await bytesUnder(place.folder, ['files', 'snapshots']), rows: await rowsWith(platform, () => true, ['audit']) })
  const before = await state()
  writeFileSync(join(place.folder, 'archives'), 'A file stands in the place of the folder.')
  await expect(platform.removal.purge(tenantId, GOES, OPERATOR)).rejects.toThrow('ENOTDIR')
  expect(await state()).toEqual(before)
  expect((await platform.audit.list(tenantId, { limit: 1 }))[0]).toMatchObject({ action: 'plugin.purge-failed' })
  rmSync(join(place.folder, 'archives'))
  expect(Object.values((await platform.removal.purge(tenantId, GOES, OPERATOR)).residue).every((count) => count === 0)).toBe(true)
  await platform.stop()
})

test('[U9] a damaged archive is refused before anything is put back, whichever part is damaged; one from elsewhere too', async () => {
  const place = temporaryPlace()
  const platform = await place.open()
  const [tenantId, otherId] = await fillPlace(platform)
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  const { archive } = await platform.removal.purge(tenantId, GOES, OPERATOR)
  const before = await rowsWith(platform, () => true, [])
  const files = await filesOfArchive(platform, place.folder, { tenantId, pluginId: GOES }, archive.id)
  expect(files.length).toBe(6)
  for (const { path, damage, mend } of files) {
    await damage()
    await expect(platform.removal.restore(tenantId, archive.id, OPERATOR), path).rejects.toMatchObject({ code: 'PLUGIN_ARCHIVE_INVALID', message: expect.stringContaining('is damaged') as string })
    await mend()
  }
  for (const id of ['../../x', '..', '', archive.id.toUpperCase()]) await expect(platform.removal.restore(tenantId, id, OPERATOR), id).rejects.toMatchObject({ code: 'PLUGIN_ARCHIVE_UNKNOWN' })
  await expect(platform.removal.restore(otherId, archive.id, OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_ARCHIVE_UNKNOWN' })
  expect(await rowsWith(platform, () => true, [])).toEqual(before)
  await platform.removal.restore(tenantId, archive.id, OPERATOR)
  await platform.stop()
})

test('[U9] with the tenant its archives go', async () => {
  const place = temporaryPlace()
  const platform = await place.open()
  const [tenantId] = await fillPlace(platform)
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  await platform.removal.purge(tenantId, GOES, OPERATOR)
  await platform.tenants.delete('commune-1', OPERATOR)
  expect(readdirSync(join(place.folder, 'archives'))).toEqual([])
  await platform.stop()
})
