import { join } from 'node:path'
import type { BlobStore } from '../storage/files/blob-store.ts'
import type { SharedFiles } from '../storage/shared-files.ts'
import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { createInstallationRows } from '../lifecycle/installation-rows.ts'
import { createJournal, type Operation } from '../lifecycle/journal.ts'
import { createSnapshots } from '../lifecycle/snapshots.ts'
import type { ArchiveIndex } from './archive-folder.ts'
import type { ArchiveShelf } from './archive-shelf.ts'
import { createArchives } from './archives.ts'
import { createOwnArchiveShelf } from './own-archive-shelf.ts'
import { pluginTraces, type TraceCounts } from './plugin-traces.ts'
import { purge, resumePurge, type Purged } from './purge.ts'
import type { RemovalParts } from './removal-parts.ts'
import { dependantsOf, personalDataOf, type RemovalPreview } from './removal-preview.ts'
import { finishRestore, restoreArchive } from './restore-archive.ts'
import { createSharedArchiveShelf } from './shared-archive-shelf.ts'
import { SharedArchives } from './shared-archives.ts'

/** Its name in a data folder, as in a backup. */
const ARCHIVES = 'archives'

/** Taking plugins away from tenants, and bringing them back. Pages and commands call nothing else. */
export interface Removal {
  /** What a purge would take away. @throws PlatformError `PLUGIN_UNKNOWN` */
  preview(tenantId: string, pluginId: string): Promise<RemovalPreview>
  /** See {@link purge}. */
  purge(tenantId: string, pluginId: string, by: AuditActor): Promise<Purged>
  /** What a plugin has at a tenant, by kind, looked up afresh. */
  residue(tenantId: string, pluginId: string): Promise<TraceCounts>
  /** Archives of a tenant, newest first. */
  archives(tenantId: string): Promise<readonly ArchiveIndex[]>
  /** See {@link restoreArchive}. */
  restore(tenantId: string, archiveId: string, by: AuditActor): Promise<ArchiveIndex>
  /** Deletes an archive for good, audited. @throws PlatformError `PLUGIN_ARCHIVE_UNKNOWN`, `PLUGIN_BUSY` */
  deleteArchive(tenantId: string, archiveId: string, by: AuditActor): Promise<ArchiveIndex>
  /** Deletes the archives of a tenant that is being deleted. */
  dropTenant(tenantId: string): Promise<void>
  /** Puts right what a crash of this process left of archives, and takes over those that lie where another kind of database had them. Before anything else. */
  open(): Promise<void>
  /** Deletes what a crash of any node left of archives. */
  sweep(): Promise<void>
  /** Brings archives that do not lie in the data folder into that of a backup. @param since - an older backup, to link files from */
  copyArchives(to: string, since: string | undefined): Promise<void>
  /** Finishes or undoes what a stop interrupted. */
  resume(operation: Operation): Promise<void>
}

/** What the removal is made from. */
export interface RemovalOptions extends Omit<RemovalParts, 'archives' | 'rows' | 'journal' | 'snapshots'> {
  /** One change at a time for each tenant, those of the lifecycle included. */
  readonly exclusively: <Result>(tenantId: string, change: () => Promise<Result>) => Promise<Result>
  /** Plugins of other tenants that use what this one shares with them, in words. */
  readonly neededElsewhere: (tenantId: string, contracts: readonly string[]) => readonly string[]
  readonly log: { warn(detail: object, message: string): void }
  /** This node, where there are several. */
  readonly node?: string | undefined
  /** Where other nodes find what lies in the data folder. @defaultValue there are no others */
  readonly shared?: SharedFiles
  /** What would be shared if there were other nodes: archives may lie there from before. */
  readonly kept: SharedFiles
  /** What the bytes of files lie on. */
  readonly blobs: Pick<BlobStore, 'aside'>
}

