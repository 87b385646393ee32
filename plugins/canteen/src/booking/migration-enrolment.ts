import type { Migration } from '@liberacces/sdk'

/** Who asked for an enrolment, so that a person's own are handed over and forgotten. */
export const enrolmentAsker: Migration = {
  up: async ({ schema }) => { await schema.alterTable('enrolment').addColumn('requested_by', 'text').execute() },
  down: async ({ schema }) => { await schema.alterTable('enrolment').dropColumn('requested_by').execute() },
}
