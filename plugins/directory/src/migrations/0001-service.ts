import type { Migration } from '@liberacces/sdk'

export const service: Migration = {
  up: async (db) => {
    await db.schema
      .createTable('service')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('parent_id', 'text')
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('opening_hours', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('email', 'text')
      .addColumn('phone', 'text')
      .addColumn('sort_key', 'text', (column) => column.notNull().unique())
      .addColumn('search_text', 'text', (column) => column.notNull())
      .execute()
  },
  down: async (db) => {
    await db.schema.dropTable('service').execute()
  },
}
