import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Migrations } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import type { Storage, StoreKey } from '../../src/storage/storage.ts'
import { onPostgres } from '../run-environment.ts'
import { runStorage } from './run-storage.ts'
import { forever, KEY, NOTES, temporaryFolder } from './temporary-storage.ts'

const down = async (): Promise<void> => undefined
const NEXT: Migrations = { ...NOTES, '0002-author': { up: async (db) => { await db.schema.alterTable('note').addColumn('author', 'text').execute() }, down } }

/** A storage that makes stores late, and what each tenant runs, for the test to change. */
async function lateStorage({ folder = temporaryFolder() } = {}): Promise<{ readonly storage: Storage; readonly folder: string; readonly running: Map<string, Migrations>; readonly made: () => Promise<readonly string[]> }> {
  const storage = await runStorage({ folder })
  const running = new Map<string, Migrations>()
  storage.makeStoresLate(({ tenantId }) => running.get(tenantId))
  const made = async (): Promise<readonly string[]> => (await Promise.all(Array.from({ length: 200 }, (_, index) => storage.storesOf(`t-${index}`)))).flat().map(({ tenantId }) => tenantId)
  return { storage, folder, running, made }
}

const columnsOf = async (storage: Storage, key: StoreKey): Promise<readonly string[]> => {
  await storage.store(key).db.insertInto('note').values({ text: 'a' }).execute()
  return Object.keys((await storage.store(key).db.selectFrom('note').selectAll().executeTakeFirst()) ?? {})
}

test('[Z3] switching on makes no store: one is made at its first use, as the release wants it that runs then', async () => {
  const { storage, folder, made, running } = await lateStorage()
  const keys = Array.from({ length: 200 }, (_, index) => ({ tenantId: `t-${index}`, pluginId: KEY.pluginId }))
  for (const key of keys) {
    expect(await storage.migrate(key, NOTES)).toEqual({ applied: ['0001-note'] })
    running.set(key.tenantId, NOTES)
  }
  expect(await made()).toEqual([])
  // On PostgreSQL a connection was opened, to try the migrations on.
  expect([existsSync(join(folder, 'tenants')), storage.stats.openedTotal]).toEqual([false, onPostgres ? 1 : 0])
  const [first = KEY, second = KEY, third = KEY] = keys
  expect(await columnsOf(storage, first)).toEqual(['id', 'text'])
  // The release moved on before anybody came: nothing was there to be migrated.
  await storage.migrate(second, NEXT)
  running.set(second.tenantId, NEXT)
  expect(await columnsOf(storage, second)).toEqual(['id', 'text', 'author'])
  expect(await storage.store(third).transaction(async (tx) => await tx.db.selectFrom('note').selectAll().execute(), forever())).toEqual([])
  expect(await made()).toEqual(['t-0', 't-1', 't-2'])
  // What is there is migrated in place.
  expect(await storage.migrate(first, NEXT)).toEqual({ applied: ['0002-author'] })
  expect(await storage.store(first).db.selectFrom('note').selectAll().execute()).toEqual([{ id: 1, text: 'a', author: null }])
})

test('[Z3] a restart changes nothing: a store that was never used is made then', async () => {
  const first = await lateStorage()
  await first.storage.migrate(KEY, NOTES)
  first.running.set(KEY.tenantId, NOTES)
  await first.storage.close()
  const second = await lateStorage({ folder: first.folder })
  second.running.set(KEY.tenantId, NOTES)
  expect(await columnsOf(second.storage, KEY)).toEqual(['id', 'text'])
  expect(await second.storage.migrate(KEY, NOTES)).toEqual({ applied: [] })
})

test('[Z3] between its migration and the moment in which the release runs, a store is made for that release; when it was taken back, for the one that runs', async () => {
  const { storage, running } = await lateStorage()
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
  const { storage, made } = await lateStorage()
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
  expect([runs, await made()]).toEqual([2, []])
  isBroken = false
  await Promise.all(Array.from({ length: 50 }, (_, index) => migrate(`t-${index}`)))
  await migrate('t-99')
  expect([runs, await made()]).toEqual([3, []])
})

test('[Z4] many first uses at the same moment make one store', async () => {
  const { storage, running } = await lateStorage()
  running.set(KEY.tenantId, NOTES)
  const insert = (text: string) => storage.store(KEY).db.insertInto('note').values({ text }).execute()
  await Promise.all([insert('a'), storage.store(KEY).transaction((tx) => tx.db.insertInto('note').values({ text: 'b' }).execute(), forever()), insert('c')])
  expect((await storage.store(KEY).db.selectFrom('note').select('text').orderBy('text').execute()).map(({ text }) => text)).toEqual(['a', 'b', 'c'])
  expect(await storage.storesOf(KEY.tenantId)).toEqual([KEY])
})
