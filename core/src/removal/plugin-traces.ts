import type { Kysely } from 'kysely'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { FileStore } from '../storage/files.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage, StoreKey } from '../storage/storage.ts'
import { diskTraces, type DiskTraces } from './disk-traces.ts'
import { foreignDeliveries, type ForeignDeliveries } from './foreign-deliveries.ts'
import { kernelRowsOf, spokenRowsOf } from './kernel-rows.ts'
import { ownRoles } from './own-roles.ts'
import { storeContent, type StoreContent } from './store-content.ts'

/** Kinds of things that a plugin leaves at a tenant. Together they are all there is. */
export const TRACE_KINDS = ['databases', 'rows', 'files', 'permissions', 'roles', 'jobs', 'settings', 'subscriptions', 'layouts', 'consents', 'snapshots', 'bookkeeping'] as const
/** One of {@link TRACE_KINDS}. */
export type TraceKind = (typeof TRACE_KINDS)[number]

/** How many there are of each kind. After a purge each is 0. */
export type TraceCounts = Readonly<Record<TraceKind, number>>

/** What a plugin has at a tenant, looked up anew in the databases and on the disk. */
export interface PluginTraces {
  readonly counts: TraceCounts
  readonly content: StoreContent
  readonly disk: DiskTraces
  /** Deliveries to it that wait in the stores of other plugins. */
  readonly deliveries: ForeignDeliveries
  /** Roles that exist because of it alone. */
  readonly roles: readonly string[]
}

/** Kernel's tables whose rows have a kind of their own; those of any other are bookkeeping. */
const KIND_OF_TABLE: Readonly<Record<string, TraceKind>> = { setting: 'settings', schedule: 'jobs', consent: 'consents', consent_waiting: 'consents' }

/** What is needed to know what a plugin leaves. */
export interface TraceSources {
  readonly storage: Storage
  readonly files: FileStore
  readonly dataFolder: string
  readonly catalogue: Pick<Catalogue, 'manifest'>
}

/** Counts all that a plugin has at a tenant. Reads alone. */
export async function pluginTraces({ storage, files, dataFolder, catalogue }: TraceSources, key: StoreKey): Promise<PluginTraces> {
  const roles = await rolesOf({ storage, catalogue }, key)
  const content = await storeContent(storage, key)
  const onDisk = await diskTraces(dataFolder, files, key)
  const disk = storage.dialect === 'postgres' ? { ...onDisk, databases: await traceInDatabase(storage, key, onDisk.databases) } : onDisk
  const deliveries = await foreignDeliveries(storage, key)
  const spoken = await spokenRowsOf(storage.platform, key, roles)
  const counts: Record<TraceKind, number> = {
    databases: disk.databases.count,
    rows: content.tables.reduce((sum, { rows }) => sum + rows, 0),
    files: disk.files.count,
    permissions: spoken.role_permission.length,
    roles: spoken.account_role.length + spoken.guest_role.length,
    jobs: 0, settings: 0, consents: 0, bookkeeping: 0,
    subscriptions: deliveries.undelivered + deliveries.dead + deliveries.delivered,
    layouts: spoken.layout.length,
    snapshots: disk.snapshots.count + await snapshotRows(storage.platform, key),
  }
  for (const [table, rows] of Object.entries(await kernelRowsOf(storage.platform, key))) counts[KIND_OF_TABLE[table] ?? 'bookkeeping'] += rows.length
  return { counts, content, disk, deliveries, roles }
}

/** Roles that exist at a tenant because of a plugin alone. Empty while its manifest, or that of another, is not to be had. */
export async function rolesOf({ storage, catalogue }: Pick<TraceSources, 'storage' | 'catalogue'>, { tenantId, pluginId }: StoreKey): Promise<readonly string[]> {
  const installed = await storage.platform.selectFrom('installation').select(['plugin_id', 'version', 'state']).where('tenant_id', '=', tenantId).execute()
  const own = installed.find((row) => row.plugin_id === pluginId)
  const others = installed.filter((row) => row.plugin_id !== pluginId && row.state !== 'purged')
  const made = await storage.platform.selectFrom('role').select('id').where('tenant_id', '=', tenantId).execute()
  return ownRoles(own === undefined ? undefined : catalogue.manifest(pluginId, own.version), others.map((row) => catalogue.manifest(row.plugin_id, row.version)), made.map(({ id }) => id))
}

/** A store that lies in the database itself, beside what may lie on the disk from before. */
async function traceInDatabase(storage: Storage, key: StoreKey, { count, bytes }: DiskTraces['databases']): Promise<DiskTraces['databases']> {
  const isThere = (await storage.storesOf(key.tenantId)).some(({ pluginId }) => pluginId === key.pluginId)
  return isThere ? { count: count + 1, bytes: bytes + await storage.sizeOf(key) } : { count, bytes }
}

async function snapshotRows(db: Kysely<PlatformTables>, { tenantId, pluginId }: StoreKey): Promise<number> {
  return (await db.selectFrom('snapshot').select('id').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).execute()).length
}
