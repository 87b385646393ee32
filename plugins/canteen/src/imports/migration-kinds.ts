import type { Migration } from '@liberacces/sdk'

/** What a report is about, and how far a long file has been read. Reports from before cannot say what they are about, and are read no more: they go after a month anyway. */
export const importKinds: Migration = {
  up: async ({ schema }) => {
    await schema.alterTable('import_report').addColumn('kind', 'text').execute()
    await schema.alterTable('import_report').addColumn('when_faulty', 'text').execute()
    await schema.alterTable('import_report').addColumn('file_id', 'text').execute()
    await schema.alterTable('import_report').addColumn('lines', 'integer').execute()
    await schema.alterTable('import_report').addColumn('read_to', 'integer').execute()
  },
  down: async ({ schema }) => {
    for (const column of ['read_to', 'lines', 'file_id', 'when_faulty', 'kind']) await schema.alterTable('import_report').dropColumn(column).execute()
  },
}
