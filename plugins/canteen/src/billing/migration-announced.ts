import type { Migration } from '@liberacces/sdk'

/** How far the payers of a file for the bank have been told of it by mail. */
export const announced: Migration = {
  up: async ({ schema }) => { await schema.alterTable('collection').addColumn('told_after', 'text').execute() },
  down: async ({ schema }) => { await schema.alterTable('collection').dropColumn('told_after').execute() },
}
