import { v7 } from 'uuid'
import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { requireTransition } from '../lifecycle/installation-state.ts'
import type { Operation } from '../lifecycle/journal.ts'
import type { InstallationRow } from '../storage/platform-tables.ts'
import type { StoreKey } from '../storage/storage.ts'
import type { ArchiveIndex } from './archive-folder.ts'
import { deleteForeignDeliveries } from './foreign-deliveries.ts'
import { deleteKernelRows, deleteSpokenRows, kernelRowsOf, spokenRowsOf } from './kernel-rows.ts'
import { pluginTraces, rolesOf, TRACE_KINDS, type TraceCounts } from './plugin-traces.ts'
import type { RemovalParts } from './removal-parts.ts'

/** How a purge went. */
export interface Purged {
  /** The archive that the data is in. */
  readonly archive: ArchiveIndex
  /** What is left, looked up afresh: each is 0. */
  readonly residue: TraceCounts
}

/**
 * Archives a plugin that is off, deletes all that it has at the tenant, and looks whether anything is left. Goes on where an earlier try ended.
 * @throws PlatformError `PLUGIN_STATE` while it is on, `PLUGIN_ARCHIVE_INVALID`, `PURGE_INCOMPLETE` when something is left: it is then `archived` still, and can be purged again
 */
export async function purge(parts: RemovalParts, key: StoreKey, by: AuditActor): Promise<Purged> {
  const { journal, outside } = parts
  const row = await requireInstalled(parts, key)
  const interrupted = await journal.find(key.tenantId, key.pluginId)
  if (interrupted !== undefined) {
    if (interrupted.kind !== 'archive' && interrupted.kind !== 'purge') throw new PlatformError('PLUGIN_BUSY', `Another change of "${key.pluginId}" is under way here.`, { fix: 'Wait until it has ended. One that was interrupted is finished or undone at the next start.' })
    return finish(parts, await journal.claim(interrupted))
  }
  const archived = row.state === 'archived' ? (await parts.archives.list(key))[0] : undefined
  const release = { version: row.version, digest: row.digest ?? undefined }
  const operation: Operation = {
    ...key, kind: archived === undefined ? 'archive' : 'purge', phase: 'begun', from: release, startedAt: outside.now(), by,
    detail: { archive: archived?.id ?? v7({ msecs: outside.now(), random: outside.randomBytes(16) }) },
  }
  if (row.state !== 'archived') requireTransition('archive', key.pluginId, row.state)
  await parts.storage.platformTransaction(async (tx) => {
    await journal.begin(operation, tx)
    await parts.audit.record({ tenantId: key.tenantId, actor: by, action: 'plugin.purging', target: key.pluginId, detail: { version: row.version } }, tx)
  })
  await outside.reached?.('purge:begun')
  try {
    return await finish(parts, operation)
  } catch (error) {
    // Before the archive is there nothing was changed: there is nothing to resume.
    const now = await journal.find(key.tenantId, key.pluginId)
    if (now?.kind === 'archive') await giveUp(parts, now, error)
    else if (error instanceof PlatformError && error.code === 'PURGE_INCOMPLETE') await parts.storage.platformTransaction((tx) => journal.end(operation, tx))
    throw error
  }
}

/** @throws PlatformError `PLUGIN_UNKNOWN` */
async function requireInstalled({ rows, tenant }: RemovalParts, { tenantId, pluginId }: StoreKey): Promise<InstallationRow> {
  const found = await rows.find(tenantId, pluginId)
  if (found !== undefined) return found
  throw new PlatformError('PLUGIN_UNKNOWN', `Plugin "${pluginId}" was never switched on at ${tenant(tenantId).name}.`, { fix: 'See `liberacces plugin list --tenant T` for the ids.' })
}

/** Finishes a purge that a stop interrupted; where the archive cannot be made, the plugin is off as before, and says why. */
export async function resumePurge(parts: RemovalParts, operation: Operation): Promise<void> {
  try {
    await finish(parts, operation)
  } catch (error) {
    const now = await parts.journal.find(operation.tenantId, operation.pluginId)
    if (now?.kind !== 'archive') throw error
    await giveUp(parts, now, error)
  }
}

