import type { Migration } from '@liberacces/sdk'

/** Requests. */
export const request: Migration = {
  up: async (db) => {
    await db.schema.createTable('request')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('place', 'text', (column) => column.notNull())
      .addColumn('from_day', 'text', (column) => column.notNull())
      .addColumn('to_day', 'text', (column) => column.notNull())
      .addColumn('details', 'text')
      .addColumn('plan_id', 'text')
      .addColumn('plan_name', 'text')
      .addColumn('applicant_id', 'text')
      .addColumn('applicant_name', 'text')
      .addColumn('applicant_email', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('sent_at', 'text', (column) => column.notNull())
      .addColumn('decided_at', 'text')
      .addColumn('reason', 'text')
      .execute()
    // The inbox reads by the first, a citizen's own page by the second.
    await db.schema.createIndex('request_state').on('request').columns(['state', 'id']).execute()
    await db.schema.createIndex('request_applicant').on('request').columns(['applicant_id', 'id']).execute()
  },
  down: async (db) => {
    await db.schema.dropTable('request').execute()
  },
}
