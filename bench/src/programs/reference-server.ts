import { hash } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fastify from 'fastify'
import { answerCommands } from '../answer-commands.ts'
import { NOTES, noteOf, type NoteTables } from '../fixtures/note-plugin.ts'

// REF: the least that an authenticated read can cost here. Fastify, a bearer token hashed and looked up with its user, one row by its primary
// key, through prepared statements. The join is the usual way to write it, and what the goals were set against; SQLite plans it anew for each
// value, which sub-selects, such as the kernel's, spare: 15 µs. And pages: the same bytes as ours, ready in memory. A text
// would have to be encoded each time, which costs a third more where it is long.

const TOKEN = 'la_q2f0Yx9Tn4Vb7Kc1Ws8Ze5Rg3Hj6Lm0Pd2Fa9Xo4Uk'
const folder = process.env['LIBERACCES_DATA'] ?? ''

const database = new Database(join(folder, 'reference.sqlite'))
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec(`create table user (id text primary key, name text not null, role text not null);
  create table session (token_hash blob primary key, user_id text not null references user (id), expires_at integer not null) without rowid;
  create table note (id text primary key, title text not null, body text not null, author text not null, created_at integer not null)`)
database.prepare('insert into user values (?, ?, ?)').run('1', 'Camille Martin', 'agent')
database.prepare('insert into session values (?, ?, ?)').run(hash('sha256', TOKEN, 'buffer'), '1', Date.now() + 86_400_000)
const insert = database.prepare('insert into note values (?, ?, ?, ?, ?)')
database.transaction(() => {
  for (let number = 0; number < NOTES; number += 1) {
    const { id, title, body, author, created_at: createdAt } = noteOf(number)
    insert.run(id, title, body, author, createdAt)
  }
})()

const session = database.prepare<[Buffer, number], { id: string; role: string }>('select user.id, user.name, user.role from session join user on user.id = session.user_id where token_hash = ? and expires_at > ?')
const note = database.prepare<[string], NoteTables['note']>('select * from note where id = ?')

const server = fastify()
server.get<{ Params: { id: string } }>('/notes/:id', async (request, reply) => {
  const user = session.get(hash('sha256', (request.headers.authorization ?? '').slice('Bearer '.length), 'buffer'), Date.now())
  if (user?.role !== 'agent') return reply.code(401).send()
  const found = note.get(request.params.id)
  return found ?? reply.code(404).send()
})
const pages = new Map<string, Buffer>()
server.get<{ Params: { name: string } }>('/pages/:name', async (request, reply) => reply.type('text/html; charset=utf-8').send(pages.get(request.params.name) ?? ''))
await server.listen({ port: 0, host: '127.0.0.1' })
const address = server.server.address()

answerCommands({
  where: () => ({ port: typeof address === 'object' ? address?.port : undefined, token: TOKEN }),
  page: ({ name, html }: { readonly name: string; readonly html: string }) => { pages.set(name, Buffer.from(html)) },
}, () => server.close())
