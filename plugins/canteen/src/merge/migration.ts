import type { Migration } from '@liberacces/sdk'

/** Ids of families that were merged. */
export const familyMerge: Migration = {
  up: async ({ schema }) => {
    await schema.createTable('family_merge').addColumn('old_id', 'text', (is) => is.primaryKey()).addColumn('new_id', 'text', (is) => is.notNull()).addColumn('kind', 'text', (is) => is.notNull()).addColumn('merged_at', 'text', (is) => is.notNull()).execute()
    await schema.createIndex('family_merge_new').on('family_merge').column('new_id').execute()
    await schema.createIndex('family_merge_at').on('family_merge').column('merged_at').execute()
  },
  down: async ({ schema }) => { await schema.dropTable('family_merge').execute() },
}
