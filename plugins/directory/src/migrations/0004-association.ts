import type { Migration } from '@liberacces/sdk'

export const association: Migration = {
  up: async (db) => {
    await db.schema
      .createTable('association')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('rna', 'text', (column) => column.unique())
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('website', 'text')
      .addColumn('contact_name', 'text', (column) => column.notNull())
      .addColumn('contact_email', 'text')
      .addColumn('contact_phone', 'text')
      .addColumn('contact_public', 'integer', (column) => column.notNull())
      .addColumn('sort_key', 'text', (column) => column.notNull())
      .addColumn('search_text', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('association_by_sort_key').on('association').column('sort_key').execute()
  },
  down: async (db) => {
    await db.schema.dropTable('association').execute()
  },
}
