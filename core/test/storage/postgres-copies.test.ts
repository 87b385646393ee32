import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Migrations } from '@liberacces/sdk'
import { differences, digestTables } from '../../src/storage/exchange/table-digests.ts'
import { TableFileReader } from '../../src/storage/exchange/table-file-reader.ts'
import { fingerprintOf } from '../../src/storage/sqlite/store-fingerprint.ts'
import type { Storage, StoreKey } from '../../src/storage/storage.ts'
import { sqliteStorage } from './sqlite-storage.ts'
import { forever, KEY, temporaryFolder } from './temporary-storage.ts'
import { databaseOfTest, postgresStorage } from './postgres-database.ts'

const PAGES: Migrations = {
  '0001-shelf': {
    up: async (db) => {
      await db.schema.createTable('shelf').addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement()).addColumn('name', 'text', (column) => column.notNull().unique())
        .addColumn('kind', 'text', (column) => column.notNull().defaultTo('wood')).execute()
    },
    down: async (db) => { await db.schema.dropTable('shelf').execute() },
  },
  '0002-page': {
    up: async (db) => {
      await db.schema.createTable('page').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('shelf', 'integer', (column) => column.references('shelf.id').onDelete('cascade'))
        .addColumn('above', 'text', (column) => column.references('page.id')).addColumn('weight', 'real').addColumn('scan', 'blob').execute()
      await db.schema.createIndex('page_shelf').on('page').column('shelf').execute()
    },
    down: async (db) => { await db.schema.dropTable('page').execute() },
  },
}

async function digestsOf(path: string): ReturnType<typeof digestTables> {
  const reader = new TableFileReader(path)
  try {
    return await digestTables(reader)
  } finally {
    reader.close()
  }
}

function knowing(storage: Storage): Storage {
  storage.findMigrations(async (_plugin, names) => (names.every((name) => Object.hasOwn(PAGES, name)) ? PAGES : undefined))
  return storage
}

const EVENT = { type: 'fr.example.pages/turned/v1', subject: 'a', time: 1_000, data: { n: 1 }, notBefore: undefined, traceparent: undefined }

async function write(storage: Storage, key: StoreKey, names: readonly string[]): Promise<void> {
  await storage.store(key).transaction(async (tx) => {
    for (const [index, name] of names.entries()) {
      await tx.db.insertInto('shelf').values({ name }).execute()
      const shelf = await tx.db.selectFrom('shelf').select('id').where('name', '=', name).executeTakeFirstOrThrow()
      // The last first: rows refer to rows that come later.
      await tx.db.insertInto('page').values({ id: `${names.length - index}`, shelf: shelf['id'], above: index === 0 ? null : `${names.length - index + 1}`, weight: index / 3, scan: Buffer.from(name) }).execute()
    }
    await tx.appendEvent(EVENT as never)
  }, forever())
}

test('[J31] a store goes from one database to the other and back, and is what it was', { timeout: 120_000 }, async () => {
  const [sqlite, postgres] = [knowing(sqliteStorage()), knowing(await postgresStorage())]
  const folder = temporaryFolder()
  let number = 0
  await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((text) => !text.includes('\0')), { maxLength: 30 }), async (names) => {
    const key = { tenantId: `t-${number += 1}`, pluginId: KEY.pluginId }
    const path = (name: string): string => join(folder, `${number}-${name}.sqlite`)
    await sqlite.migrate(key, PAGES)
    await write(sqlite, key, names)
    expect(await sqlite.copyStore(key, path('first'))).toBe(true)
    await postgres.placeStore(key, path('first'))
    expect(await postgres.copyStore(key, path('second'))).toBe(true)
    expect(differences(await digestsOf(path('first')), await digestsOf(path('second')))).toEqual([])
    expect(await fingerprintOf(path('second'))).toEqual(await fingerprintOf(path('first')))
    // It goes on where it was, with numbers nobody has had.
    await write(postgres, key, names.map((name) => `${name}!`).slice(0, 0))
    await postgres.store(key).db.insertInto('shelf').values({ name: 'after' }).execute()
    const [top] = await postgres.store(key).db.selectFrom('shelf').select('id').where('name', '=', 'after').execute()
    expect(Number(top?.['id'])).toBe(names.length + 1)
    expect(await postgres.copyStore(key, path('third'))).toBe(true)
    await sqlite.placeStore(key, path('third'))
    expect((await sqlite.store(key).db.selectFrom('shelf').select('id').where('name', '=', 'after').execute())[0]?.['id']).toBe(names.length + 1)
    expect(await sqlite.kernelStore(key).selectFrom('liberacces_outbox').select('type').execute()).toHaveLength(2)
  }), { numRuns: 8 })
})

