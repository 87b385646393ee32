import type { Migration } from '@liberacces/sdk'

export const importReport: Migration = {
  up: async (db) => {
    await db.schema
      .createTable('import_report')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('made_at', 'text', (column) => column.notNull())
      .addColumn('created', 'integer', (column) => column.notNull())
      .addColumn('updated', 'integer', (column) => column.notNull())
      .addColumn('problems', 'text', (column) => column.notNull())
      .execute()
  },
  down: async (db) => {
    await db.schema.dropTable('import_report').execute()
  },
}
