import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import { isSegment } from './files/blob-path.ts'
import { ASIDE, type BlobsAside, type BlobStore } from './files/blob-store.ts'
import { Incoming, type Received } from './files/incoming.ts'
import { namesIn, statOf } from './folder-content.ts'
import { filesFolder, notePlace } from './open-blobs.ts'
import type { StoreKey } from './storage.ts'
import { syncFolder } from './sync-folder.ts'

/** A file whose bytes are not what they should be where they lie. */
export interface DamagedFile extends StoreKey {
  readonly sha256: string
}

/** What moving came to, or would. */
export interface FilesMoved {
  readonly tenants: number
  readonly files: number
  /** Of all files. */
  readonly bytes: number
  /** Files that were brought over, or would be; the others are there already. */
  readonly copied: number
  readonly copiedBytes: number
  /** Snapshots whose files were brought over. */
  readonly snapshots: number
  readonly damaged: readonly DamagedFile[]
}

/** What is moved, and how. */
export interface MoveFilesOptions {
  readonly dataFolder: string
  readonly from: BlobStore
  readonly to: BlobStore
  readonly newId: () => string
  /** Counts and copies nothing. */
  readonly dryRun?: boolean
  /** @param done - files, of `total` so far known */
  readonly progress?: (what: string, done: number, total: number) => void
}

/**
 * Brings all bytes from one place to another, each held against its SHA-256; what is there already with its size is passed over, so that it
 * goes on where it was cut short. Nothing is deleted. The platform must not be running.
 * @throws PlatformError `FILES_UNAVAILABLE`
 */
export async function moveFiles({ dataFolder, from, to, newId, dryRun = false, progress }: MoveFilesOptions): Promise<FilesMoved> {
  const arriving = new Incoming(join(filesFolder(dataFolder), '.moving'), newId)
  if (!dryRun) await arriving.open()
  const sums = { tenants: 0, files: 0, bytes: 0, copied: 0, copiedBytes: 0, snapshots: 0 }
  const damaged: DamagedFile[] = []
  try {
    const moveAll = async (source: BlobsAside, target: BlobsAside): Promise<number> => {
      const tenants = await source.tenants()
      for (const [index, tenantId] of tenants.entries()) {
        for (const pluginId of await source.pluginsOf(tenantId)) {
          const key = { tenantId, pluginId }
          const there = new Map<string, number>()
          for await (const { sha256, size } of target.list(key)) there.set(sha256, size)
          for await (const blob of source.list(key)) {
            progress?.(dryRun ? 'counting' : 'moving', index, tenants.length)
            sums.files += 1
            sums.bytes += blob.size
            if (there.get(blob.sha256) === blob.size) continue
            if (!dryRun && !await copyOne({ from: source, to: target, arriving }, key, blob)) {
              damaged.push({ ...key, sha256: blob.sha256 })
              continue
            }
            sums.copied += 1
            sums.copiedBytes += blob.size
          }
        }
      }
      return tenants.length
    }
    sums.tenants = await moveAll(from, to)
    // Those of archives, whose tenants are counted already.
    for (const name of ASIDE) await moveAll(from.aside(name), to.aside(name))
    for await (const { key, id, folder } of snapshotsIn(dataFolder)) {
      const isHeld = (await from.holding(key)).includes(id)
      if (!isHeld && await statOf(folder) === undefined) continue
      sums.snapshots += 1
      if (dryRun) continue
      progress?.('snapshots', sums.snapshots, sums.snapshots)
      if (isHeld) await from.copyHeldOut(key, id, folder)
      await to.holdFrom(key, id, folder)
    }
  } finally {
    if (!dryRun) await rm(join(filesFolder(dataFolder), '.moving'), { recursive: true, force: true })
  }
  return { ...sums, damaged }
}

/**
 * Has the data folder look where its files have moved. Those on its own disk are put aside, and deleted by nobody but the operator.
 * @param place - `undefined` for the data folder itself
 * @returns where they were put aside
 */
export async function switchPlace(dataFolder: string, place: string | undefined, now: number): Promise<string | undefined> {
  // From here on nobody looks at the disk; what a stop leaves there only takes room.
  await notePlace(dataFolder, place)
  if (place === undefined) return undefined
  const folder = filesFolder(dataFolder)
  const names = await namesIn(folder)
  const tenants = [...names.filter(isSegment), ...ASIDE.map((name) => `.${name}`).filter((name) => names.includes(name))]
  for await (const { folder: held } of snapshotsIn(dataFolder)) await rm(held, { recursive: true, force: true })
  if (tenants.length === 0) return undefined
  const aside = `${folder}.migrated-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}`
  await mkdir(aside, { recursive: true, mode: 0o700 })
  for (const tenantId of tenants) await rename(join(folder, tenantId), join(aside, tenantId))
  await syncFolder(aside)
  await syncFolder(folder)
  return aside
}

/** @returns `false` when the bytes are not there, or others than they are called */
async function copyOne({ from, to, arriving }: { readonly from: BlobsAside; readonly to: BlobsAside; readonly arriving: Incoming }, key: StoreKey, blob: { readonly sha256: string; readonly size: number }): Promise<boolean> {
  let received: Received
  try {
    received = await arriving.receive(await from.read(key, blob), Number.MAX_SAFE_INTEGER)
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'FILE_DAMAGED') return false
    throw error
  }
  try {
    if (received.sha256 !== blob.sha256) return false
    await to.put(key, received)
    return true
  } finally {
    await arriving.discard(received)
  }
}

async function* snapshotsIn(dataFolder: string): AsyncGenerator<{ readonly key: StoreKey; readonly id: string; readonly folder: string }, void, undefined> {
  const root = join(dataFolder, 'snapshots')
  for (const tenantId of (await namesIn(root)).filter(isSegment)) {
    for (const pluginId of (await namesIn(join(root, tenantId))).filter(isSegment)) {
      for (const id of (await namesIn(join(root, tenantId, pluginId))).filter((name) => isSegment(name) && !name.endsWith('.part'))) {
        yield { key: { tenantId, pluginId }, id, folder: join(root, tenantId, pluginId, id, 'files') }
      }
    }
  }
}
