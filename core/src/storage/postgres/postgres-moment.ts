import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Kysely } from 'kysely'
import { JoinedTables, SomeTables } from '../exchange/joined-tables.ts'
import { TableFileWriter } from '../exchange/table-file-writer.ts'
import { carryRows, type TableSource } from '../exchange/table-source.ts'
import type { PlatformTables } from '../platform-tables.ts'
import { databaseTemplate } from '../sqlite/database-template.ts'
import { PLATFORM_SCHEMA } from '../sqlite/platform-schema.ts'
import { migrationsHad, type StoreShapes } from '../sqlite/store-shapes.ts'
import type { FindMigrations, Moment, StoreKey } from '../storage.ts'
import type { StoreTables } from '../store-tables.ts'
import type { Connection, Login } from './connection.ts'
import { kyselyOnPostgres } from './kysely-on-postgres.ts'
import { resultOf, statementOf } from './postgres-transaction.ts'
import { SchemaTables } from './schema-tables.ts'
import { namesOf, type StoreNames } from './store-role.ts'

/** What copying out of PostgreSQL needs. */
export interface MomentPorts {
  /** Opens a connection beside those of the pools: a moment may be held for long. */
  readonly connect: (login: Login) => Promise<Connection>
  readonly kernelLogin: Login
  readonly loginOf: (names: StoreNames) => Login
  readonly platform: string
  readonly shapes: StoreShapes
  readonly find: () => FindMigrations | undefined
}

/** A store, and where it is. */
export interface FoundStore {
  readonly key: StoreKey
  readonly names: StoreNames
}

const SCHEMA = 'liberacces'

/**
 * Reads a store as it is at one moment: the plugin's tables and the kernel's.
 * @returns `undefined` when it is not there
 */
export async function readStore<Result>(ports: MomentPorts, key: StoreKey, body: (source: TableSource, applied: readonly string[]) => Promise<Result>): Promise<Result | undefined> {
  return await atMoment(ports, async (kernel, view) => {
    const [found] = await storesIn(kernel, ports.platform, key)
    return found === undefined ? undefined : await withStoreTables(ports, found, kernel, view, body)
  })
}

/** Copies one place to a file, as {@link Moment} does. */
export async function copyPlace(ports: MomentPorts, found: FoundStore, path: string): Promise<void> {
  await atMoment(ports, (kernel, view) => withStoreTables(ports, found, kernel, view, (source, applied) => copyStore(ports, found.key, source, applied, path)))
}

/**
 * Takes hold of one moment of the whole database: one transaction that sees everything as it was, and whose view others may share.
 * @param which - tenants whose stores are wanted, or one store
 */
export async function takeMoment(ports: MomentPorts, which: readonly string[] | StoreKey): Promise<Moment> {
  const { kernel, view } = await holdMoment(ports)
  try {
    const stores = await storesIn(kernel, ports.platform, which)
    return {
      platform: kyselyOnPostgres<PlatformTables>(async (query) => resultOf(await kernel.run(statementOf(query)))),
      copyPlatformTo: (path) => copyPlatform(kernel, path),
      stores: stores.map(({ key, names }) => ({
        key,
        kernel: kyselyOnPostgres<StoreTables>(async (query) => resultOf(await kernel.run(statementOf(query)))).withSchema(names.kernel) as Kysely<StoreTables>,
        copyTo: (path) => withStoreTables(ports, { key, names }, kernel, view, (source, applied) => copyStore(ports, key, source, applied, path)),
      })),
      close: () => kernel.close(),
    }
  } catch (error) {
    kernel.break()
    throw error
  }
}

async function atMoment<Result>(ports: MomentPorts, body: (kernel: Connection, view: string) => Promise<Result>): Promise<Result> {
  const { kernel, view } = await holdMoment(ports)
  try {
    return await body(kernel, view)
  } finally {
    await kernel.close().catch(() => undefined) // it only read
  }
}

async function holdMoment(ports: MomentPorts): Promise<{ readonly kernel: Connection; readonly view: string }> {
  const kernel = await ports.connect(ports.kernelLogin)
  try {
    await kernel.script('begin isolation level repeatable read read only')
    const { rows } = await kernel.script('select pg_catalog.pg_export_snapshot() as view')
    return { kernel, view: (rows[0] as { readonly view: string }).view }
  } catch (error) {
    kernel.break()
    throw error
  }
}

async function storesIn(kernel: Connection, platform: string, which: readonly string[] | StoreKey): Promise<readonly FoundStore[]> {
  const { rows } = 'pluginId' in which
    ? await kernel.run({ sql: 'select tenant_id, plugin_id, mark from liberacces_internal.store where ready and tenant_id = $1 and plugin_id = $2', values: [which.tenantId, which.pluginId] })
    : await kernel.run({ sql: 'select tenant_id, plugin_id, mark from liberacces_internal.store where ready and tenant_id = any($1) order by tenant_id, plugin_id', values: [[...which]] })
  return (rows as readonly { tenant_id: string; plugin_id: string; mark: string }[]).map((row) => ({ key: { tenantId: row.tenant_id, pluginId: row.plugin_id }, names: namesOf(platform, row.mark) }))
}

/** Reads a store's tables as of the moment: the plugin's as its role, for nobody else may, and the kernel's as the kernel. */
async function withStoreTables<Result>(ports: MomentPorts, { names }: FoundStore, kernel: Connection, view: string, body: (source: TableSource, applied: readonly string[]) => Promise<Result>): Promise<Result> {
  const own = await ports.connect(ports.loginOf(names))
  try {
    await own.script(`begin isolation level repeatable read read only; set transaction snapshot '${view}'`)
    const applied = (await kernel.script(`select name from ${names.kernel}.liberacces_migration order by name`)).rows as readonly { readonly name: string }[]
    return await body(new JoinedTables(await SchemaTables.of(own, names.own), await SchemaTables.of(kernel, names.kernel)), applied.map(({ name }) => name))
  } finally {
    await own.close().catch(() => undefined) // it only read
  }
}

async function copyStore({ shapes, find }: MomentPorts, key: StoreKey, source: TableSource, applied: readonly string[], path: string): Promise<void> {
  await fill(path, await shapes.of(key, await migrationsHad(key, applied, find())), source)
}

async function copyPlatform(kernel: Connection, path: string): Promise<void> {
  const template = databaseTemplate(PLATFORM_SCHEMA)
  const source = await SchemaTables.of(kernel, SCHEMA)
  await fill(path, template, source, true)
}

/** @param isPart - tables that the file does not know stay behind: they speak of nodes and of the database itself */
async function fill(path: string, template: Uint8Array, source: TableSource, isPart = false): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const writer = await TableFileWriter.create(path, template)
  try {
    await carryRows(isPart ? new SomeTables(source, (name) => writer.tables.some((table) => table.name === name)) : source, writer)
    await writer.finish()
  } catch (error) {
    writer.abandon()
    throw error
  }
}
