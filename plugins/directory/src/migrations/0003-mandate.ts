import type { Migration } from '@liberacces/sdk'

export const mandate: Migration = {
  up: async (db) => {
    await db.schema
      .createTable('mandate')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('person_id', 'text', (column) => column.notNull())
      .addColumn('office', 'text', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('rank', 'integer')
      .addColumn('starts_on', 'text', (column) => column.notNull())
      .addColumn('last_day', 'text')
      .addColumn('announced', 'integer', (column) => column.notNull())
      .addColumn('search_text', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('mandate_by_person').on('mandate').column('person_id').execute()
    await db.schema.createIndex('mandate_by_end').on('mandate').columns(['announced', 'last_day']).execute()
  },
  down: async (db) => {
    await db.schema.dropTable('mandate').execute()
  },
}