test('[J32] a moment shows the kernel\'s tables and all stores alike, while others go on writing', { timeout: 60_000 }, async () => {
  const storage = knowing(await postgresStorage())
  const folder = temporaryFolder()
  const keys = ['fr.example.causes', 'fr.example.effects'].map((pluginId) => ({ tenantId: 't-1', pluginId }))
  const [causes = KEY, effects = KEY] = keys
  for (const key of keys) await storage.migrate(key, PAGES)
  let isDone = false
  let written = 0
  const writing = (async () => {
    while (!isDone) {
      const name = `n-${written += 1}`
      for (const key of [causes, effects]) await storage.store(key).db.insertInto('shelf').values({ name }).execute()
    }
  })()
  await expect.poll(() => written, { timeout: 10_000 }).toBeGreaterThan(5)
  const counts: number[][] = []
  for (const round of [1, 2, 3]) {
    const moment = await storage.momentOf(['t-1'])
    for (const store of moment.stores) await store.copyTo(join(folder, `${round}-${store.key.pluginId}.sqlite`))
    await moment.copyPlatformTo(join(folder, `${round}-platform.sqlite`))
    await moment.close()
    counts.push(await Promise.all(keys.map(async (key) => (await digestsOf(join(folder, `${round}-${key.pluginId}.sqlite`))).get('shelf')?.rows ?? -1)))
    expect((await digestsOf(join(folder, `${round}-platform.sqlite`))).get('migration')?.rows).toBe(4)
  }
  isDone = true
  await writing
  for (const [cause = 0, effect = 0] of counts) expect([0, 1]).toContain(cause - effect)
  expect(counts.at(-1)?.[0]).toBeGreaterThan(counts[0]?.[0] ?? 0)
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('[J33] a copy that does not fit leaves the store as it was, and nothing behind', { timeout: 60_000 }, async () => {
  const storage = knowing(await postgresStorage())
  const folder = temporaryFolder()
  await storage.migrate(KEY, PAGES)
  await write(storage, KEY, ['one', 'two'])
  const path = join(folder, 'copy.sqlite')
  await storage.copyStore(KEY, path)
  await expect(storage.placeStore(KEY, join(folder, 'none.sqlite'))).rejects.toMatchObject({ code: 'STORE_INVALID' })
  const strange = sqliteStorage()
  const other: Migrations = { '0001-other': { up: async (db) => { await db.schema.createTable('other').addColumn('id', 'integer').execute() }, down: async () => undefined } }
  await strange.migrate(KEY, other)
  await strange.copyStore(KEY, join(folder, 'other.sqlite'))
  await expect(storage.placeStore(KEY, join(folder, 'other.sqlite'))).rejects.toMatchObject({ code: 'STORE_INVALID', message: expect.stringContaining('0001-other') })
  // SQLite keeps what PostgreSQL does not take.
  const loose = sqliteStorage()
  await loose.migrate(KEY, PAGES)
  await loose.store(KEY).db.insertInto('shelf').values({ name: 'nul \0 within' }).execute()
  await loose.copyStore(KEY, join(folder, 'loose.sqlite'))
  await expect(storage.placeStore(KEY, join(folder, 'loose.sqlite'))).rejects.toMatchObject({ code: 'STORE_INVALID', message: expect.stringContaining('shelf') })
  expect((await storage.store(KEY).db.selectFrom('shelf').select('name').orderBy('id').execute()).map((row) => row['name'])).toEqual(['one', 'two'])
  expect(await storage.storesOf('liberacces')).toEqual([])
  expect(existsSync(join(folder, 'copy.sqlite'))).toBe(true)
})

test('[J34] a store is replaced while it is written to: every write is in one of the two, and none is torn', { timeout: 60_000 }, async () => {
  const storage = knowing(await postgresStorage({ url: await databaseOfTest() }))
  const path = join(temporaryFolder(), 'copy.sqlite')
  await storage.migrate(KEY, PAGES)
  await write(storage, KEY, ['first'])
  await storage.copyStore(KEY, path)
  let isDone = false
  let failures = 0
  let written = 0
  const writing = (async () => {
    while (!isDone) {
      const pair = [`a-${written}`, `b-${written}`]
      await storage.store(KEY).transaction(async ({ db }) => {
        for (const name of pair) await db.insertInto('shelf').values({ name }).execute()
      }, forever()).then(() => { written += 1 }, () => { failures += 1 })
    }
  })()
  for (const _round of [1, 2, 3, 4]) {
    const before = written
    await storage.placeStore(KEY, path)
    await expect.poll(() => written, { timeout: 10_000 }).toBeGreaterThan(before)
  }
  isDone = true
  await writing
  expect(failures).toBe(0)
  const names = (await storage.store(KEY).db.selectFrom('shelf').select('name').execute()).map((row) => String(row['name']))
  expect(names).toContain('first')
  expect(names.filter((name) => name.startsWith('a-')).map((name) => name.slice(2)).toSorted()).toEqual(names.filter((name) => name.startsWith('b-')).map((name) => name.slice(2)).toSorted())
})

test('[J39] one node puts a copy in a store’s place, or drops it and makes it anew: the others go on there', { timeout: 60_000 }, async () => {
  const [url, secret, path] = [await databaseOfTest(), randomBytes(32), join(temporaryFolder(), 'copy.sqlite')]
  const [here, there] = [knowing(await postgresStorage({ url, secret })), knowing(await postgresStorage({ url, secret }))]
  const names = async (storage: Storage): Promise<readonly unknown[]> => (await storage.store(KEY).db.selectFrom('shelf').select('name').orderBy('id').execute()).map((row) => row['name'])
  const add = (storage: Storage, name: string): Promise<unknown> => storage.store(KEY).transaction(({ db }) => db.insertInto('shelf').values({ name }).execute(), forever())
  await here.migrate(KEY, PAGES)
  await write(here, KEY, ['first'])
  // What nobody holds may be forgotten at any time, and with it where the store was.
  const held = there.store(KEY)
  await here.copyStore(KEY, path)
  await add(there, 'second')

  await here.placeStore(KEY, path)
  expect(await names(there)).toEqual(['first'])
  await here.placeStore(KEY, path)
  await there.store(KEY).db.insertInto('shelf').values({ name: 'alone' }).execute()
  await here.placeStore(KEY, path)
  expect(await there.kernelStore(KEY).selectFrom('liberacces_outbox').select('seq').execute()).toHaveLength(1)
  await here.placeStore(KEY, path)
  // Its body is not run again by itself; whoever asked may.
  await expect(add(there, 'third')).rejects.toMatchObject({ code: 'DB_CONFLICT' })
  await add(there, 'third')
  expect(await names(here)).toEqual(['first', 'third'])

  await here.drop(KEY)
  await there.migrate(KEY, PAGES)
  await add(there, 'anew')
  expect(await names(here)).toEqual(['anew'])
  expect(there.store(KEY)).toBe(held)
})

test('[J90] a store is dropped and made anew under the same names while another node still has connections of the role that is gone: it goes on there', { timeout: 60_000 }, async () => {
  const [url, secret] = [await databaseOfTest(), randomBytes(32)]
  const [here, there] = [knowing(await postgresStorage({ url, secret })), knowing(await postgresStorage({ url, secret }))]
  const held = there.store(KEY)
  const anew = async (): Promise<void> => {
    await here.drop(KEY)
    await here.migrate(KEY, PAGES)
    await write(here, KEY, ['anew'])
  }
  const add = (name: string): Promise<unknown> => held.transaction(({ db }) => db.insertInto('shelf').values({ name }).execute(), forever())
  const names = async (): Promise<readonly unknown[]> => (await held.db.selectFrom('shelf').select('name').orderBy('id').execute()).map((row) => row['name'])
  await here.migrate(KEY, PAGES)
  await add('old')

  await anew()
  expect(await names()).toEqual(['anew'])
  await anew()
  await held.db.insertInto('shelf').values({ name: 'alone' }).execute()
  await anew()
  expect((await held.reading.selectFrom('shelf').select('name').execute()).map((row) => row['name'])).toEqual(['anew'])
  await anew()
  await expect(add('first')).rejects.toMatchObject({ code: 'DB_CONFLICT' })
  await add('again')
  expect(await names()).toEqual(['anew', 'again'])
  await anew()
  // Its migrations, too, and what is refused for good is refused as before.
  const more: Migrations = { ...PAGES, '0003-box': { up: async (db) => { await db.schema.createTable('box').addColumn('id', 'text').execute() }, down: async (db) => { await db.schema.dropTable('box').execute() } } }
  expect(await there.migrate(KEY, more)).toEqual({ applied: ['0003-box'] })
  await expect(held.db.selectFrom('nowhere').selectAll().execute()).rejects.toMatchObject({ code: '42P01' })
  expect(await names()).toEqual(['anew'])
})
