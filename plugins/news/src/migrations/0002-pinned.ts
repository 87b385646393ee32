import type { Migration } from '@liberacces/sdk'

/** Articles may stand before the others until a date. Going back forgets which did, and nothing else. */
export const pinned: Migration = {
  up: async (db) => {
    await db.schema.alterTable('article').addColumn('pinned_until', 'text').execute()
    await db.schema.createIndex('article_pinned').on('article').column('pinned_until').execute()
  },
  down: async (db) => {
    await db.schema.dropIndex('article_pinned').execute()
    await db.schema.alterTable('article').dropColumn('pinned_until').execute()
  },
}
