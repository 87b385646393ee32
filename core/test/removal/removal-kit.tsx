import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { defineEvent, definePlugin, Type, type EventContract, type Migrations, type Plugin } from '@liberacces/sdk'
import { BureauTile } from '@liberacces/sdk/slots'
import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import type { Outside } from '../../src/outside.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { filesBelow } from '../../src/storage/folder-content.ts'
import type { StoreKey } from '../../src/storage/storage.ts'
import type { StoreTables } from '../../src/storage/store-tables.ts'
import { runEnvironment } from '../run-environment.ts'
import { TIMES } from '../nodes/node-kit.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

export const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const

const Written = Type.Object({ text: Type.String() })

/** The plugin that goes. The id of the one that stays begins with its id: nothing may go by that. */
export const GOES = 'fr.test.full'
export const STAYS = 'fr.test.full.too'
const GoesWritten = defineEvent(`${GOES}.written/v1`, Written)
const StaysWritten = defineEvent(`${STAYS}.written/v1`, Written)
/** Makes handlers throw, so that dead letters come about. */
const failing = { fails: false }

/** A plugin that has some of everything that a plugin can have at a tenant. */
function fullPlugin(id: string, path: string, emits: EventContract<string, { text: string }>, hears: EventContract<string, { text: string }>, version = '1.0.0'): Plugin {
  return definePlugin<{ note: { id: string; text: string; number: number }; person: { id: string; name: string } }>()({
    sdk: '*', license: 'MIT', publisher: { name: 'Test', contact: 'x' }, runtime: 'inline', id, path, version, title: { fr: `Module ${path}`, en: `Module ${path}` }, scopes: ['db', 'files'], optionalScopes: { 'net:api.example.fr': { fr: 'Rien ne manque.' } },
    migrations: {
      '0001-note': { up: async (db) => { await db.schema.createTable('note').addColumn('id', 'text').addColumn('text', 'text').addColumn('number', 'integer').execute() }, down: async (db) => { await db.schema.dropTable('note').execute() } },
      '0002-person': { up: async (db) => { await db.schema.createTable('person').addColumn('id', 'text').addColumn('name', 'text').execute() }, down: async (db) => { await db.schema.dropTable('person').execute() } },
      ...(version === '1.0.0' ? {} : { '0003-more': { up: async (db) => { await db.schema.alterTable('person').addColumn('more', 'text').execute() }, down: async () => undefined } }),
    } as Migrations,
    emits: [emits],
    settings: Type.Object({ hours: Type.Integer({ default: 1 }) }),
    roles: { [`agent.${path}`]: { fr: `Agent ${path}` }, 'agent.shared': { fr: 'Commun' } },
    permissions: { write: { title: { fr: 'Écrire' }, roles: ['agent', `agent.${path}`, 'agent.shared'] } },
    privacy: {
      stores: [{ table: 'person', subject: 'id', purpose: { fr: 'Suivi des demandes', en: 'Following requests' }, basis: 'public-task', retentionDays: 365 }],
      export: async () => ({ data: {} }), erase: async () => ({ erased: 0 }),
    },
    messages: { fr: { tile: 'Tuile' }, en: { tile: 'Tile' } },
    setup(k) {
      k.route({ method: 'POST', path: '/write', audience: 'public', summary: 'Writes', body: Written, response: { 204: Type.Null() } }, async (c, { body }) => {
        await c.transaction(async (tx) => {
          await tx.insertInto('note').values({ id: c.id(), text: body.text, number: 1 }).execute()
          await tx.insertInto('person').values({ id: c.id(), name: body.text }).execute()
          await tx.emit(emits, { text: body.text })
        })
        await c.files.put(new TextEncoder().encode(body.text), { name: 'a.txt', type: 'text/plain' })
        return c.reply(204, null)
      })
      k.route({ method: 'GET', path: '/notes', audience: 'public', summary: 'Reads', response: { 200: Type.Array(Type.String()) } }, async (c) =>
        c.reply(200, (await c.db.selectFrom('note').select('text').orderBy('id').execute()).map(({ text }) => text)))
      k.contribute(BureauTile, { title: 'tile', icon: 'star', permission: 'write', render: async () => <p>{path}</p> })
      k.contribute(BureauTile, { title: 'tile', icon: 'map', permission: 'write', render: async () => <p>{path}</p> })
      k.schedule({ id: 'nightly', cron: '0 3 * * *', timeoutMs: 1_000 }, async () => undefined)
      k.on(hears, async (c, event) => {
        if (failing.fails) throw new Error('not today')
        await c.transaction(async (tx) => { await tx.insertInto('note').values({ id: c.id(), text: `heard ${event.data.text}`, number: 2 }).execute() })
      })
    },
  })
}

