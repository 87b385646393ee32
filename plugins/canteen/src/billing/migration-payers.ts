import type { Migration } from '@liberacces/sdk'

/** First and last name of a payer each for itself, as files for the comptable want them; and how far a published campaign has been told by mail. */
export const payers: Migration = {
  up: async ({ schema }) => {
    await schema.alterTable('invoice').addColumn('payer_first_name', 'text').execute()
    await schema.alterTable('invoice').addColumn('payer_last_name', 'text').execute()
    await schema.alterTable('campaign').addColumn('told_after', 'text').execute()
  },
  down: async ({ schema }) => {
    await schema.alterTable('campaign').dropColumn('told_after').execute()
    await schema.alterTable('invoice').dropColumn('payer_last_name').execute()
    await schema.alterTable('invoice').dropColumn('payer_first_name').execute()
  },
}
