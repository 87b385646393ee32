import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sql, type Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/storage/sqlite/open-database.ts'
import { PLATFORM_SCHEMA } from '../../src/storage/sqlite/platform-schema.ts'
import { applySchema } from '../../src/storage/sqlite/schema-versions.ts'
import { createSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import { lockDataFolder } from '../../src/storage/data-folder-lock.ts'
import { sqliteStorage } from './sqlite-storage.ts'
import { FakeOutside, forever, KEY, NOTES, temporaryFolder } from './temporary-storage.ts'

test('[D1] what is acknowledged survives a power cut: how the platform and stores are kept, at rest and while they are written to', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  await storage.migrate(KEY, NOTES)
  const modes = async (db: Kysely<never>, path: string) => {
    const pragma = async (name: string) => Object.values((await sql<Record<string, unknown>>`${sql.raw(`pragma ${name}`)}`.execute(db)).rows[0] ?? {})[0]
    // Offset of the write version (File Format, section 1.3.3); 2 means write-ahead log.
    return { log: readFileSync(path)[18] === 2, sync: await pragma('synchronous'), keys: await pragma('foreign_keys') }
  }
  const inStore = () => modes(storage.kernelStore(KEY) as unknown as Kysely<never>, join(folder, 'tenants', KEY.tenantId, `${KEY.pluginId}.sqlite`))
  // NORMAL keeps the log whole; its commits are synced beside the event loop [D17]. Without a log it takes EXTRA, or a journal that was deleted may come back.
  expect(await modes(storage.platform as unknown as Kysely<never>, join(folder, 'platform.sqlite'))).toEqual({ log: true, sync: 1, keys: 1 })
  expect(await inStore()).toEqual({ log: false, sync: 3, keys: 1 })
  await storage.store(KEY).db.insertInto('note').values({ text: 'a' }).execute()
  expect(await inStore()).toEqual({ log: true, sync: 3, keys: 1 })
})

test('[D2] each plugin of each tenant has a file of its own, made when first used', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  const other = { tenantId: 't-2', pluginId: KEY.pluginId }
  storage.store(KEY)
  expect(existsSync(join(folder, 'tenants'))).toBe(false)
  await storage.migrate(KEY, NOTES)
  await storage.migrate(other, NOTES)
  await storage.store(KEY).db.insertInto('note').values({ text: 'ours' }).execute()
  expect(await storage.store(other).db.selectFrom('note').selectAll().execute()).toEqual([])
  expect(await storage.storesOf('t-1')).toEqual([KEY])
  expect(readdirSync(join(folder, 'tenants')).toSorted()).toEqual(['t-1', 't-2'])
})

test.each(['..', '../other', 'a/b', '', '.hidden', 'a\0b'])('[D2] the id %j names no store', (tenantId) => {
  expect(() => sqliteStorage().store({ tenantId, pluginId: 'fr.example.notes' })).toThrow(TypeError)
})

test('[D9] open files stay below the limit, and each store keeps its data while files come and go', async () => {
  const storage = sqliteStorage({ openStoresLimit: 4 })
  const keys = Array.from({ length: 12 }, (_, index) => ({ tenantId: `t-${index}`, pluginId: KEY.pluginId }))
  for (const key of keys) await storage.migrate(key, NOTES)
  for (const round of [1, 2]) {
    for (const key of keys) {
      await storage.store(key).db.insertInto('note').values({ text: `${key.tenantId} ${round}` }).execute()
      expect(storage.stats.openStores).toBeLessThanOrEqual(4)
    }
  }
  for (const key of keys) {
    expect((await storage.store(key).db.selectFrom('note').select('text').execute()).map(({ text }) => text)).toEqual([`${key.tenantId} 1`, `${key.tenantId} 2`])
  }
})

test('[D9] a file is never closed under an open transaction, even past the limit', async () => {
  const storage = sqliteStorage({ openStoresLimit: 1 })
  const gate = Promise.withResolvers<void>()
  const keys = ['a', 'b', 'c'].map((tenantId) => ({ tenantId, pluginId: KEY.pluginId }))
  for (const key of keys) await storage.migrate(key, NOTES)
  const open = keys.map((key) => storage.store(key).transaction(async (tx) => {
    await tx.db.insertInto('note').values({ text: 'before' }).execute()
    await gate.promise
    await tx.db.insertInto('note').values({ text: 'after' }).execute()
  }, forever()))
  expect(storage.stats.openStores).toBe(3)
  gate.resolve()
  await Promise.all(open)
  for (const key of keys) expect(await storage.store(key).db.selectFrom('note').selectAll().execute()).toHaveLength(2)
  expect(storage.stats.openStores).toBe(1)
})