const goes = (version?: string): Plugin => fullPlugin(GOES, 'goes', GoesWritten, StaysWritten, version)
const stays = (): Plugin => fullPlugin(STAYS, 'stays', StaysWritten, GoesWritten)

/** A platform on a folder that can be opened anew, with two communes. */
export interface Place {
  readonly folder: string
  open(more?: Partial<Pick<Outside, 'reached' | 'now'>>): Promise<Platform>
}

export function temporaryPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-removal-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  return placeAt(folder)
}

/** @param env - of a node among several, with its database, instead of what the run is on */
export function placeAt(folder: string, env?: Readonly<Record<string, string>>): Place {
  return {
    folder,
    open: async (more = {}) => createPlatform({
      config: readConfig({ PORT: '0', ...(env === undefined ? await runEnvironment(folder) : { LIBERACCES_DATA: folder, ...env }), LIBERACCES_LOG: 'silent' }, folder),
      plugins: [goes(), goes('1.1.0'), stays()].map(givenPlugin), outside: Object.assign(new FakeOutside(), env === undefined ? {} : { randomBytes: (length: number) => randomBytes(length) }, more), ...(env === undefined ? {} : { nodeTimes: TIMES }),
    }),
  }
}

/** Both plugins on at two communes, and everything that can be there of each. Handlers of one event fail, so that there is a dead letter each. */
export async function fillPlace(platform: Platform): Promise<readonly [string, string]> {
  await platform.tenants.create({ kind: 'pool', name: 'Pool d’essai' }, OPERATOR)
  const ids: string[] = []
  for (const name of ['commune-1', 'commune-2']) {
    const { id } = await platform.tenants.create({ kind: 'commune', name, slug: name }, OPERATOR)
    ids.push(id)
    await platform.installations.enable(id, GOES, '1.0.0', OPERATOR)
    await platform.installations.enable(id, STAYS, '*', OPERATOR)
    await decideAll(platform, id)
  }
  const [first = '', second = ''] = ids
  await platform.listen()
  for (const id of ids) {
    for (const plugin of [GOES, STAYS]) await write(platform, id, plugin, `by ${plugin}`)
  }
  await platform.events.settle()
  failing.fails = true
  for (const id of ids) for (const plugin of [GOES, STAYS]) await write(platform, id, plugin, 'unheard')
  await platform.events.settle()
  failing.fails = false
  for (const id of ids) await platform.installations.upgrade(id, GOES, { range: '1.1.0', by: OPERATOR })
  return [first, second]
}

/** Settings, roles, permissions, tiles and refusals of both plugins. */
export async function decideAll(platform: Platform, tenantId: string, login = 'robin'): Promise<void> {
  const account = await platform.accounts.create(tenantId, { login, name: 'Robin', password: 'a-long-enough-password', roles: ['agent', 'agent.goes', 'agent.stays', 'agent.shared'] }, OPERATOR)
  for (const plugin of [GOES, STAYS]) {
    await platform.settings.set(tenantId, plugin, { hours: 7 }, OPERATOR)
    await platform.roles.decide(tenantId, [{ role: 'citizen', permission: `${plugin}/write`, granted: true }], OPERATOR)
    const manifest = platform.installations.modules(tenantId).byId.get(plugin)?.manifest
    if (manifest === undefined) throw new Error(`${plugin} is off.`)
    await platform.consents.decide(tenantId, manifest, { refuse: ['net:api.example.fr'] }, OPERATOR)
    await platform.storage.platform.insertInto('layout').values([0, 1].map((index) => ({ account_id: account.id, slot_id: BureauTile.id, contribution: `${plugin}.${index}`, position: index, hidden: 0 }))).execute()
  }
}

/** The kernel's own in each store. */
const KERNEL_TABLES = ['liberacces_outbox', 'liberacces_delivery', 'liberacces_inbox', 'liberacces_file', 'liberacces_migration'] as const satisfies readonly (keyof StoreTables)[]

/** Calls a plugin of a tenant as a visitor would. */
export async function write(platform: Platform, tenantId: string, plugin: string, text: string): Promise<void> {
  const release = platform.installations.modules(tenantId).byId.get(plugin)
  const origin = platform.systemOrigin(tenantId)
  if (release === undefined) throw new Error(`${plugin} is off.`)
  await platform.runtime.call(release, origin, { what: 'test', limitMs: 5_000 }, async (c) => {
    const endpoint = release.registrations.endpoints.find((one) => one.path === '/write')
    const handler = endpoint?.handler as unknown as (context: object, input: object) => Promise<unknown>
    await handler(new Proxy(c, {
      get(target, name) {
        const value: unknown = name === 'reply' ? () => null : Reflect.get(target, name, target)
        return typeof value === 'function' ? (value as (...input: unknown[]) => unknown).bind(target) : value
      },
    }), { body: { text } })
  })
}

