import { join } from 'node:path'
import Database from 'better-sqlite3'
import fastify from 'fastify'
import { Kysely, SqliteDialect } from 'kysely'

// The parts that we stand on, loaded and serving, with nothing of ours: what a start and an idle process cost at least.

const database = new Database(join(process.env['LIBERACCES_DATA'] ?? '', 'bare.sqlite'))
const kysely = new Kysely<Record<string, never>>({ dialect: new SqliteDialect({ database }) })
await kysely.selectNoFrom((eb) => eb.val(1).as('one')).execute()
const server = fastify()
server.get('/readyz', async () => ({ status: 'ok' }))
await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' })
