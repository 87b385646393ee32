import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { v7 } from 'uuid'
import type { Storage, StoreKey } from '../storage/storage.ts'
import { diskError } from './disk-error.ts'
import type { LifecycleParts } from './lifecycle-parts.ts'
import { requireRoom } from './snapshots.ts'

type Parts = Pick<LifecycleParts, 'storage' | 'outside' | 'openCopies' | 'dataFolder' | 'snapshots'>

/** Where copies lie that live as long as one rehearsal. */
export function copiesFolder(dataFolder: string): string {
  return join(dataFolder, 'rehearsals')
}

/**
 * Runs a body on a copy of a plugin's data, which is gone afterwards whatever happens. What the copy is made of is not touched.
 * @param from - a copy of the database to begin with, or `nothing`. @defaultValue the store as it is now
 * @throws PlatformError `DISK_SPACE_LOW`
 */
export async function onCopy<Result>(parts: Parts, key: StoreKey, body: (copies: Storage) => Promise<Result>, from?: { readonly path: string } | 'nothing'): Promise<Result> {
  const { storage, outside, openCopies, dataFolder } = parts
  const folder = join(copiesFolder(dataFolder), v7({ msecs: outside.now(), random: outside.randomBytes(16) }))
  let copies: Storage | undefined
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // A migration may make every table anew.
    await requireRoom(folder, 2 * await storage.sizeOf(key))
    const file = typeof from === 'object' ? from.path : join(folder, 'copy.sqlite')
    const exists = from === undefined ? await storage.copyStore(key, file) : from !== 'nothing'
    copies = openCopies(folder)
    if (exists) await copies.placeStore(key, file, { move: from === undefined })
    await outside.reached?.('rehearsal:copied')
    return await body(copies)
  } catch (error) {
    throw diskError(error, `A copy under ${copiesFolder(dataFolder)}`)
  } finally {
    await copies?.close()
    await rm(folder, { recursive: true, force: true }).catch(() => undefined) // the next start sweeps
  }
}

/** Deletes what rehearsals left that a crash ended. */
export async function sweepCopies(dataFolder: string): Promise<void> {
  await rm(copiesFolder(dataFolder), { recursive: true, force: true })
}
