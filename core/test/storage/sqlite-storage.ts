import { onTestFinished } from 'vitest'
import type { Outside } from '../../src/outside.ts'
import type { SyncFile } from '../../src/storage/sqlite/log-sync.ts'
import { createSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { FakeOutside, temporaryFolder } from './temporary-storage.ts'

/** A storage on SQLite, whatever the run asks for: for tests of what is in its files. */
export function sqliteStorage(options: { folder?: string; outside?: Outside; openStoresLimit?: number; openFilesLimit?: (taken: number) => number; syncFile?: SyncFile } = {}): Storage {
  const { folder = temporaryFolder(), outside = new FakeOutside(), ...rest } = options
  const storage = createSqliteStorage({ folder, outside, ...rest })
  onTestFinished(() => storage.close())
  return storage
}
