import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { v7 } from 'uuid'
import type { CopySource, Storage, StoreCopy, StoreKey } from '../storage/storage.ts'
import { diskError } from './disk-error.ts'
import type { LifecycleParts } from './lifecycle-parts.ts'
import { requireRoom } from './snapshots.ts'

type Parts = Pick<LifecycleParts, 'storage' | 'outside' | 'dataFolder'>

/** Where copies lie that live as long as one rehearsal; those of PostgreSQL lie in the database, and here what is written on the way. */
export function copiesFolder(dataFolder: string): string {
  return join(dataFolder, 'rehearsals')
}

/**
 * Runs a body on a copy of a plugin's data on the same kind of database, which is gone afterwards whatever happens. What the copy is made of is not touched.
 * @throws PlatformError `DISK_SPACE_LOW`
 */
export async function onCopy<Result>(parts: Parts, key: StoreKey, body: (copy: StoreCopy) => Promise<Result>, from: CopySource = 'store'): Promise<Result> {
  const { storage, outside, dataFolder } = parts
  const folder = join(copiesFolder(dataFolder), v7({ msecs: outside.now(), random: outside.randomBytes(16) }))
  let copy: StoreCopy | undefined
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // A migration may make every table anew. How much room the disk of a database server has nobody says.
    if (storage.dialect === 'sqlite') await requireRoom(folder, 2 * await storage.sizeOf(key))
    copy = await storage.openCopy(key, from, folder)
    await outside.reached?.('rehearsal:copied')
    return await body(copy)
  } catch (error) {
    throw diskError(error, `A copy under ${copiesFolder(dataFolder)}`)
  } finally {
    await copy?.close()
    await rm(folder, { recursive: true, force: true }).catch(() => undefined) // the next start sweeps
  }
}

/** Deletes what rehearsals left that a crash ended. */
export async function sweepCopies({ storage, dataFolder }: { readonly storage: Pick<Storage, 'sweepCopies'>; readonly dataFolder: string }): Promise<void> {
  await rm(copiesFolder(dataFolder), { recursive: true, force: true })
  await storage.sweepCopies()
}
