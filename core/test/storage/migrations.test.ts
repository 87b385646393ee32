import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Migrations } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { createSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import { FakeOutside, KEY, NOTES, temporaryFolder, temporaryStorage } from './temporary-storage.ts'

const down = async (): Promise<void> => undefined

test('[D12] migrations run once each, in the order of their names', async () => {
  const storage = temporaryStorage()
  const ran: string[] = []
  const step = (name: string): Migrations => ({ [name]: { up: async () => { ran.push(name) }, down } })
  expect(await storage.migrate(KEY, { ...step('0002-b'), ...step('0001-a') })).toEqual({ applied: ['0001-a', '0002-b'] })
  expect(await storage.migrate(KEY, { ...step('0003-c'), ...step('0001-a'), ...step('0002-b') })).toEqual({ applied: ['0003-c'] })
  expect(ran).toEqual(['0001-a', '0002-b', '0003-c'])
})

test('[D12] a migration that throws halfway leaves tables, rows and bookkeeping as before, of the whole call', async () => {
  const storage = temporaryStorage()
  await storage.migrate(KEY, NOTES)
  const { db } = storage.store(KEY)
  await db.insertInto('note').values({ text: 'a' }).execute()
  const failing = storage.migrate(KEY, {
    ...NOTES,
    '0002-good': { up: async (tx) => { await tx.schema.alterTable('note').addColumn('author', 'text').execute() }, down },
    '0003-bad': {
      up: async (tx) => {
        await tx.deleteFrom('note').execute()
        await tx.schema.createTable('half').addColumn('id', 'text').execute()
        throw new Error('power')
      },
      down,
    },
  })
  await expect(failing).rejects.toMatchObject({ code: 'MIGRATION_FAILED', message: expect.stringContaining('"0003-bad"') as string, cause: expect.objectContaining({ message: 'power' }) as Error })
  expect(await db.selectFrom('note').selectAll().execute()).toEqual([{ id: 1, text: 'a' }])
  await expect(db.selectFrom('half').selectAll().execute()).rejects.toThrow('no such table')
  expect((await storage.platform.selectFrom('migration').select('name').execute()).map(({ name }) => name)).toEqual(['0001-note'])
})

test('[D12] a query prepared before a migration sees the new columns after it', async () => {
  const storage = temporaryStorage()
  await storage.migrate(KEY, NOTES)
  const read = () => storage.store(KEY).db.selectFrom('note').selectAll().execute()
  await storage.store(KEY).db.insertInto('note').values({ text: 'a' }).execute()
  expect(await read()).toEqual([{ id: 1, text: 'a' }])
  await storage.migrate(KEY, { '0002': { up: async (tx) => { await tx.schema.alterTable('note').addColumn('author', 'text').execute() }, down } })
  expect(await read()).toEqual([{ id: 1, text: 'a', author: null }])
})

test('[D12] rebuilding a table keeps the rows that refer to it; rows left without their parent fail the migration', async () => {
  const storage = temporaryStorage()
  await storage.migrate(KEY, {
    '0001': {
      up: async (db) => {
        await db.schema.createTable('parent').addColumn('id', 'integer', (column) => column.primaryKey()).execute()
        await db.schema.createTable('child').addColumn('id', 'integer', (column) => column.primaryKey())
          .addColumn('parent_id', 'integer', (column) => column.references('parent.id').onDelete('cascade')).execute()
        await db.insertInto('parent').values({ id: 1 }).execute()
        await db.insertInto('child').values({ id: 1, parent_id: 1 }).execute()
      },
      down,
    },
  })
  await storage.migrate(KEY, {
    '0002': {
      up: async (db) => {
        await db.schema.createTable('parent_new').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('name', 'text').execute()
        await db.insertInto('parent_new').columns(['id']).expression(db.selectFrom('parent').select('id')).execute()
        await db.schema.dropTable('parent').execute()
        await db.schema.alterTable('parent_new').renameTo('parent').execute()
      },
      down,
    },
  })
  const { db } = storage.store(KEY)
  expect(await db.selectFrom('child').selectAll().execute()).toEqual([{ id: 1, parent_id: 1 }])
  await expect(storage.migrate(KEY, { '0003': { up: async (tx) => { await tx.deleteFrom('parent').execute() }, down } })).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
  await expect(db.insertInto('child').values({ id: 2, parent_id: 99 }).execute()).rejects.toThrow(/FOREIGN KEY/)
})

test('[D13] a crash after the migration and before the kernel\'s note of it costs nothing: the store itself knows', async () => {
  const folder = temporaryFolder()
  const outside = new FakeOutside()
  const first = createSqliteStorage({ folder, outside })
  await first.migrate(KEY, NOTES)
  await first.close()
  const platform = new Database(join(folder, 'platform.sqlite'))
  platform.exec('delete from migration')
  platform.close()
  const second = temporaryStorage({ folder, outside })
  expect(await second.migrate(KEY, NOTES)).toEqual({ applied: [] })
  expect(await second.platform.selectFrom('migration').select('name').execute()).toEqual([{ name: '0001-note' }])
})

test('[D10] in a migration the guard stands: own tables only', async () => {
  const storage = temporaryStorage()
  const attempt = (up: Migrations[string]['up']) => storage.migrate(KEY, { '0001': { up, down } })
  await expect(attempt(async (db) => { await db.schema.dropTable('liberacces_outbox').execute() }))
    .rejects.toMatchObject({ code: 'MIGRATION_FAILED', cause: expect.objectContaining({ code: 'DB_STATEMENT_REFUSED' }) as Error })
  expect(await storage.kernelStore(KEY).selectFrom('liberacces_outbox').selectAll().execute()).toEqual([])
})
