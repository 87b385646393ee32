import type { Migration } from '@liberacces/sdk'

/** Dates. */
export const gathering: Migration = {
  up: async (db) => {
    await db.schema.createTable('gathering')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('place', 'text', (column) => column.notNull())
      .addColumn('starts_at', 'text', (column) => column.notNull())
      .addColumn('ends_at', 'text', (column) => column.notNull())
      .addColumn('is_cancelled', 'integer', (column) => column.notNull())
      .addColumn('changes', 'integer', (column) => column.notNull())
      .addColumn('changed_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('gathering_ends').on('gathering').columns(['ends_at', 'id']).execute()
  },
  down: async (db) => {
    await db.schema.dropTable('gathering').execute()
  },
}
