import { basePlugin, migrations } from '#base'

export default basePlugin({
  version: '1.1.0',
  migrations: {
    ...migrations,
    '0002-note-kind': {
      up: async (db) => {
        await db.schema.dropTable('note').execute()
        await db.schema.createTable('note')
          .addColumn('id', 'text', (column) => column.primaryKey()).addColumn('author_id', 'text', (column) => column.notNull()).addColumn('text', 'text', (column) => column.notNull())
          .addColumn('written_at', 'text', (column) => column.notNull()).addColumn('kind', 'text').execute()
        await db.schema.createIndex('note_author').on('note').column('author_id').execute()
      },
      down: async (db) => { await db.schema.alterTable('note').dropColumn('kind').execute() },
    },
  },
})
