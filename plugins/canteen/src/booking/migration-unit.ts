import type { Migration } from '@liberacces/sdk'

/** The last day of a unit that ends before its activity. */
export const unitLastDay: Migration = {
  up: async ({ schema }) => { await schema.alterTable('unit').addColumn('last_day', 'text').execute() },
  down: async ({ schema }) => { await schema.alterTable('unit').dropColumn('last_day').execute() },
}
