import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Migrations } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import type { Storage, StoreKey } from '../../src/storage/storage.ts'
import { FakeOutside, forever, KEY, NOTES, temporaryFolder, temporaryStorage } from './temporary-storage.ts'

const down = async (): Promise<void> => undefined
const NEXT: Migrations = { ...NOTES, '0002-author': { up: async (db) => { await db.schema.alterTable('note').addColumn('author', 'text').execute() }, down } }

/** A storage that makes stores late, and what each tenant runs, for the test to change. */
function lateStorage(options: { folder?: string; openStoresLimit?: number } = {}): { readonly storage: Storage; readonly folder: string; readonly running: Map<string, Migrations> } {
  const folder = options.folder ?? temporaryFolder()
  const storage = temporaryStorage({ ...options, folder, outside: new FakeOutside() })
  const running = new Map<string, Migrations>()
  storage.makeStoresLate(({ tenantId }) => running.get(tenantId))
  return { storage, folder, running }
}

const columnsOf = async (storage: Storage, key: StoreKey): Promise<readonly string[]> => {
  await storage.store(key).db.insertInto('note').values({ text: 'a' }).execute()
  return Object.keys((await storage.store(key).db.selectFrom('note').selectAll().executeTakeFirst()) ?? {})
}

test('[Z3] switching on makes no file: a store is made at its first use, as the release wants it that runs then', async () => {
  const { storage, folder, running } = lateStorage()
  const keys = Array.from({ length: 200 }, (_, index) => ({ tenantId: `t-${index}`, pluginId: KEY.pluginId }))
  for (const key of keys) {
    expect(await storage.migrate(key, NOTES)).toEqual({ applied: ['0001-note'] })
    running.set(key.tenantId, NOTES)
  }
  expect([existsSync(join(folder, 'tenants')), storage.stats.openedTotal]).toEqual([false, 0])
  const [first = KEY, second = KEY, third = KEY] = keys
  expect(await columnsOf(storage, first)).toEqual(['id', 'text'])
  // The release moved on before anybody came: nothing was there to be migrated.
  await storage.migrate(second, NEXT)
  running.set(second.tenantId, NEXT)
  expect(await columnsOf(storage, second)).toEqual(['id', 'text', 'author'])
  expect(await storage.store(third).transaction(async (tx) => await tx.db.selectFrom('note').selectAll().execute(), forever())).toEqual([])
  expect(readdirSync(join(folder, 'tenants')).toSorted()).toEqual(['t-0', 't-1', 't-2'])
  // What is there is migrated in place.
  expect(await storage.migrate(first, NEXT)).toEqual({ applied: ['0002-author'] })
  expect(await storage.store(first).db.selectFrom('note').selectAll().execute()).toEqual([{ id: 1, text: 'a', author: null }])
})

test('[Z3] a restart changes nothing: a store that was never used is made then', async () => {
  const first = lateStorage()
  await first.storage.migrate(KEY, NOTES)
  first.running.set(KEY.tenantId, NOTES)
  await first.storage.close()
  const second = lateStorage({ folder: first.folder })
  second.running.set(KEY.tenantId, NOTES)
  expect(await columnsOf(second.storage, KEY)).toEqual(['id', 'text'])
  expect(await second.storage.migrate(KEY, NOTES)).toEqual({ applied: [] })
})

test('[Z3] between its migration and the moment in which the release runs, a store is made for that release; when it was taken back, for the one that runs', async () => {
  const { storage, running } = lateStorage()
  await storage.migrate(KEY, NOTES)
  expect(await columnsOf(storage, KEY)).toEqual(['id', 'text'])
  await storage.drop(KEY)
  running.set(KEY.tenantId, NOTES)
  await storage.migrate(KEY, NEXT)
  expect(await columnsOf(storage, KEY)).toEqual(['id', 'text', 'author'])
  await storage.drop(KEY)
  await storage.migrate(KEY, NEXT)
  await storage.migrate(KEY, NOTES)
  expect(await columnsOf(storage, KEY)).toEqual(['id', 'text'])
})

test('[Z4] migrations run once for all stores that are not there yet; one that throws is found when it is asked for, each time, and makes nothing', async () => {
  const { storage, folder } = lateStorage()
  let runs = 0
  let isBroken = true
  const migrations: Migrations = {
    '0001-note': {
      up: async (db) => {
        runs += 1
        await NOTES['0001-note']?.up(db)
        if (isBroken) throw new Error('power')
      },
      down,
    },
  }
  const migrate = (tenantId: string) => storage.migrate({ tenantId, pluginId: KEY.pluginId }, migrations)
  await expect(migrate('t-1')).rejects.toMatchObject({ code: 'MIGRATION_FAILED', message: expect.stringContaining('"0001-note" of plugin "fr.example.notes" of tenant t-1') as string })
  await expect(migrate('t-2')).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
  expect([runs, existsSync(join(folder, 'tenants'))]).toEqual([2, false])
  isBroken = false
  await Promise.all(Array.from({ length: 50 }, (_, index) => migrate(`t-${index}`)))
  await migrate('t-99')
  expect([runs, existsSync(join(folder, 'tenants'))]).toEqual([3, false])
})

test('[Z4] many first uses at the same moment make one store', async () => {
  const { storage, running } = lateStorage()
  running.set(KEY.tenantId, NOTES)
  const insert = (text: string) => storage.store(KEY).db.insertInto('note').values({ text }).execute()
  await Promise.all([insert('a'), storage.store(KEY).transaction((tx) => tx.db.insertInto('note').values({ text: 'b' }).execute(), forever()), insert('c')])
  expect((await storage.store(KEY).db.selectFrom('note').select('text').orderBy('text').execute()).map(({ text }) => text)).toEqual(['a', 'b', 'c'])
  expect(storage.stats.openedTotal).toBe(1)
})

test('[Z5] a store takes one descriptor while it is read and three while it is written to, and stays within the limit', async () => {
  const folder = temporaryFolder()
  const storage = temporaryStorage({ folder, openFilesLimit: () => 9 })
  const keys = Array.from({ length: 20 }, (_, index) => ({ tenantId: `t-${index}`, pluginId: KEY.pluginId }))
  for (const key of keys) {
    await storage.migrate(key, NOTES)
    expect(storage.stats.storeDescriptors).toBeLessThanOrEqual(9)
  }
  for (const key of keys) await storage.store(key).db.selectFrom('note').selectAll().execute()
  expect([storage.stats.openStores, storage.stats.storeDescriptors]).toEqual([20, 9])
  for (const [round, key] of [1, 2, 3].flatMap((one) => keys.map((each) => [one, each] as const))) {
    // Twice each: the second write is what makes a log.
    for (const part of ['a', 'b']) await storage.store(key).db.insertInto('note').values({ text: `${round}${part}` }).execute()
    expect(storage.stats.storeDescriptors).toBeLessThanOrEqual(9)
  }
  expect(storage.stats.storeDescriptors).toBe(9)
  const logs = readdirSync(join(folder, 'tenants'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('-wal'))
  expect(logs).toHaveLength(3)
  for (const key of keys) expect(await storage.store(key).db.selectFrom('note').selectAll().execute()).toHaveLength(6)
  await storage.close()
  expect(readdirSync(join(folder, 'tenants'), { recursive: true, encoding: 'utf8' }).filter((name) => /-(?:wal|shm|journal)$/.test(name))).toEqual([])
})
