import type { Migration } from '@liberacces/sdk'

/** Menus, and what was bought for them. */
export const menus: Migration = {
  up: async ({ schema }) => {
    await schema.createTable('dish')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('day', 'text', (is) => is.notNull()).addColumn('meal', 'text', (is) => is.notNull()).addColumn('course', 'text', (is) => is.notNull())
      .addColumn('name', 'text', (is) => is.notNull()).addColumn('allergens', 'text', (is) => is.notNull()).addColumn('diets', 'text', (is) => is.notNull()).addColumn('siqo', 'text', (is) => is.notNull())
      .addColumn('labels', 'text', (is) => is.notNull()).addColumn('changed_at', 'text', (is) => is.notNull()).execute()
    await schema.createIndex('dish_day').on('dish').columns(['day', 'meal']).execute()
    await schema.createTable('published_week').addColumn('monday', 'text', (is) => is.primaryKey()).addColumn('published_at', 'text', (is) => is.notNull()).execute()
    await schema.createTable('purchase')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('day', 'text', (is) => is.notNull()).addColumn('supplier', 'text', (is) => is.notNull()).addColumn('label', 'text', (is) => is.notNull())
      .addColumn('cents', 'integer', (is) => is.notNull()).addColumn('quality', 'text', (is) => is.notNull()).execute()
    await schema.createIndex('purchase_day').on('purchase').column('day').execute()
  },
  down: async ({ schema }) => {
    for (const table of ['purchase', 'published_week', 'dish']) await schema.dropTable(table).execute()
  },
}
