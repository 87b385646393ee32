import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CopySource, Storage, StoreCopy, StoreKey } from '../storage.ts'
import { fingerprintOf } from './store-fingerprint.ts'

/**
 * A copy of a store in a folder of its own.
 * @param from - the storage that has the store
 * @param open - opens a storage on a folder that is thrown away after a crash
 */
export async function openSqliteCopy(from: Pick<Storage, 'copyStore'>, open: (folder: string) => Storage, key: StoreKey, source: CopySource, folder: string): Promise<StoreCopy> {
  const file = typeof source === 'object' ? source.path : join(folder, 'copy.sqlite')
  const exists = source === 'store' ? await from.copyStore(key, file) : source !== 'nothing'
  const copies = open(folder)
  try {
    if (exists) await copies.placeStore(key, file, { move: source === 'store' })
  } catch (error) {
    await copies.close()
    throw error
  }
  return {
    store: (of) => copies.store(of),
    kernelStore: (of) => copies.kernelStore(of),
    migrate: (migrations) => copies.migrate(key, migrations),
    revert: (migrations, names) => copies.revert(key, migrations, names),
    shape: async () => {
      const path = join(folder, 'shape.sqlite')
      try {
        return await copies.copyStore(key, path) ? (await fingerprintOf(path)).shape : '[]'
      } finally {
        await rm(path, { force: true })
      }
    },
    copyTo: async (path) => { await copies.copyStore(key, path) },
    close: () => copies.close(),
  }
}
