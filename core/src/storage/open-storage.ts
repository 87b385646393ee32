import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import { createSqliteStorage, type SqliteStorageOptions } from './sqlite/sqlite-storage.ts'
import type { Storage } from './storage.ts'

const DAMAGED: ReadonlySet<string> = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT'])

/**
 * Opens the storage of a data folder.
 * @throws PlatformError `CONFIG_INVALID` when what is there is no sound database: it is left as it is
 */
export function openStorage(options: SqliteStorageOptions): Storage {
  try {
    return createSqliteStorage(options)
  } catch (cause) {
    const { code = '' } = cause as { readonly code?: string }
    if (!DAMAGED.has(code)) throw cause
    throw new PlatformError('CONFIG_INVALID', `LIBERACCES_DATA: ${join(options.folder, 'platform.sqlite')} is damaged or no database of this platform.`, {
      fix: 'Restore the data folder from a backup; the file was left as it is.', cause,
    })
  }
}
