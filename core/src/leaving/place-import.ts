import { existsSync } from 'node:fs'
import { sql, type Kysely } from 'kysely'
import { PlatformError } from '../errors.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { ImportedRows } from './imported-rows.ts'
import { LEAVING_TABLES, type LeavingTable } from './kernel-tables.ts'
import type { LeavingPorts } from './leaving-ports.ts'
import type { PlannedPlugin } from './plan-import.ts'
import type { Staging } from './staging.ts'
import type { LineRow } from './table-lines.ts'

/** @throws PlatformError `TENANT_EXISTS` when something lies where the tenant would */
export async function refuseTakenPlaces({ storage, files }: Pick<LeavingPorts, 'storage' | 'files'>, tenantId: string): Promise<void> {
  if ((await storage.storesOf(tenantId)).length > 0) throw taken(`There is data of tenant ${tenantId}`)
  if ((await files.storesOf(tenantId)).length > 0) throw taken(`There are files of tenant ${tenantId}`)
}

function taken(what: string): PlatformError {
  return new PlatformError('TENANT_EXISTS', `${what}, though no tenant of this platform has that id.`, { fix: 'Look at what it is; move it away, then import again.' })
}

/** Brings the prepared files into their place: at once on a disk, one after the other into a bucket. */
export async function placeFiles(staging: Staging, files: LeavingPorts['files'], tenantId: string): Promise<void> {
  const from = staging.at('files', tenantId)
  if (existsSync(from)) await files.adoptTenant(tenantId, from)
}

/** Brings the prepared databases into their place. */
export async function placeDatabases(staging: Staging, storage: Storage, tenantId: string): Promise<void> {
  const from = staging.at('tenants', tenantId)
  if (existsSync(from)) await storage.adoptStores(tenantId, from)
}

/** What {@link undoPlacing} works with. */
export interface UndoPorts {
  readonly storage: Storage
  readonly removeFiles: (tenantId: string) => Promise<void>
}

/** Takes away the files and databases that were placed, and the lines of the audit trail: the tenant never was. Twice is harmless. */
export async function undoPlacing({ storage, removeFiles }: UndoPorts, tenantId: string, auditAfter: number): Promise<void> {
  await removeFiles(tenantId)
  await storage.discardStores(tenantId)
  await storage.platform.deleteFrom('audit').where('tenant_id', '=', tenantId).where('id', '>', auditAfter).execute()
}

/** Number of the last line of the audit trail, whosever it is. */
export async function lastAuditLine(storage: Storage): Promise<number> {
  return (await storage.platform.selectFrom('audit').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ?? 0
}

/**
 * Brings the audit trail in, some lines at a time: it can be long, and nobody sees it before the tenant is there. Lines that are here
 * already, because the tenant comes back to where it was, are left out.
 */
export async function writeAudit(storage: Storage, rows: ImportedRows, tenantId: string): Promise<void> {
  const table = tableOf('audit')
  const here = new Set((await storage.platform.selectFrom('audit').selectAll().where('tenant_id', '=', tenantId).execute()).map(({ id: _number, ...row }) => lineKey(row)))
  for await (const batch of rows.batches(table)) {
    const missing = here.size === 0 ? batch : batch.filter((row) => !here.has(lineKey(row)))
    if (missing.length > 0) await storage.platformTransaction((tx) => insert(tx, table, missing))
  }
}

function lineKey(row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(row).filter(([name]) => name !== 'id').sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What else a tenant's rows are made from. */
export interface RowSources {
  readonly rows: ImportedRows
  readonly plugins: readonly PlannedPlugin[]
  /** For accounts that came without a password: a hash that nobody knows the password of. */
  readonly noPassword: string
  /** Plugins that have a database, with the migrations these have had. */
  readonly stores: ReadonlyMap<string, readonly { readonly name: string; readonly applied_at: number }[]>
  /** Milliseconds since the Unix epoch. */
  readonly now: number
}

/** Writes all other rows of a tenant whose own is there. Plugins that ran are active at once: their data are as the releases here want them. */
export async function writeRows(tx: Kysely<PlatformTables>, tenantId: string, { rows, plugins, noPassword, stores, now }: RowSources): Promise<void> {
  const planned = new Map(plugins.map((plugin) => [plugin.id, plugin]))
  const change: Partial<Record<LeavingTable['name'], (row: LineRow) => LineRow>> = {
    account: (row) => ({ ...row, password_hash: row['password_hash'] ?? noPassword }),
    installation: (row) => {
      const plugin = planned.get(String(row['plugin_id']))
      if (plugin !== undefined) return { ...row, version: plugin.version, digest: plugin.digest ?? null, state: 'active', since: now, error: null }
      // What was archived lies with the old platform.
      return row['state'] === 'archived' ? { ...row, state: 'purged' } : row
    },
  }
  for (const table of LEAVING_TABLES) {
    // The tenant and its hosts are what was planned here; the audit trail was written before.
    if (table.name === 'tenant' || table.name === 'host' || table.name === 'audit') continue
    for await (const batch of rows.batches(table)) await insert(tx, table, batch.map(change[table.name] ?? ((row) => row)))
  }
  for (const [pluginId, migrations] of stores) {
    await tx.insertInto('dirty').values({ tenant_id: tenantId, plugin_id: pluginId, due_at: 0 }).onConflict((conflict) => conflict.doNothing()).execute()
    for (const { name, applied_at: at } of migrations) {
      await tx.insertInto('migration').values({ tenant_id: tenantId, plugin_id: pluginId, name, applied_at: at }).onConflict((conflict) => conflict.doNothing()).execute()
    }
  }
}

async function insert(tx: Kysely<PlatformTables>, { name }: LeavingTable, rows: readonly LineRow[]): Promise<void> {
  for (const row of rows) {
    const columns = Object.keys(row)
    await sql`insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column)))}) values (${sql.join(columns.map((column) => row[column]))})`.execute(tx)
  }
}

function tableOf(name: LeavingTable['name']): LeavingTable {
  const found = LEAVING_TABLES.find((table) => table.name === name)
  if (found === undefined) throw new Error(`"${name}" does not leave with a tenant.`)
  return found
}
