import type { Migration } from '@liberacces/sdk'

const TABLES = ['attendance', 'attendance_entry', 'badge', 'meal_count', 'meal_order'] as const

/** Who came, and what the kitchen was told. */
export const attendance: Migration = {
  up: async ({ schema }) => {
    await schema.createTable('attendance')
      .addColumn('child_id', 'text', (is) => is.notNull()).addColumn('unit_id', 'text', (is) => is.notNull()).addColumn('day', 'text', (is) => is.notNull())
      .addColumn('entry_id', 'text', (is) => is.notNull()).addColumn('mark', 'text', (is) => is.notNull()).addColumn('recorded_at', 'text', (is) => is.notNull())
      .addColumn('arrived_at', 'text').addColumn('left_at', 'text').addColumn('state_before', 'text')
      .addPrimaryKeyConstraint('attendance_key', ['unit_id', 'day', 'child_id']).execute()
    await schema.createTable('attendance_entry')
      .addColumn('id', 'text', (is) => is.primaryKey())
      .addColumn('child_id', 'text', (is) => is.notNull()).addColumn('unit_id', 'text', (is) => is.notNull()).addColumn('day', 'text', (is) => is.notNull())
      .addColumn('mark', 'text', (is) => is.notNull()).addColumn('arrived_at', 'text').addColumn('left_at', 'text')
      .addColumn('recorded_at', 'text', (is) => is.notNull()).addColumn('received_at', 'text', (is) => is.notNull())
      .addColumn('recorded_by', 'text').addColumn('recorded_name', 'text').addColumn('outcome', 'text', (is) => is.notNull()).addColumn('conflict_with', 'text').execute()
    await schema.createIndex('attendance_entry_unit').on('attendance_entry').columns(['unit_id', 'day', 'recorded_at']).execute()
    await schema.createIndex('attendance_entry_child').on('attendance_entry').columns(['child_id', 'day']).execute()
    await schema.createIndex('attendance_entry_by').on('attendance_entry').column('recorded_by').execute()
    await schema.createTable('badge')
      .addColumn('child_id', 'text', (is) => is.primaryKey()).addColumn('code', 'text', (is) => is.notNull().unique()).addColumn('created_at', 'text', (is) => is.notNull()).execute()
    await schema.createTable('meal_count')
      .addColumn('day', 'text', (is) => is.primaryKey()).addColumn('counted_at', 'text', (is) => is.notNull()).addColumn('content', 'text', (is) => is.notNull()).execute()
    await schema.createTable('meal_order')
      .addColumn('id', 'text', (is) => is.primaryKey()).addColumn('day', 'text', (is) => is.notNull()).addColumn('number', 'integer', (is) => is.notNull())
      .addColumn('meals', 'integer', (is) => is.notNull()).addColumn('sent_by', 'text').addColumn('sent_at', 'text', (is) => is.notNull())
      .addColumn('recipient', 'text').addColumn('content', 'text', (is) => is.notNull()).addUniqueConstraint('meal_order_once', ['day', 'number']).execute()
  },
  down: async ({ schema }) => {
    for (const table of TABLES.toReversed()) await schema.dropTable(table).execute()
  },
}
