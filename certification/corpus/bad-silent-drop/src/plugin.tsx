import { basePlugin, migrations } from '#base'

const [first] = Object.values(migrations)

export default basePlugin({ migrations: { '0001-note': { up: async (db) => { await first?.up(db) }, down: async (db) => { await db.schema.dropTable('note').execute() } } } })
