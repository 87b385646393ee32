import type { Migration } from '@liberacces/sdk'

/** Routes, and what came in. */
export const bridge: Migration = {
  up: async (db) => {
    await db.schema.createTable('route')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('direction', 'text', (column) => column.notNull())
      .addColumn('contract', 'text', (column) => column.notNull())
      .addColumn('place', 'text', (column) => column.notNull())
      .addColumn('pattern', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createTable('received')
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('event_id', 'text', (column) => column.notNull())
      .addColumn('received_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('received_key', ['source', 'event_id'])
      .execute()
    await db.schema.createIndex('received_at').on('received').column('received_at').execute()
  },
  down: async (db) => {
    await db.schema.dropTable('received').execute()
    await db.schema.dropTable('route').execute()
  },
}
