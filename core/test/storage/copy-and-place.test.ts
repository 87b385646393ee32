import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { STORE_SCHEMA } from '../../src/storage/sqlite/store-schema.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { ids, startRig, TYPE } from '../events/event-kit.ts'
import { sqliteStorage } from './sqlite-storage.ts'
import { forever, KEY, NOTES, temporaryFolder } from './temporary-storage.ts'

/** Two rows a transaction, which are the same or the copy is torn. */
async function writeInPairs(storage: Storage, until: () => boolean, text = 'x'.repeat(500)): Promise<number> {
  let pairs = 0
  while (!until()) {
    pairs += 1
    await storage.store(KEY).transaction(async ({ db }) => {
      await db.insertInto('note').values({ text: `${pairs} ${text}` }).execute()
      await db.insertInto('note').values({ text: `${pairs} ${text}` }).execute()
    }, forever())
    await new Promise((resolve) => { setImmediate(resolve) })
  }
  return pairs
}

function rowsOf(path: string): readonly string[] {
  const database = new Database(path, { fileMustExist: true })
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    return database.prepare('select text from note order by id').pluck().all() as string[]
  } finally {
    database.close()
  }
}

test.each([['small', 0], ['large', 6_000_000]])('[X1] a copy is one moment of a %s store that is written to all the while', async (_size, bytes) => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  await storage.migrate(KEY, NOTES)
  for (let row = 0; row < 2; row += 1) await storage.store(KEY).db.insertInto('note').values({ text: 'x'.repeat(bytes) }).execute()
  let isDone = false
  const writing = writeInPairs(storage, () => isDone)
  const seen: number[] = []
  for (const name of ['a', 'b', 'c']) {
    await storage.copyStore(KEY, join(folder, 'copies', `${name}.sqlite`))
    const rows = rowsOf(join(folder, 'copies', `${name}.sqlite`))
    expect(rows.length % 2).toBe(0)
    expect(rows.filter((row, index) => index % 2 === 1 && row !== rows[index - 1])).toEqual([])
    seen.push(rows.length)
  }
  isDone = true
  const pairs = await writing
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect((await storage.store(KEY).db.selectFrom('note').selectAll().execute()).length).toBe(pairs * 2 + 2)
  expect(readdirSync(join(folder, 'copies')).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('[X1] a large store is copied without holding up those who write', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  await storage.migrate(KEY, NOTES)
  await storage.store(KEY).transaction(async ({ db }) => {
    for (let row = 0; row < 60; row += 1) await db.insertInto('note').values({ text: 'x'.repeat(400_000) }).execute()
  }, forever())
  let isDone = false
  const writing = writeInPairs(storage, () => isDone, 'short')
  expect(await storage.copyStore(KEY, join(folder, 'copy.sqlite'))).toBe(true)
  isDone = true
  expect(await writing).toBeGreaterThan(3)
  expect(rowsOf(join(folder, 'copy.sqlite')).length).toBeGreaterThanOrEqual(60)
  expect(statSync(join(folder, 'copy.sqlite')).size).toBeGreaterThan(20_000_000)
})

test('[X1] a moment shows the platform and all stores of a tenant alike: no effect without its cause', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  const effects = { ...KEY, pluginId: 'fr.example.effects' }
  for (const key of [KEY, effects]) await storage.migrate(key, NOTES)
  let isDone = false
  // First the cause, then in another store its effect, then a note of both in the platform: copies made one after the other would differ.
  const writing = (async () => {
    for (let number = 1; !isDone; number += 1) {
      for (const key of [KEY, effects]) await storage.store(key).db.insertInto('note').values({ text: String(number) }).execute()
      await storage.platform.insertInto('setting').values({ tenant_id: 't-1', plugin_id: `p-${number}`, value_json: '{}', updated_at: number }).execute()
      await new Promise((resolve) => { setImmediate(resolve) })
    }
  })()
  await storage.platform.insertInto('tenant').values({ id: 't-1', slug: 't-1', name: 't-1', kind: 'commune', parent_id: null, siren: null, insee: null, population: null, created_at: 0 }).execute()
  for (let round = 0; round < 20; round += 1) {
    const moment = await storage.momentOf(['t-1'])
    for (const copy of moment.stores) await copy.copyTo(join(folder, `${copy.key.pluginId}.sqlite`))
    const counts = [rowsOf(join(folder, `${KEY.pluginId}.sqlite`)).length, rowsOf(join(folder, 'fr.example.effects.sqlite')).length, (await moment.platform.selectFrom('setting').selectAll().execute()).length]
    await moment.close()
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
    expect((counts[0] ?? 0) - (counts[2] ?? 0)).toBeLessThanOrEqual(1)
  }
  isDone = true
  await writing
})