/** From wherever it stands to the end. Safe to run again after a crash at any point. */
async function finish(parts: RemovalParts, begun: Operation): Promise<Purged> {
  const operation = begun.kind === 'archive' ? await archive(parts, begun) : begun
  const key = { tenantId: operation.tenantId, pluginId: operation.pluginId }
  const archived = await parts.archives.verify(key, String(operation.detail?.['archive']))
  await erase(parts, operation)
  const residue = (await pluginTraces(parts, key)).counts
  const left = TRACE_KINDS.filter((kind) => residue[kind] > 0)
  if (left.length > 0) {
    throw new PlatformError('PURGE_INCOMPLETE', `After purging "${key.pluginId}" this is left: ${left.map((kind) => `${kind} ${residue[kind]}`).join(', ')}.`, {
      fix: 'Nothing is lost: the archive is whole. Look at what the log says, then purge again.',
    })
  }
  await parts.rows.move(key.tenantId, key.pluginId, 'purge', { release: operation.from ?? { version: archived.plugin.version }, detail: { archive: archived.id, residue: 0 } }, operation.by, (tx) => parts.journal.end(operation, tx))
  await parts.outside.reached?.('purge:purged')
  return { archive: archived, residue }
}

/** Makes the archive, and then says so: the installation is `archived`, and what follows is the purge proper. */
async function archive(parts: RemovalParts, operation: Operation): Promise<Operation> {
  const { storage, catalogue, archives, rows, journal, outside } = parts
  const key = { tenantId: operation.tenantId, pluginId: operation.pluginId }
  const { version, digest } = operation.from ?? { version: '' }
  const id = String(operation.detail?.['archive'])
  const roles = await rolesOf({ storage, catalogue }, key)
  const index = await archives.make({
    id, key, tenant: { id: key.tenantId, ...parts.tenant(key.tenantId) }, plugin: { id: key.pluginId, version, ...(digest === undefined ? {} : { digest }) },
    manifest: catalogue.manifest(key.pluginId, version),
    kernel: { ...await kernelRowsOf(storage.platform, key), ...await spokenRowsOf(storage.platform, key, roles) },
    by: operation.by,
  })
  await outside.reached?.('purge:placed')
  const next: Operation = { ...operation, kind: 'purge', phase: 'archived' }
  await rows.move(key.tenantId, key.pluginId, 'archive', { release: { version, digest }, detail: { archive: id, bytes: bytesOf(index) } }, operation.by, async (tx) => {
    await journal.end(operation, tx)
    await journal.begin(next, tx)
  })
  await outside.reached?.('purge:archived')
  return next
}

/** Deletes all that a plugin has at a tenant. What is gone already is passed over. */
async function erase(parts: RemovalParts, operation: Operation): Promise<void> {
  const { storage, files, snapshots, catalogue, outside, journal } = parts
  const key = { tenantId: operation.tenantId, pluginId: operation.pluginId }
  const reached = async (point: string): Promise<void> => {
    await outside.reached?.(`purge:${point}`)
    // A node that was held for dead meanwhile must not go on deleting: the plugin may have begun anew.
    await journal.requireOwn(operation)
  }
  await journal.requireOwn(operation)
  await parts.deactivated(key.tenantId, key.pluginId)
  await deleteForeignDeliveries(storage, key)
  await reached('deliveries')
  const roles = await rolesOf({ storage, catalogue }, key)
  await storage.platformTransaction(async (tx) => {
    await deleteKernelRows(tx, key)
    await deleteSpokenRows(tx, key, roles)
  })
  await parts.forget(key)
  await reached('rows')
  await snapshots.dropAll(key)
  await reached('snapshots')
  // The database before the bytes: rows never refer to what is gone.
  await storage.drop(key)
  await reached('database')
  await files.drop(key)
  await reached('files')
}

/** The archive could not be made; nothing was changed. */
async function giveUp({ archives, journal, audit, storage }: RemovalParts, operation: Operation, cause: unknown): Promise<void> {
  const key = { tenantId: operation.tenantId, pluginId: operation.pluginId }
  try {
    await archives.drop(key, String(operation.detail?.['archive']))
  } finally {
    await storage.platformTransaction(async (tx) => {
      await journal.end(operation, tx)
      await audit.record({ tenantId: key.tenantId, actor: operation.by, action: 'plugin.purge-failed', target: key.pluginId, detail: { error: cause instanceof Error ? cause.message : String(cause) } }, tx)
    })
  }
}

/** Bytes that an archive takes. */
export function bytesOf({ database, files, kernel }: ArchiveIndex): number {
  return (database?.bytes ?? 0) + kernel.bytes + files.reduce((sum, { bytes }) => sum + bytes, 0)
}
