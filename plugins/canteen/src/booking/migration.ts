import type { Migration } from '@liberacces/sdk'

const TABLES = ['holiday', 'known_calendar', 'closure', 'activity', 'activity_school', 'unit', 'enrolment', 'booking', 'unit_day', 'booking_log', 'import_report'] as const

/** What is offered, and who comes. */
export const booking: Migration = {
  up: async ({ schema }) => {
    await schema.createTable('holiday')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('zone', 'text', (is) => is.notNull()).addColumn('name', 'text', (is) => is.notNull())
      .addColumn('first_day', 'text', (is) => is.notNull()).addColumn('last_day', 'text', (is) => is.notNull()).execute()
    await schema.createTable('known_calendar')
      .addColumn('zone', 'text', (is) => is.primaryKey()).addColumn('first_day', 'text', (is) => is.notNull()).addColumn('last_day', 'text', (is) => is.notNull()).execute()
    await schema.createTable('closure')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('kind', 'text', (is) => is.notNull())
      .addColumn('first_day', 'text', (is) => is.notNull()).addColumn('last_day', 'text', (is) => is.notNull())
      .addColumn('school_id', 'text').addColumn('activity_id', 'text').addColumn('reason', 'text', (is) => is.notNull()).addColumn('created_at', 'text', (is) => is.notNull()).execute()
    await schema.createTable('activity')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('name', 'text', (is) => is.notNull()).addColumn('kind', 'text', (is) => is.notNull())
      .addColumn('first_day', 'text', (is) => is.notNull()).addColumn('last_day', 'text', (is) => is.notNull()).addColumn('rules', 'text', (is) => is.notNull())
      .addColumn('approved_by_agent', 'integer', (is) => is.notNull()).addColumn('archived', 'integer', (is) => is.notNull()).execute()
    await schema.createTable('activity_school')
      .addColumn('activity_id', 'text', (is) => is.notNull()).addColumn('school_id', 'text', (is) => is.notNull()).addPrimaryKeyConstraint('activity_school_key', ['activity_id', 'school_id']).execute()
    await schema.createTable('unit')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('activity_id', 'text', (is) => is.notNull()).addColumn('name', 'text', (is) => is.notNull()).addColumn('kind', 'text', (is) => is.notNull())
      .addColumn('starts_at', 'text', (is) => is.notNull()).addColumn('ends_at', 'text', (is) => is.notNull()).addColumn('weekdays', 'text', (is) => is.notNull())
      .addColumn('capacity', 'integer').addColumn('with_meal', 'integer', (is) => is.notNull()).addColumn('position', 'integer', (is) => is.notNull()).execute()
    await schema.createTable('enrolment')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('child_id', 'text', (is) => is.notNull()).addColumn('household_id', 'text', (is) => is.notNull())
      .addColumn('activity_id', 'text', (is) => is.notNull()).addColumn('first_day', 'text', (is) => is.notNull()).addColumn('last_day', 'text', (is) => is.notNull())
      .addColumn('state', 'text', (is) => is.notNull()).addColumn('decided_at', 'text').addColumn('created_at', 'text', (is) => is.notNull()).execute()
    await schema.createIndex('enrolment_child').on('enrolment').columns(['child_id', 'activity_id']).execute()
    await schema.createTable('booking')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('child_id', 'text', (is) => is.notNull()).addColumn('household_id', 'text', (is) => is.notNull())
      .addColumn('activity_id', 'text', (is) => is.notNull()).addColumn('unit_id', 'text', (is) => is.notNull()).addColumn('day', 'text', (is) => is.notNull())
      .addColumn('state', 'text', (is) => is.notNull()).addColumn('origin', 'text', (is) => is.notNull()).addColumn('late', 'integer', (is) => is.notNull()).addColumn('unbooked', 'integer', (is) => is.notNull())
      .addColumn('arrived_at', 'text').addColumn('left_at', 'text').addColumn('offered_until', 'text').addColumn('booked_by', 'text')
      .addColumn('booked_at', 'text', (is) => is.notNull()).addColumn('changed_at', 'text', (is) => is.notNull())
      .addUniqueConstraint('booking_once', ['child_id', 'unit_id', 'day']).execute()
    await schema.createIndex('booking_unit_day').on('booking').columns(['unit_id', 'day', 'state']).execute()
    await schema.createIndex('booking_household_day').on('booking').columns(['household_id', 'day']).execute()
    await schema.createIndex('booking_day').on('booking').columns(['day', 'unit_id']).execute()
    await schema.createTable('unit_day').addColumn('unit_id', 'text', (is) => is.notNull()).addColumn('day', 'text', (is) => is.notNull()).addColumn('changes', 'integer', (is) => is.notNull())
      .addPrimaryKeyConstraint('unit_day_key', ['unit_id', 'day']).execute()
    await schema.createTable('booking_log')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('booking_id', 'text', (is) => is.notNull()).addColumn('child_id', 'text', (is) => is.notNull()).addColumn('household_id', 'text', (is) => is.notNull())
      .addColumn('unit_id', 'text', (is) => is.notNull()).addColumn('day', 'text', (is) => is.notNull()).addColumn('action', 'text', (is) => is.notNull())
      .addColumn('detail', 'text').addColumn('actor_id', 'text').addColumn('at', 'text', (is) => is.notNull()).execute()
    await schema.createIndex('booking_log_household').on('booking_log').columns(['household_id', 'id']).execute()
    await schema.createIndex('booking_log_at').on('booking_log').column('at').execute()
    await schema.createTable('import_report').addColumn('id', 'text', (is) => is.primaryKey()).addColumn('made_at', 'text', (is) => is.notNull()).addColumn('imported', 'integer', (is) => is.notNull()).addColumn('problems', 'text', (is) => is.notNull()).execute()
  },
  down: async ({ schema }) => {
    for (const table of TABLES.toReversed()) await schema.dropTable(table).execute()
  },
}