test('[X1] there is no copy of a store that does not exist, and none is made of it', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  expect(await storage.copyStore(KEY, join(folder, 'copy.sqlite'))).toBe(false)
  expect(existsSync(join(folder, 'copy.sqlite'))).toBe(false)
  expect(await storage.storesOf(KEY.tenantId)).toEqual([])
})

test.each([false, true])('[X2] a copy takes a store’s place between two transactions; who waited goes on with it (moved: %s)', async (move) => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  await storage.migrate(KEY, NOTES)
  const { db } = storage.store(KEY)
  await db.insertInto('note').values({ text: 'kept' }).execute()
  await storage.copyStore(KEY, join(folder, 'copy.sqlite'))
  await db.insertInto('note').values({ text: 'later' }).execute()
  const entered = Promise.withResolvers<void>()
  const leave = Promise.withResolvers<void>()
  const before = storage.store(KEY).transaction(async (tx) => {
    await tx.db.insertInto('note').values({ text: 'under way' }).execute()
    entered.resolve()
    await leave.promise
    await tx.db.insertInto('note').values({ text: 'its end' }).execute()
  }, forever())
  await entered.promise
  const placed = storage.placeStore(KEY, join(folder, 'copy.sqlite'), { move })
  // While the file is prepared nothing is held up; what comes after the exchange finds the new one.
  leave.resolve()
  await before
  await placed
  await storage.store(KEY).transaction((tx) => tx.db.insertInto('note').values({ text: 'after' }).execute(), forever())
  expect((await db.selectFrom('note').select('text').orderBy('id').execute()).map(({ text }) => text)).toEqual(['kept', 'after'])
  expect(existsSync(join(folder, 'copy.sqlite'))).toBe(!move)
  expect(readdirSync(join(folder, 'tenants', KEY.tenantId)).toSorted().filter((name) => !/-(wal|shm)$/.test(name))).toEqual([`${KEY.pluginId}.sqlite`])
})

test('[X2] a store is replaced again and again while it is written to: nothing is torn, and every write is answered', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  await storage.migrate(KEY, NOTES)
  let isDone = false
  const writing = writeInPairs(storage, () => isDone)
  for (let round = 0; round < 15; round += 1) {
    await storage.copyStore(KEY, join(folder, 'copy.sqlite'))
    await storage.placeStore(KEY, join(folder, 'copy.sqlite'))
  }
  isDone = true
  await writing
  await storage.close()
  const rows = rowsOf(join(folder, 'tenants', KEY.tenantId, `${KEY.pluginId}.sqlite`))
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.filter((row, index) => index % 2 === 1 && row !== rows[index - 1])).toEqual([])
})

test('[X2] a copy makes a store that was not there, with the migrations it has had', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  await storage.migrate(KEY, NOTES)
  await storage.copyStore(KEY, join(folder, 'copy.sqlite'))
  const other = { ...KEY, tenantId: 't-2' }
  await storage.placeStore(other, join(folder, 'copy.sqlite'))
  expect(await storage.migrate(other, NOTES)).toEqual({ applied: [] })
  expect(await storage.platform.selectFrom('migration').select(['tenant_id', 'name']).orderBy('tenant_id').execute())
    .toEqual([{ tenant_id: 't-1', name: '0001-note' }, { tenant_id: 't-2', name: '0001-note' }])
})

