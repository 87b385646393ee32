import type { Migration } from '@liberacces/sdk'

/** Items. */
export const item: Migration = {
  up: async (db) => {
    await db.schema.createTable('item')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('category', 'text', (column) => column.notNull())
      .addColumn('found_place', 'text', (column) => column.notNull())
      .addColumn('found_on', 'text', (column) => column.notNull())
      .addColumn('kept_until', 'text', (column) => column.notNull())
      .addColumn('details', 'text')
      .addColumn('finder_name', 'text')
      .addColumn('finder_email', 'text')
      .addColumn('returned_on', 'text')
      .addColumn('search_text', 'text', (column) => column.notNull())
      .execute()
    // Both lists read by these, newest finds first.
    await db.schema.createIndex('item_found').on('item').columns(['found_on', 'id']).execute()
    await db.schema.createIndex('item_finder').on('item').column('finder_email').execute()
  },
  down: async (db) => {
    await db.schema.dropTable('item').execute()
  },
}
