import type { Migration } from '@liberacces/sdk'

/** A long file is read after its form was answered: which file waits, and what to do with a faulty line. */
export const importLater: Migration = {
  up: async ({ schema }) => {
    await schema.alterTable('import_report').addColumn('file_id', 'text').execute()
    await schema.alterTable('import_report').addColumn('on_fault', 'text').execute()
  },
  down: async ({ schema }) => {
    await schema.alterTable('import_report').dropColumn('on_fault').execute()
    await schema.alterTable('import_report').dropColumn('file_id').execute()
  },
}
