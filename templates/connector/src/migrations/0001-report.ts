import type { Migration } from '@liberacces/sdk'

/** Reports. */
export const report: Migration = {
  up: async (db) => {
    await db.schema.createTable('report')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('place', 'text', (column) => column.notNull())
      .addColumn('details', 'text', (column) => column.notNull())
      .addColumn('sent_at', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('tries', 'integer', (column) => column.notNull())
      .addColumn('next_try_at', 'text', (column) => column.notNull())
      .addColumn('reference', 'text')
      .addColumn('problem', 'text')
      .execute()
    await db.schema.createIndex('report_due').on('report').columns(['state', 'next_try_at']).execute()
  },
  down: async (db) => {
    await db.schema.dropTable('report').execute()
  },
}