test('[D14] one process serves a data folder; the refusal names folder and process, and the folder is free afterwards', () => {
  const folder = temporaryFolder()
  const release = lockDataFolder(folder)
  const refused = (() => {
    try {
      return lockDataFolder(folder)
    } catch (error) {
      return error
    }
  })()
  expect(refused).toMatchObject({ code: 'DATA_LOCKED', message: `The data folder ${folder} is in use by process ${process.pid}.` })
  release()
  release()
  lockDataFolder(folder)()
})

test('[D14] the command line reads and writes while the platform serves', async () => {
  const folder = temporaryFolder()
  const release = lockDataFolder(folder)
  const server = sqliteStorage({ folder })
  const cli = sqliteStorage({ folder })
  const host = { id: 't-1', slug: 'a', name: 'A', kind: 'commune' as const, parent_id: null, siren: null, insee: null, population: null, created_at: 1 }
  await cli.platform.insertInto('tenant').values(host).execute()
  expect(await server.platform.selectFrom('tenant').selectAll().execute()).toEqual([host])
  release()
})

test('[D15] a dropped store leaves nothing behind, and other stores are untouched', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  const other = { tenantId: KEY.tenantId, pluginId: 'fr.example.other' }
  for (const key of [KEY, other]) await storage.migrate(key, NOTES)
  await storage.store(other).db.insertInto('note').values({ text: 'stays' }).execute()
  await storage.drop(KEY)
  await storage.drop(KEY)
  expect(await storage.storesOf(KEY.tenantId)).toEqual([other])
  expect(readdirSync(join(folder, 'tenants', KEY.tenantId)).filter((name) => name.startsWith(KEY.pluginId))).toEqual([])
  expect(await storage.platform.selectFrom('migration').select('plugin_id').execute()).toEqual([{ plugin_id: other.pluginId }])
  expect(await storage.store(other).db.selectFrom('note').select('text').execute()).toEqual([{ text: 'stays' }])
  await storage.migrate(KEY, NOTES)
  expect(await storage.store(KEY).db.selectFrom('note').selectAll().execute()).toEqual([])
})

test('[D16] the kernel\'s tables are made once and found again; a reference to a missing tenant is refused', async () => {
  const folder = temporaryFolder()
  const outside = new FakeOutside()
  const first = createSqliteStorage({ folder, outside })
  await first.platform.insertInto('tenant').values({ id: 't', slug: 's', name: 'n', kind: 'pool', parent_id: null, siren: null, insee: null, population: null, created_at: 1 }).execute()
  await first.close()
  const second = sqliteStorage({ folder, outside })
  expect(await second.platform.selectFrom('tenant').select('id').execute()).toEqual([{ id: 't' }])
  await expect(second.platform.insertInto('host').values({ host: 'x', tenant_id: 'nobody' }).execute()).rejects.toThrow(/FOREIGN KEY/)
  const undone = second.platformTransaction(async (tx) => {
    await tx.insertInto('host').values({ host: 'y', tenant_id: 't' }).execute()
    throw new Error('no')
  })
  await expect(undone).rejects.toThrow('no')
  expect(await second.platform.selectFrom('host').selectAll().execute()).toEqual([])
})

test('[D16] a folder of an earlier release keeps every row when a table is made anew', async () => {
  const folder = temporaryFolder()
  const before = openDatabase(join(folder, 'platform.sqlite'), 1_000)
  applySchema(before, PLATFORM_SCHEMA.slice(0, 1))
  before.exec(`insert into tenant values ('t-1', 'pool', 'Pool', 'pool', null, null, null, null, 0), ('t-2', 'aytre', 'Aytré', 'commune', 't-1', null, '17028', 9000, 0);
    insert into host values ('www.aytre.example', 't-2'); insert into setting values ('t-2', 'kernel', '{}', 0)`)
  before.close()
  const storage = sqliteStorage({ folder })
  expect(await storage.platform.selectFrom('tenant').select(['id', 'parent_id']).orderBy('id').execute()).toEqual([{ id: 't-1', parent_id: null }, { id: 't-2', parent_id: 't-1' }])
  await storage.platform.insertInto('tenant').values({ id: 't-3', slug: 'cda', name: 'CA', kind: 'epci', parent_id: 't-1', siren: null, insee: null, population: null, created_at: 0 }).execute()
  await storage.platform.deleteFrom('tenant').where('id', '=', 't-2').execute()
  expect(await storage.platform.selectFrom('host').selectAll().execute()).toEqual([])
  await expect(storage.platform.deleteFrom('tenant').where('id', '=', 't-1').execute()).rejects.toThrow(/FOREIGN KEY/)
})

test('[D16] after closing, the storage refuses and its files are whole', async () => {
  const folder = temporaryFolder()
  const storage = createSqliteStorage({ folder, outside: new FakeOutside() })
  await storage.migrate(KEY, NOTES)
  await storage.close()
  await expect(storage.store(KEY).db.selectFrom('note').selectAll().execute()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  const raw = new Database(join(folder, 'tenants', KEY.tenantId, `${KEY.pluginId}.sqlite`))
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
  raw.close()
})
