import { basePlugin, migrations } from '#base'

export default basePlugin({
  migrations: {
    ...migrations,
    '0002-kind': {
      up: async (db) => { await db.schema.alterTable('notes').addColumn('kind', 'text').execute() },
      down: async (db) => { await db.schema.alterTable('notes').dropColumn('kind').execute() },
    },
  },
})
