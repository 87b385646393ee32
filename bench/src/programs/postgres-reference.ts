import { hash } from 'node:crypto'
import fastify from 'fastify'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { answerCommands } from '../answer-commands.ts'
import { NOTES, noteOf, type NoteTables } from '../fixtures/note-plugin.ts'

// REF on PostgreSQL: Fastify, Kysely and node-postgres with its pool. A bearer token hashed and looked up with its user, one row by its key.

const TOKEN = 'la_q2f0Yx9Tn4Vb7Kc1Ws8Ze5Rg3Hj6Lm0Pd2Fa9Xo4Uk'

interface Tables extends NoteTables {
  user: { id: string; name: string; role: string }
  session: { token_hash: Buffer; user_id: string; expires_at: number }
}

let db: Kysely<Tables> | undefined
const server = fastify()

server.get<{ Params: { id: string } }>('/notes/:id', async (request, reply) => {
  if (db === undefined) return reply.code(503).send()
  const user = await db.selectFrom('session').innerJoin('user', 'user.id', 'session.user_id').select(['user.id', 'user.name', 'user.role'])
    .where('token_hash', '=', hash('sha256', (request.headers.authorization ?? '').slice('Bearer '.length), 'buffer')).where('expires_at', '>', Date.now()).executeTakeFirst()
  if (user?.role !== 'agent') return reply.code(401).send()
  const found = await db.selectFrom('note').selectAll().where('id', '=', request.params.id).executeTakeFirst()
  return found ?? reply.code(404).send()
})

answerCommands({
  open: async ({ url }: { readonly url: string }) => {
    const address = new URL(url)
    address.search = ''
    db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: address.href, max: 10 }) }) })
    await sql`create table "user" (id text primary key, name text not null, role text not null)`.execute(db)
    await sql`create table session (token_hash bytea primary key, user_id text not null references "user" (id), expires_at bigint not null)`.execute(db)
    await sql`create table note (id text primary key, title text not null, body text not null, author text not null, created_at bigint not null)`.execute(db)
    await db.insertInto('user').values({ id: '1', name: 'Camille Martin', role: 'agent' }).execute()
    await db.insertInto('session').values({ token_hash: hash('sha256', TOKEN, 'buffer'), user_id: '1', expires_at: Date.now() + 86_400_000 }).execute()
    await db.insertInto('note').values(Array.from({ length: NOTES }, (_, number) => noteOf(number))).execute()
    await sql`analyze`.execute(db)
    await server.listen({ port: 0, host: '127.0.0.1' })
    const listening = server.server.address()
    return { port: typeof listening === 'object' ? listening?.port : undefined, token: TOKEN }
  },
}, async () => {
  await server.close()
  await db?.destroy()
})
