import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { AuditActor } from '../audit/audit.ts'
import { requireTransition } from '../lifecycle/installation-state.ts'
import type { Operation } from '../lifecycle/journal.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { StoreKey } from '../storage/storage.ts'
import { DATABASE_FILE, FILES_FOLDER, type ArchiveIndex } from './archive-folder.ts'
import { insertRows, type KernelRow } from './kernel-rows.ts'
import type { RemovalParts } from './removal-parts.ts'

/** Tables whose rows come back with an archive, those first to which others refer. Schedules, marks and migrations are made anew. */
const RESTORED = ['setting', 'consent', 'role_permission', 'account_role', 'guest_role', 'layout'] as const

/**
 * Puts an archive back: data, files, settings, decisions. The plugin is off then, as it was before it was purged. Goes on where an earlier try ended.
 * @throws PlatformError `PLUGIN_STATE` while there is newer data, `PLUGIN_ARCHIVE_INVALID`, `PLUGIN_ARCHIVE_UNKNOWN`; nothing is changed then
 */
export async function restoreArchive(parts: RemovalParts, key: StoreKey, archiveId: string, by: AuditActor): Promise<ArchiveIndex> {
  const { rows, journal, outside, archives, storage } = parts
  const index = await archives.verify(key, archiveId)
  const state = (await rows.find(key.tenantId, key.pluginId))?.state ?? 'available'
  requireTransition('restore', key.pluginId, state)
  const operation: Operation = { ...key, kind: 'purge', phase: 'restoring', to: index.plugin, startedAt: outside.now(), by, detail: { archive: archiveId } }
  await storage.platformTransaction(async (tx) => {
    await journal.begin(operation, tx)
    await parts.audit.record({ tenantId: key.tenantId, actor: by, action: 'plugin.restoring', target: key.pluginId, detail: { archive: archiveId } }, tx)
  })
  await outside.reached?.('restore:begun')
  await finishRestore(parts, operation)
  return index
}

/** From wherever it stands to the end. Safe to run again after a crash at any point. */
export async function finishRestore(parts: RemovalParts, operation: Operation): Promise<void> {
  const { storage, files, archives, rows, journal, outside } = parts
  const key = { tenantId: operation.tenantId, pluginId: operation.pluginId }
  await archives.use(key, String(operation.detail?.['archive']), async ({ index, folder, kernelRows }) => {
    await journal.requireOwn(operation)
    await files.placeBlobs(key, join(folder, FILES_FOLDER))
    await outside.reached?.('restore:files')
    await journal.requireOwn(operation)
    if (index.database !== undefined) await storage.placeStore(key, join(folder, DATABASE_FILE))
    await outside.reached?.('restore:database')
    await rows.move(key.tenantId, key.pluginId, 'restore', { release: { version: index.plugin.version, digest: index.plugin.digest }, detail: { archive: index.id } }, operation.by, async (tx) => {
      for (const table of RESTORED) await insertRows(tx, table, await stillReferring(tx, kernelRows[table] ?? []))
      await journal.end(operation, tx)
    })
  })
  await parts.forget(key)
  await outside.reached?.('restore:restored')
}

/** Rows whose account is still there. */
async function stillReferring(tx: Kysely<PlatformTables>, rows: readonly KernelRow[]): Promise<readonly KernelRow[]> {
  const ids = [...new Set(rows.flatMap(({ account_id: id }) => (typeof id === 'string' ? [id] : [])))]
  if (ids.length === 0) return rows
  const known = new Set((await tx.selectFrom('account').select('id').where('id', 'in', ids).execute()).map(({ id }) => id))
  return rows.filter(({ account_id: id }) => typeof id !== 'string' || known.has(id))
}
