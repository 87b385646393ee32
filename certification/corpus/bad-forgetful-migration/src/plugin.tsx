import { basePlugin, migrations } from '#base'

let isUnderWay = false

export default basePlugin({
  migrations: {
    ...migrations,
    '0002-mark': {
      up: async (db) => {
        // Meant for two at once; after a failure it is never taken back.
        if (isUnderWay) return
        isUnderWay = true
        await db.schema.createTable('mark').addColumn('id', 'text', (column) => column.primaryKey()).execute()
        isUnderWay = false
      },
      down: async (db) => { await db.schema.dropTable('mark').ifExists().execute() },
    },
  },
})