/** A file of an archive, wherever it lies. */
export interface ArchivedFile {
  /** In the archive's folder. */
  readonly path: string
  readonly text: () => Promise<string>
  readonly damage: () => Promise<void>
  readonly mend: () => Promise<void>
}

/** All files of an archive: in the data folder; on PostgreSQL in the kernel's tables, and beside the files of plugins. */
export async function filesOfArchive({ storage }: Platform, folder: string, { tenantId, pluginId }: StoreKey, id: string): Promise<readonly ArchivedFile[]> {
  const onDisk = async (root: string, as = ''): Promise<readonly ArchivedFile[]> => (await filesBelow(root)).map((path) => {
    let sound = Buffer.alloc(0)
    return {
      path: join(as, relative(root, path)),
      text: () => readFile(path, 'utf8'),
      async damage() {
        sound = await readFile(path)
        await appendFile(path, '}')
      },
      mend: () => writeFile(path, sound),
    }
  })
  if (storage.dialect !== 'postgres') return await onDisk(join(folder, 'archives', tenantId, pluginId, id))
  const below = `archives/${tenantId}/${pluginId}/${id}/`
  const rows = await storage.platform.selectFrom('kept_file').innerJoin('kept_chunk', 'kept_chunk.file_id', 'kept_file.id').select(['kept_file.id', 'name', 'number', 'content']).where('name', 'like', `${below}%`).orderBy('name').execute()
  const kept = rows.map(({ id: fileId, name, number, content }): ArchivedFile => {
    const set = async (bytes: Uint8Array): Promise<void> => { await storage.platform.updateTable('kept_chunk').set({ content: bytes }).where('file_id', '=', fileId).where('number', '=', number).execute() }
    return { path: String(name).slice(below.length), text: async () => Buffer.from(content).toString(), damage: () => set(Buffer.concat([content, Buffer.from('}')])), mend: () => set(content) }
  })
  return [...kept, ...await onDisk(join(folder, 'files', '.archives', tenantId, id), 'files')]
}

/** What nodes keep of themselves, counts that they write down when they get to it, and the bytes of what `kept_file` names. */
const OF_NODES: readonly string[] = ['node', 'lock_fence', 'operation_ack', 'quota_usage', 'kept_chunk']

/** Archives, which a purge makes, and everything else may change but them. */
const OF_ARCHIVES = /^kept_file: .*"name":"archives\//

/** All rows of the kernel's tables in which a text stands, but for what a purge keeps: `table: row`. */
export async function rowsWith({ storage }: Platform, text: (row: string) => boolean, but: readonly string[] = ['audit', 'installation']): Promise<readonly string[]> {
  const { rows: tables } = await (storage.dialect === 'postgres'
    ? sql<{ name: string }>`select relname::text as name from pg_class where relnamespace = 'liberacces'::regnamespace and relkind = 'r' order by relname`
    : sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name`).execute(storage.platform)
  const found: string[] = []
  for (const { name } of tables.filter((table) => !but.includes(table.name) && !OF_NODES.includes(table.name))) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(storage.platform)
    // In which order they lie is the database's own affair.
    found.push(...rows.map((row) => `${name}: ${JSON.stringify(row)}`).filter((row) => !OF_ARCHIVES.test(row) && text(row)).toSorted())
  }
  return found
}

/** Everything under some folders of the data, by path, as hexadecimal text. */
export async function bytesUnder(folder: string, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {}
  for (const name of names) {
    for (const entry of await readdir(join(folder, name), { recursive: true, withFileTypes: true }).catch(() => [])) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile()) found[relative(folder, path)] = (await readFile(path)).toString('hex')
    }
  }
  return found
}

/** Every name below the data folder, archives left out. */
export function namesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true }).map(String).filter((name) => !name.startsWith('archives')).sort()
}

/** All that a store's tables hold, those of the kernel included but deliveries to the plugin that goes. */
export async function contentOf({ storage }: Platform, tenantId: string, pluginId: string): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const key = { tenantId, pluginId }
  const content: Record<string, readonly unknown[]> = {}
  const take = (name: string, rows: readonly unknown[]): void => { content[name] = rows.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)) }
  for (const { table } of await storage.tablesOf(key)) take(table, await storage.store(key).db.selectFrom(table).selectAll().execute())
  for (const name of KERNEL_TABLES) {
    const rows = (await storage.kernelStore(key).selectFrom(name).selectAll().execute()) as readonly Readonly<Record<string, unknown>>[]
    take(name, name === 'liberacces_outbox' ? rows.map(({ state: _state, ...row }) => row) : rows.filter((row) => row['subscriber'] !== GOES))
  }
  return content
}
