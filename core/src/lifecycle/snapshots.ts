import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { v7 } from 'uuid'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import { filesBelow, namesIn, statOf } from '../storage/folder-content.ts'
import type { FileStore } from '../storage/files.ts'
import type { SnapshotRow } from '../storage/platform-tables.ts'
import { OWN_FILES } from '../storage/own-files.ts'
import type { SharedFiles } from '../storage/shared-files.ts'
import type { Storage, StoreKey } from '../storage/storage.ts'
import { syncNames } from '../storage/sync-folder.ts'
import { diskError } from './disk-error.ts'
import type { ReleaseName } from './journal.ts'

/** Snapshots from before upgrades that are kept for each plugin of each tenant: one can go back so many releases. */
const KEPT_SNAPSHOTS = 2
/** Room that is left on the disk besides, in bytes. */
const SPARE_BYTES = 64 * 1_048_576
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** The data of a plugin of a tenant as it was at one moment. */
export interface Snapshot extends StoreKey {
  readonly id: string
  /** The release that ran then. */
  readonly release: ReleaseName
  readonly reason: SnapshotRow['reason']
  /** Milliseconds since the Unix epoch. */
  readonly takenAt: number
  /** Size of its database; its files share their bytes with the store's. */
  readonly bytes: number
  /** `false` when the plugin had stored nothing. */
  readonly hasStore: boolean
}

/** Copies of stores from before a change: the database, and a hold on the files. On disk and on record, or not at all. */
export interface Snapshots {
  /**
   * Takes one, while others read and write elsewhere. The caller holds the plugin still, files included.
   * @throws PlatformError `DISK_SPACE_LOW`; nothing is left of it when it throws
   */
  take(key: StoreKey, release: ReleaseName, reason: Snapshot['reason']): Promise<Snapshot>
  /** Puts the data back, durably and whole. Twice is harmless. The snapshot stays. */
  restore(snapshot: Snapshot): Promise<void>
  find(id: string): Promise<Snapshot | undefined>
  /** Of one plugin of a tenant, or of all its plugins, newest first. */
  list(key: Pick<StoreKey, 'tenantId'> & Partial<StoreKey>): Promise<readonly Snapshot[]>
  /** Deletes one; twice is harmless. */
  drop(snapshot: Pick<Snapshot, 'id' | 'tenantId' | 'pluginId'>): Promise<void>
  /** Deletes those from before upgrades that are more than {@link KEPT_SNAPSHOTS}. */
  prune(key: StoreKey): Promise<void>
  /** Deletes all of a plugin of a tenant, or of the whole tenant. */
  dropAll(key: Pick<StoreKey, 'tenantId'> & Partial<StoreKey>): Promise<void>
  /** Has the database of a snapshot lie here, which another node may have taken. */
  bring(snapshot: Snapshot): Promise<void>
  /** The database of a snapshot that has one, once it was brought. */
  databasePath(snapshot: Pick<Snapshot, 'id' | 'tenantId' | 'pluginId'>): string
  /** Bytes that the snapshots of a tenant take by themselves: databases, and files that the stores no longer have. */
  bytesOf(tenantId: string): Promise<number>
  /** Deletes what a crash left half made or half deleted. */
  sweep(key: StoreKey): Promise<void>
}

/** What snapshots are made from. */
export interface SnapshotsOptions {
  readonly storage: Storage
  readonly files: FileStore
  readonly outside: Outside
  readonly folder: string
  /** Where other nodes find their databases. @defaultValue there are no others */
  readonly shared?: SharedFiles
}

