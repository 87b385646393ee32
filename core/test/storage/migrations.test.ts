import { expect, test } from 'vitest'
import { sqliteStorage } from './sqlite-storage.ts'
import { KEY } from './temporary-storage.ts'

const down = async (): Promise<void> => undefined

test('[D12] rebuilding a table keeps the rows that refer to it; rows left without their parent fail the migration', async () => {
  const storage = sqliteStorage()
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

