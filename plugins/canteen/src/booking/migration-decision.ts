import type { Migration } from '@liberacces/sdk'

/** Why an enrolment was refused. */
export const enrolmentReason: Migration = {
  up: async ({ schema }) => { await schema.alterTable('enrolment').addColumn('reason', 'text').execute() },
  down: async ({ schema }) => { await schema.alterTable('enrolment').dropColumn('reason').execute() },
}