const NO_STORES = new Map<string, (path: string) => void>([
  ['text', (path) => { writeFileSync(path, 'no database at all, but text of some length that goes on and on') }],
  ['another program’s database', (path) => {
    const database = new Database(path)
    database.exec('create table t (a)')
    database.close()
  }],
  ['a store of a newer platform', (path) => {
    const database = new Database(path)
    for (const step of STORE_SCHEMA) database.exec(step)
    database.pragma(`user_version = ${STORE_SCHEMA.length + 1}`)
    database.close()
  }],
])

test.each([...NO_STORES.keys()])('[X2] refused, with the store as it was: %s', async (what) => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  await storage.migrate(KEY, NOTES)
  await storage.store(KEY).db.insertInto('note').values({ text: 'kept' }).execute()
  NO_STORES.get(what)?.(join(folder, 'wrong.sqlite'))
  await expect(storage.placeStore(KEY, join(folder, 'wrong.sqlite'))).rejects.toMatchObject({ code: 'STORE_INVALID' })
  expect(await storage.store(KEY).db.selectFrom('note').select('text').execute()).toEqual([{ text: 'kept' }])
  expect(readdirSync(join(folder, 'tenants', KEY.tenantId)).filter((name) => name.includes('placed'))).toEqual([])
})

test('[X2] what a crash left in the write-ahead log of the old file neither gets into the new one nor is lost before', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  await storage.migrate(KEY, NOTES)
  await storage.copyStore(KEY, join(folder, 'empty.sqlite'))
  await storage.store(KEY).db.insertInto('note').values({ text: 'in the log' }).execute()
  // As a killed process leaves it: the log beside the file, and nobody who has it open.
  const path = join(folder, 'tenants', KEY.tenantId, `${KEY.pluginId}.sqlite`)
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
  await storage.placeStore(KEY, join(folder, 'empty.sqlite'))
  expect(await storage.store(KEY).db.selectFrom('note').select('text').execute()).toEqual([])
})

test('[X3] with a copy the undelivered events of its moment come back, and are delivered', async () => {
  let isAway = true
  const rig = await startRig({ deliver: async () => { if (isAway) throw new Error('away') } })
  rig.storage.findMigrations(() => Promise.resolve(NOTES))
  await rig.storage.migrate(KEY, NOTES)
  await rig.emit('019a0000-0000-7000-8000-000000000001')
  await rig.bus.settle()
  await rig.storage.copyStore(KEY, join(rig.folder, 'copy.sqlite'))
  await rig.storage.drop(KEY)
  isAway = false
  rig.outside.time += 24 * 60 * 60 * 1_000
  await rig.bus.settle()
  expect(rig.delivered).toEqual([])
  await rig.storage.placeStore(KEY, join(rig.folder, 'copy.sqlite'))
  await rig.bus.settle()
  expect(ids(rig.delivered)).toEqual(['019a0000-0000-7000-8000-000000000001'])
  expect(await rig.bus.show(KEY.tenantId, '019a0000-0000-7000-8000-000000000001')).toMatchObject([{ type: TYPE, status: 'delivered' }])
})

test('[X3] what was being delivered when its store was replaced is not noted in the new one', async () => {
  const entered = Promise.withResolvers<void>()
  const leave = Promise.withResolvers<void>()
  let calls = 0
  const rig = await startRig({
    deliver: async () => {
      calls += 1
      if (calls > 1) return
      entered.resolve()
      await leave.promise
    },
  })
  rig.storage.findMigrations(() => Promise.resolve(NOTES))
  await rig.storage.migrate(KEY, NOTES)
  await rig.storage.copyStore(KEY, join(rig.folder, 'empty.sqlite'))
  await rig.emit('019a0000-0000-7000-8000-000000000001')
  await entered.promise
  await rig.storage.placeStore(KEY, join(rig.folder, 'empty.sqlite'))
  leave.resolve()
  await rig.emit('019a0000-0000-7000-8000-000000000002', { subject: 'two' })
  await rig.bus.settle()
  expect(ids(rig.delivered)).toContain('019a0000-0000-7000-8000-000000000002')
  expect(await rig.bus.list(KEY.tenantId, { limit: 10 })).toMatchObject([{ eventId: '019a0000-0000-7000-8000-000000000002', status: 'delivered' }])
})