/** See {@link Snapshots}. */
export function createSnapshots({ storage, files, outside, folder, shared = OWN_FILES }: SnapshotsOptions): Snapshots {
  const folderOf = (key: Pick<StoreKey, 'tenantId'> & Partial<StoreKey>, ...names: readonly string[]): string => {
    const segments = [key.tenantId, ...(key.pluginId === undefined ? [] : [key.pluginId]), ...names]
    for (const segment of segments) if (!SEGMENT.test(segment)) throw new TypeError(`"${segment}" cannot be part of a snapshot's path.`)
    return join(folder, ...segments)
  }
  const databasePath: Snapshots['databasePath'] = (snapshot) => join(folderOf(snapshot, snapshot.id), 'store.sqlite')
  const nameOf = ({ tenantId, pluginId }: Pick<StoreKey, 'tenantId'> & Partial<StoreKey>, ...names: readonly string[]): string => ['snapshots', tenantId, ...(pluginId === undefined ? [] : [pluginId]), ...names].join('/')
  const rowsOf = (key: Pick<StoreKey, 'tenantId'> & Partial<StoreKey>) => {
    const query = storage.platform.selectFrom('snapshot').selectAll().where('tenant_id', '=', key.tenantId).orderBy('id', 'desc')
    return (key.pluginId === undefined ? query : query.where('plugin_id', '=', key.pluginId)).execute()
  }
  const hasStore = async ({ tenantId, pluginId }: StoreKey): Promise<boolean> => (await storage.storesOf(tenantId)).some((key) => key.pluginId === pluginId)

  const snapshots: Snapshots = {
    databasePath,
    async take(key, release, reason) {
      // Their order is that of their ids: after the newest, though the clock has gone back or stands still.
      const [newest] = await rowsOf(key)
      const id = v7({ msecs: Math.max(outside.now(), newest === undefined ? 0 : millisecondsOf(newest.id) + 1), random: outside.randomBytes(16) })
      const place = folderOf(key, id)
      const unfinished = `${place}.part`
      try {
        await mkdir(unfinished, { recursive: true, mode: 0o700 })
        const exists = await hasStore(key)
        const database = join(unfinished, 'store.sqlite')
        if (exists) await requireRoom(folder, await storage.sizeOf(key))
        const copied = exists && await storage.copyStore(key, database)
        await files.hold(key, id, join(unfinished, 'files'))
        const bytes = copied ? (await stat(database)).size : 0
        await outside.reached?.('snapshot:copied')
        await rename(unfinished, place)
        await syncNames(place, folder)
        if (copied) await shared.publish(nameOf(key, id), databasePath({ ...key, id }))
        const row: SnapshotRow = {
          id, tenant_id: key.tenantId, plugin_id: key.pluginId, version: release.version, digest: release.digest ?? null, reason, taken_at: outside.now(), bytes, has_store: copied ? 1 : 0,
        }
        await storage.platform.insertInto('snapshot').values(row).execute()
        return snapshotOf(row)
      } catch (error) {
        await rm(unfinished, { recursive: true, force: true }).catch(ignoreMissing)
        await rm(place, { recursive: true, force: true }).catch(ignoreMissing)
        // What is still held, or kept for others, is let go by the next sweep.
        await files.letGo(key, id).catch(() => undefined)
        throw diskError(error, `A snapshot under ${folder}`)
      }
    },
    async restore(snapshot) {
      const key = { tenantId: snapshot.tenantId, pluginId: snapshot.pluginId }
      await snapshots.bring(snapshot)
      if (snapshot.hasStore) {
        await files.putBack(key, snapshot.id, join(folderOf(key, snapshot.id), 'files'))
        await storage.placeStore(key, databasePath(snapshot))
      } else if (await hasStore(key)) {
        await storage.drop(key)
      }
      // Only what no row refers to: a crash before this leaves bytes, never a row without them.
      await files.pruneBlobs(key)
    },
    async bring(snapshot) {
      if (!snapshot.hasStore || await shared.fetch(nameOf(snapshot, snapshot.id), databasePath(snapshot))) return
      throw new PlatformError('FILE_DAMAGED', `The copy of "${snapshot.pluginId}" from ${new Date(snapshot.takenAt).toISOString()} is gone.`, { fix: 'Look at the data folder of the node that took it, or at a backup.' })
    },
    async find(id) {
      const row = await storage.platform.selectFrom('snapshot').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : snapshotOf(row)
    },
    list: async (key) => (await rowsOf(key)).map(snapshotOf),
    async drop(snapshot) {
      await storage.platform.deleteFrom('snapshot').where('id', '=', snapshot.id).execute()
      await rm(folderOf(snapshot, snapshot.id), { recursive: true, force: true })
      await shared.remove(nameOf(snapshot, snapshot.id))
      await files.letGo({ tenantId: snapshot.tenantId, pluginId: snapshot.pluginId }, snapshot.id)
    },
    async prune(key) {
      const old = (await snapshots.list(key)).filter(({ reason }) => reason === 'upgrade').slice(KEPT_SNAPSHOTS)
      for (const snapshot of old) await snapshots.drop(snapshot)
      await snapshots.sweep(key)
    },
    async dropAll(key) {
      for (const snapshot of await snapshots.list(key)) await snapshots.drop(snapshot)
      await shared.remove(nameOf(key))
      await rm(folderOf(key), { recursive: true, force: true })
      if (key.pluginId !== undefined) await files.letGo({ tenantId: key.tenantId, pluginId: key.pluginId })
    },
    async bytesOf(tenantId) {
      let sum = await files.heldBytesOf(tenantId)
      for (const path of await filesBelow(folderOf({ tenantId }))) {
        const found = await statOf(path)
        // One with another name costs nothing: the store has it too.
        if (found !== undefined && found.nlink === 1) sum += found.size
      }
      return sum
    },
    async sweep(key) {
      const known = new Set((await snapshots.list(key)).map(({ id }) => id))
      for (const id of await namesIn(folderOf(key))) {
        if (!known.has(id)) await rm(join(folderOf(key), id), { recursive: true, force: true })
      }
      const below = `${nameOf(key)}/`
      for (const name of await shared.names(below)) if (!known.has(name.slice(below.length))) await shared.remove(name)
      for (const id of await files.holding(key)) if (!known.has(id)) await files.letGo(key, id)
    },
  }
  return snapshots
}

/**
 * Refuses what would not fit before it begins.
 * @param bytes - of what is about to be copied
 * @throws PlatformError `DISK_SPACE_LOW`
 */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  let place = folder
  let found = await statfs(place).catch(() => undefined)
  while (found === undefined && dirname(place) !== place) found = await statfs(place = dirname(place)).catch(() => undefined)
  if (found === undefined) return
  const free = found.bavail * found.bsize
  if (free >= bytes + SPARE_BYTES) return
  throw new PlatformError('DISK_SPACE_LOW', `A copy takes ${megabytes(bytes)} MB, and the disk of ${folder} has ${megabytes(free)} MB free.`, { fix: `Make room: ${megabytes(bytes + SPARE_BYTES)} MB are needed.` })
}

/** When a UUID of version 7 was made, in milliseconds since the Unix epoch (RFC 9562, section 5.7). */
function millisecondsOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_048_576)
}

function snapshotOf(row: SnapshotRow): Snapshot {
  return {
    id: row.id, tenantId: row.tenant_id, pluginId: row.plugin_id, release: { version: row.version, digest: row.digest ?? undefined },
    reason: row.reason, takenAt: row.taken_at, bytes: row.bytes, hasStore: row.has_store === 1,
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
  throw error
}
