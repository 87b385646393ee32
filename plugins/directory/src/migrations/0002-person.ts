import type { Migration } from '@liberacces/sdk'

export const person: Migration = {
  up: async (db) => {
    await db.schema
      .createTable('person')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('first_name', 'text', (column) => column.notNull())
      .addColumn('last_name', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('service_id', 'text')
      .addColumn('email', 'text', (column) => column.unique())
      .addColumn('email_public', 'integer', (column) => column.notNull())
      .addColumn('phone', 'text')
      .addColumn('phone_public', 'integer', (column) => column.notNull())
      .addColumn('internal_phone', 'text')
      .addColumn('room', 'text')
      .addColumn('account_id', 'text', (column) => column.unique())
      .addColumn('listed', 'integer', (column) => column.notNull())
      .addColumn('sort_key', 'text', (column) => column.notNull())
      .addColumn('search_text', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('person_by_sort_key').on('person').column('sort_key').execute()
    await db.schema.createIndex('person_by_service').on('person').column('service_id').execute()
  },
  down: async (db) => {
    await db.schema.dropTable('person').execute()
  },
}
