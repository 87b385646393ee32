import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createPlatform, givenPlugin, readConfig } from '@liberacces/core'
import directory from '@liberacces/plugin-directory'
import news from '@liberacces/plugin-news'
import type { Plugin, PluginTypes, Transaction } from '@liberacces/sdk'
import { answerCommands } from '../answer-commands.ts'
import { noteOf, notePlugin, type NoteTables } from '../fixtures/note-plugin.ts'

// A platform of the size of France. Started by itself it only serves, for the measures of start and memory; started by the bench it also
// makes the tenants, and fills some of them.

type NoteTypes = PluginTypes & { readonly db: NoteTables }

/** Where the addresses and tokens of filled tenants are kept for the next start. */
const TARGETS = 'bench-targets.json'
const NOTES = 20
const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
const folder = process.env['LIBERACCES_DATA'] ?? ''
const PLUGINS: readonly Plugin[] = [notePlugin, directory, news].map((plugin) => plugin as unknown as Plugin)

const platform = await createPlatform({ config: readConfig({ PORT: process.env['PORT'] ?? '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'warn' }, folder), plugins: PLUGINS.map(givenPlugin) })
for (const { problems } of platform.catalogue.rejected) for (const problem of problems) throw problem
const { port } = await platform.listen()
process.on('SIGTERM', () => { void platform.stop().finally(() => process.exit()) })

/** One whose notes an agent can read. */
interface FilledTenant {
  readonly host: string
  readonly token: string
}

answerCommands({
  where: () => ({ port, tenants: platform.tenants.size }),
  /** The Pool, if there is none, and the communes of a scope with their EPCI. Resolves to milliseconds. */
  importCommunes: async ({ departements }: { readonly departements: readonly string[] | null }) => {
    if (platform.tenants.pool() === undefined) await platform.tenants.create({ kind: 'pool', name: 'France' }, BY)
    const start = performance.now()
    if (departements === null) await platform.tenants.importCommunes({ kind: 'all' }, BY)
    else for (const code of departements) await platform.tenants.importCommunes({ kind: 'departement', code }, BY)
    return performance.now() - start
  },
  importEpci: async ({ siren }: { readonly siren: string }) => {
    await platform.tenants.create({ kind: 'pool', siren }, BY)
    await platform.tenants.importCommunes({ kind: 'epci', siren }, BY)
  },
  /** All plugins for all of them. Resolves to milliseconds. */
  enableAll: async () => {
    const start = performance.now()
    const { problems } = await platform.installations.enableMany(communes().map(({ id }) => id), PLUGINS.map(({ id }) => id), BY)
    if (problems[0] !== undefined) throw problems[0].error
    return performance.now() - start
  },
  /** The same rows without us: tenants and the lines that tell of them. Resolves to milliseconds. */
  insertBare: ({ to }: { readonly to: string }) => insertBare(to),
  /** Gives tenants an agent with a token, and notes where `filled` says so. */
  fill: async ({ count, filled }: { readonly count: number; readonly filled: boolean }) => {
    const taken = new Set((await platform.storage.platform.selectFrom('account').select('tenant_id').execute()).map((row) => row.tenant_id))
    const free = communes().filter(({ id }) => !taken.has(id))
    const step = Math.max(1, Math.floor(free.length / count))
    const made: FilledTenant[] = []
    for (const tenant of free.filter((_, index) => index % step === 0).slice(0, count)) made.push({ host: tenant.hosts[0] ?? '', token: await agentOf(tenant.id) })
    if (filled) for (const { host } of made) await writeNotes(platform.tenants.byHost(host)?.id ?? '')
    if (filled) writeFileSync(join(folder, TARGETS), JSON.stringify(made))
    return made
  },
  targets,
  stats: () => platform.storage.stats,
  /** What a first request cannot do without: a durable file with the table in it, and a look into it. Resolves to milliseconds each. */
  coldBare: ({ count }: { readonly count: number }) => Array.from({ length: count }, (_, index) => {
    const start = performance.now()
    const database = new Database(join(folder, `bare-${index}.sqlite`))
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.exec('create table note (id text primary key, title text not null, body text not null, author text not null, created_at integer not null)')
    database.prepare('select * from note where id = ?').all('note-1')
    const took = performance.now() - start
    database.close()
    return took
  }),
}, () => platform.stop())

function communes() {
  return platform.tenants.search({ kind: 'commune' })
}

function targets(): readonly FilledTenant[] {
  const path = join(folder, TARGETS)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) as readonly FilledTenant[] : []
}

/** Without a password: hashing a thousand would take longer than everything else. */
async function agentOf(tenantId: string): Promise<string> {
  const id = `bench-${tenantId}`
  await platform.storage.platform.insertInto('account').values({ id, tenant_id: tenantId, login: 'bench', name: 'Camille Martin', email: null, password_hash: createHash('sha256').update(id).digest('hex'), status: 'active', created_at: 0, last_login_at: null }).execute()
  await platform.storage.platform.insertInto('account_role').values({ account_id: id, role: 'agent' }).execute()
  return (await platform.apiTokens.create(tenantId, id, { label: 'bench' }, BY)).token
}

async function writeNotes(tenantId: string): Promise<void> {
  const release = platform.installations.modules(tenantId).byId.get(notePlugin.id)
  if (release === undefined) throw new Error(`There are no notes at ${tenantId}.`)
  await platform.runtime.call(release, platform.systemOrigin(tenantId), { what: 'bench', limitMs: 60_000 }, (c) => c.transaction(async (tx) => {
    for (let number = 0; number < NOTES; number += 1) await (tx as unknown as Transaction<NoteTypes>).insertInto('note').values(noteOf(number)).execute()
  }))
}

function insertBare(to: string): number {
  const rows = [...platform.tenants.all()]
  const database = new Database(to)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(`create table tenant (id text primary key, slug text not null unique, name text not null, kind text not null, parent_id text references tenant (id), siren text, insee text, population integer, created_at integer not null) strict;
    create index tenant_parent on tenant (parent_id);
    create table audit (id integer primary key autoincrement, tenant_id text not null, at integer not null, actor_kind text not null, actor_id text not null, actor_name text not null, action text not null, target text not null, detail_json text) strict;
    create index audit_tenant on audit (tenant_id, id)`)
  database.pragma('foreign_keys = OFF')
  const tenant = database.prepare('insert into tenant values (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const audit = database.prepare('insert into audit (tenant_id, at, actor_kind, actor_id, actor_name, action, target, detail_json) values (?, ?, ?, ?, ?, ?, ?, ?)')
  const insert = database.transaction((batch: typeof rows) => {
    for (const { id, parentId, info: { slug, name, kind, siren, insee, population } } of batch) {
      tenant.run(id, slug, name, kind, parentId ?? null, siren ?? null, insee ?? null, population ?? null, 0)
      audit.run(id, 0, BY.kind, BY.id, BY.name, 'tenant.created', id, JSON.stringify({ slug, name, kind }))
    }
  })
  const start = performance.now()
  for (let first = 0; first < rows.length; first += 500) insert(rows.slice(first, first + 500))
  const took = performance.now() - start
  database.close()
  return took
}