/** See {@link Removal}. */
export function createRemoval(options: RemovalOptions): Removal {
  const { storage, catalogue, dataFolder, audit, exclusively, neededElsewhere, log } = options
  const shelf = shelfOf(options)
  const archives = createArchives({ ...options, shelf })
  const rows = createInstallationRows(options)
  const journal = createJournal(storage, options.node)
  const parts: RemovalParts = { ...options, archives, rows, journal, snapshots: createSnapshots({ ...options, folder: join(dataFolder, 'snapshots') }) }
  const sources = { storage, files: parts.files, dataFolder, catalogue }

  return {
    async preview(tenantId, pluginId) {
      const key = { tenantId, pluginId }
      const installed = await rows.list(tenantId)
      const row = installed.find((one) => one.plugin_id === pluginId)
      if (row === undefined) throw new PlatformError('PLUGIN_UNKNOWN', `Plugin "${pluginId}" was never switched on at ${parts.tenant(tenantId).name}.`, { fix: 'See `liberacces plugin list --tenant T` for the ids.' })
      const manifest = catalogue.manifest(pluginId, row.version)
      const traces = await pluginTraces(sources, key)
      const others = installed.filter((one) => one.plugin_id !== pluginId && one.state !== 'purged').flatMap((one) => {
        const other = catalogue.manifest(one.plugin_id, one.version)
        return other === undefined ? [] : [{ manifest: other, isOn: one.state === 'active' }]
      })
      return {
        pluginId, version: row.version, state: row.state, traces, title: manifest?.title ?? { fr: pluginId },
        personalData: manifest === undefined ? [] : personalDataOf(manifest, traces),
        dependants: manifest === undefined ? [] : dependantsOf(manifest, others),
        neededElsewhere: manifest === undefined ? [] : neededElsewhere(tenantId, manifest.provides),
        archives: await archives.list(key),
      }
    },
    purge: (tenantId, pluginId, by) => exclusively(tenantId, () => purge(parts, { tenantId, pluginId }, by)),
    residue: async (tenantId, pluginId) => (await pluginTraces(sources, { tenantId, pluginId })).counts,
    archives: (tenantId) => archives.list({ tenantId }),
    restore: (tenantId, archiveId, by) => exclusively(tenantId, async () => {
      const { plugin } = await archives.find(tenantId, archiveId)
      return restoreArchive(parts, { tenantId, pluginId: plugin.id }, archiveId, by)
    }),
    deleteArchive: (tenantId, archiveId, by) => exclusively(tenantId, async () => {
      const index = await archives.find(tenantId, archiveId)
      const key = { tenantId, pluginId: index.plugin.id }
      const row = await rows.find(tenantId, key.pluginId)
      // Until it is purged the archive is needed to finish; afterwards it is a copy.
      if (row?.state === 'archived' || await journal.find(tenantId, key.pluginId) !== undefined) {
        throw new PlatformError('PLUGIN_BUSY', `"${key.pluginId}" is not purged to its end, and the archive is needed for that.`, { fix: `Purge it first: liberacces purge ${key.pluginId} --tenant T --yes.` })
      }
      await audit.record({ tenantId, actor: by, action: 'archive.deleted', target: key.pluginId, detail: { archive: archiveId } })
      await archives.drop(key, archiveId)
      return index
    }),
    dropTenant: (tenantId) => archives.dropTenant(tenantId),
    open: () => shelf.open(),
    sweep: () => shelf.sweep(async () => new Set((await journal.open()).flatMap(({ detail }) => (typeof detail?.['archive'] === 'string' ? [detail['archive']] : [])))),
    copyArchives: (to, since) => shelf.copyOut(join(to, ARCHIVES), since === undefined ? undefined : join(since, ARCHIVES)),
    async resume(operation) {
      const about = { tenant: operation.tenantId, plugin: operation.pluginId, phase: operation.phase }
      if (operation.phase === 'restoring') {
        await finishRestore(parts, operation)
        log.warn(about, 'an archive whose return a stop interrupted is put back')
        return
      }
      await resumePurge(parts, operation)
      log.warn(about, 'a purge that a stop interrupted is finished')
    },
  }
}

function shelfOf({ dataFolder, shared, kept, blobs, log }: RemovalOptions): ArchiveShelf {
  const folder = join(dataFolder, ARCHIVES)
  const archives = new SharedArchives(kept, blobs)
  return shared?.isShared === true ? createSharedArchiveShelf({ folder, archives, log }) : createOwnArchiveShelf({ folder, before: archives, log })
}
