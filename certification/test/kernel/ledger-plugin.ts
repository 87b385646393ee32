import { defineEvent, definePlugin, Type, type Context, type Database, type Migrations, type Plugin, type Scope } from '@liberacces/sdk'
import { COMMON, NO_MESSAGES } from './plugin-parts.ts'

interface EntryTable { entry: { id: string; text: string; colour?: string } }
interface SeenTable { seen: { id: string; entry: string; release: string } }

/** Told for each entry that is written. */
const EntryWritten = defineEvent('fr.test.ledger.entry-written/v1', Type.Object({ id: Type.String(), release: Type.String() }), { subject: 'id' })

const FIRST: Migrations = {
  '0001-entry': {
    up: async (db) => { await db.schema.createTable('entry').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('text', 'text').execute() },
    down: async (db) => { await db.schema.dropTable('entry').execute() },
  },
}
const COLOUR: Migrations = {
  ...FIRST,
  '0002-colour': {
    up: async (db) => { await db.schema.alterTable('entry').addColumn('colour', 'text', (column) => column.defaultTo('white')).execute() },
    down: async (db) => { await db.schema.alterTable('entry').dropColumn('colour').execute() },
  },
}
const ONE_WAY: Migrations = {
  ...FIRST,
  '0002-colour': { up: COLOUR['0002-colour']?.up ?? (async () => undefined), down: async () => undefined },
}
const BROKEN: Migrations = {
  ...COLOUR,
  '0003-broken': {
    up: async (db) => {
      await db.schema.createTable('half').addColumn('id', 'text').execute()
      throw new Error('the third step breaks halfway')
    },
    down: async () => undefined,
  },
}

/** What a release of the ledger is made of. */
export interface LedgerRelease {
  readonly version: string
  readonly migrations?: Migrations
  readonly scopes?: readonly Scope[]
  readonly check?: () => void
  /** What writing waits for. */
  readonly held?: Promise<void>
}

/** A plugin that keeps entries, tells of them, and says which release answered. */
export function ledger({ version, migrations = FIRST, scopes = ['db'], check, held }: LedgerRelease): Plugin {
  const plugin = definePlugin<EntryTable>()({
    ...COMMON, id: 'fr.test.ledger', path: 'ledger', title: { fr: 'Registre' }, scopes: ['db'], emits: [EntryWritten], messages: NO_MESSAGES, migrations,
    setup(k) {
      k.route({ method: 'GET', path: '/entries', audience: 'public', summary: 'Entries', response: { 200: Type.Object({ release: Type.String(), ids: Type.Array(Type.String()), shade: Type.Optional(Type.String()) }) } }, async (c) => {
        const rows = await c.db.selectFrom('entry').select('id').orderBy('id').execute()
        const { shade } = c.settings as { readonly shade?: string }
        return c.reply(200, { release: version, ids: rows.map(({ id }) => id), ...(shade === undefined ? {} : { shade }) })
      })
      k.route({ method: 'POST', path: '/entries', audience: 'public', summary: 'Writes', body: Type.Object({ id: Type.String() }), response: { 201: Type.Object({ release: Type.String() }) } }, async (c, { body }) => {
        await held
        await c.transaction(async (tx) => {
          await tx.insertInto('entry').values({ id: body.id, text: 'x' }).execute()
          await tx.emit(EntryWritten, { id: body.id, release: version })
        })
        return c.reply(201, { release: version })
      })
      k.schedule({ id: 'nightly', cron: '0 3 * * *', timeoutMs: 1_000 }, async () => undefined)
    },
  })
  return Object.freeze({
    ...plugin, version, scopes,
    settings: Type.Object(version.startsWith('1.0') ? {} : { shade: Type.String({ default: 'dark' }) }),
    ...(check === undefined ? {} : {
      check: async (c: Context) => {
        await (c.db as unknown as Database<EntryTable>).selectFrom('entry').selectAll().execute()
        check()
      },
    }),
  })
}

/** Listens to the ledger, and takes note of each event once. */
export function auditor(version = '1.0.0'): Plugin {
  return definePlugin<SeenTable>()({
    ...COMMON, version, id: 'fr.test.auditor', path: 'auditor', title: { fr: 'Auditeur' }, scopes: ['db'], messages: NO_MESSAGES,
    migrations: {
      '0001-seen': {
        up: async (db) => { await db.schema.createTable('seen').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('entry', 'text').addColumn('release', 'text').execute() },
        down: async (db) => { await db.schema.dropTable('seen').execute() },
      },
    },
    setup(k) {
      k.on(EntryWritten, async (c, event) => {
        await c.transaction(async (tx) => { await tx.insertInto('seen').values({ id: event.id, entry: event.data.id, release: event.data.release }).execute() })
      })
      k.route({ method: 'GET', path: '/seen', audience: 'public', summary: 'Seen', response: { 200: Type.Array(Type.String()) } }, async (c) =>
        c.reply(200, (await c.db.selectFrom('seen').select('entry').orderBy('entry').execute()).map(({ entry }) => entry)))
    },
  })
}

/** The releases of the ledger that the tests move between. */
export const LEDGER = {
  first: ledger({ version: '1.0.0' }),
  colour: ledger({ version: '1.1.0', migrations: COLOUR }),
  oneWay: ledger({ version: '1.1.1', migrations: ONE_WAY }),
  broken: ledger({ version: '1.2.0', migrations: BROKEN }),
  unhappy: ledger({ version: '1.3.0', migrations: COLOUR, check: () => { throw new Error('an entry has no colour') } }),
  wider: ledger({ version: '2.0.0', migrations: COLOUR, scopes: ['db', 'files'] }),
} as const

export const LEDGER_ID = 'fr.test.ledger'
