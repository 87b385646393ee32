import { createHash } from 'node:crypto'
import { definePlugin, Type } from '@liberacces/sdk'
import { CompiledQuery, type Kysely } from 'kysely'

interface Tables {
  row: { id: string; person: string }
}

const Any = Type.Unknown()
const Given = Type.Object({ id: Type.Optional(Type.String()), person: Type.Optional(Type.String()), from: Type.Optional(Type.String()), schema: Type.Optional(Type.String()) })
const seen: string[] = []
let release: (() => void) | undefined

const said = (error: unknown): string => (error as { readonly code?: string }).code ?? String(error)

/** Does, in a process of its own, what plugins do there: waits, streams, holds transactions, asks for much at once, and speaks to the database of its rights. */
export default definePlugin<Tables>()({
  id: 'fr.test.traveller', version: '1.0.0', path: 'traveller', sdk: '*', license: 'MIT', title: { fr: 'Voyageur' }, publisher: { name: 'Test', contact: 'x' },
  limits: { memoryMb: 128, callMs: 60_000 }, scopes: ['db', 'net:127.0.0.1'], messages: { fr: {}, en: {} },
  migrations: {
    '0001-row': {
      up: async (db) => { await db.schema.createTable('row').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('person', 'text', (column) => column.notNull()).execute() },
      down: async (db) => { await db.schema.dropTable('row').execute() },
    },
  },
  privacy: {
    stores: [{ table: 'row', subject: 'person', purpose: { fr: 'Voyages' }, basis: 'public-task', retentionDays: 10 }],
    export: async (c, { id }) => ({ data: { rows: await c.db.selectFrom('row').select('id').where('person', '=', id).execute() } }),
    erase: async (c, { id }) => c.transaction(async (tx) => ({ erased: Number((await tx.deleteFrom('row').where('person', '=', id).executeTakeFirst()).numDeletedRows) })),
    expire: async (c, { table, before }) => c.transaction(async (tx) => {
      seen.push(`expire ${table} ${(c.now().getTime() - before.getTime()) / 86_400_000}`)
      return { expired: Number((await tx.deleteFrom('row').where('id', 'like', 'old-%').executeTakeFirst()).numDeletedRows) }
    }),
  },
  setup(k) {
    const open = (path: string, run: (c: Parameters<Parameters<typeof k.route>[1]>[0], query: Readonly<Record<string, string>>) => Promise<unknown>, timeoutMs = 60_000): void => {
      k.route({ method: 'GET', path, audience: 'public', summary: path, timeoutMs, query: Given, response: { 200: Any } },
        async (c, { query }) => c.reply(200, await run(c, query as Readonly<Record<string, string>>)))
    }
    const waits = async (c: { readonly signal: AbortSignal }): Promise<unknown> => {
      seen.push('waits')
      await new Promise((resolve) => { c.signal.addEventListener('abort', resolve, { once: true }) })
      seen.push(`aborted ${said(c.signal.reason)}`)
      return {}
    }
    open('/waits', waits)
    open('/late', waits, 200)
    open('/seen', async () => ({ seen }))
    open('/rows', async (c) => c.db.selectFrom('row').selectAll().orderBy('id').execute())
    open('/add', async (c, { id = '', person = '' }) => c.transaction(async (tx) => { await tx.insertInto('row').values({ id, person }).execute(); return {} }))
    open('/stream', async (c, { from }) => {
      const answer = await c.fetch(`${from}/slow`)
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
      const first = Buffer.from((await reader.read()).value ?? []).toString()
      // The server ends what it has begun only once it is asked for this.
      await c.fetch(`${from}/go-on`)
      const hash = createHash('sha256')
      let size = 0
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        size += piece.value.byteLength
        hash.update(piece.value)
      }
      return { first, size, hash: hash.digest('hex') }
    })
    open('/leaves', async (c, { from }) => {
      const answer = await c.fetch(`${from}/endless`)
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
      await reader.read()
      await reader.cancel()
      return {}
    })
    open('/held', async (c) => c.transaction(async (tx) => {
      await tx.insertInto('row').values({ id: 'held', person: 'x' }).execute()
      seen.push('held')
      await new Promise<void>((resolve) => { release = resolve })
      await tx.insertInto('row').values({ id: 'later', person: 'x' }).execute()
    }).then(() => ({ code: 'stored' }), (error: unknown) => ({ code: said(error) })))
    open('/release', async () => { release?.(); return {} })
    open('/many', async (c) => {
      const read = await Promise.all(Array.from({ length: 3_000 }, () => c.db.selectFrom('row').selectAll().execute()))
      await Promise.all(Array.from({ length: 300 }, (_, number) => c.transaction(async (tx) => {
        await tx.insertInto('row').values({ id: `many-${number}`, person: 'x' }).execute()
        await tx.updateTable('row').set({ person: 'y' }).where('id', '=', `many-${number}`).execute()
      })))
      return { read: read.length, written: (await c.db.selectFrom('row').selectAll().where('person', '=', 'y').execute()).length }
    })
    open('/rights', async (c, { schema }) => {
      const run = async (db: unknown, text: string): Promise<string> => {
        try {
          return `done: ${JSON.stringify((await (db as Kysely<object>).executeQuery(CompiledQuery.raw(text))).rows)}`
        } catch (error) {
          return `refused: ${said(error)}`
        }
      }
      const texts = [
        `select set_config('role', 'postgres', false)`, `select pg_catalog.set_config('role', 'postgres', true)`, `select set_config('search_path', 'public', false)`, `select set_config('session_authorization', 'postgres', false)`,
        'set role postgres', 'set local role none', 'reset role', 'set session authorization default', 'reset all', 'discard all', `set search_path to "${schema}"`, 'set statement_timeout = 0',
        `select * from "${schema}"."row"`, 'select * from liberacces_outbox', `do $$ begin perform set_config('role', 'postgres', false); end $$`, `with x as (select set_config('role', 'postgres', false)) select * from x`,
      ]
      const outside: Record<string, string> = {}
      for (const text of texts) outside[text] = await run(c.db, text)
      const within: Record<string, string> = {}
      for (const text of texts) await c.transaction(async (tx) => { within[text] = await run(tx, text) }).catch(() => undefined)
      return { outside, within }
    })
    k.schedule({ id: 'nightly', cron: '0 3 * * *', timeoutMs: 10_000 }, async (c) => {
      await c.transaction(async (tx) => { await tx.insertInto('row').values({ id: `ran ${c.now().toISOString()}`, person: String(process.argv.length) }).execute() })
    })
    k.command({ name: 'count', summary: 'count rows', input: Type.Object({ person: Type.String() }), output: Any }, async (c, { person }) => ({
      tenant: c.tenant.slug, arguments: process.argv.length, rows: (await c.db.selectFrom('row').selectAll().where('person', '=', person).execute()).length,
    }))
  },
})
