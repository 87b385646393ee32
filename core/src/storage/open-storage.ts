import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import { createSqliteStorage, type SqliteStorageOptions } from './sqlite/sqlite-storage.ts'
import { refuseMoved } from './moved-file.ts'
import type { Storage } from './storage.ts'

/** What the storage of a platform is opened with. */
export interface StorageOptions extends SqliteStorageOptions {
  /** `LIBERACCES_DATABASE_URL`; without it the data lies in the data folder, in SQLite. Holds a password. */
  readonly databaseUrl: string | undefined
  /** The server's secret, from which the passwords of the database's roles are made. */
  readonly secret: Uint8Array
  /** What the database shows for the connections of this process. */
  readonly applicationName?: string
  /** This process among the nodes of the database. @defaultValue it is none */
  readonly node?: string
}

const DAMAGED: ReadonlySet<string> = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT'])

/**
 * Opens the storage of a platform: PostgreSQL where an address is given, else the data folder.
 * @throws PlatformError `CONFIG_INVALID` when what is there is no sound database, or none that can be used: it is left as it is; `DB_UNAVAILABLE`
 */
export async function openStorage({ databaseUrl, secret, applicationName, node, ...options }: StorageOptions): Promise<Storage> {
  if (databaseUrl === undefined) {
    refuseMoved(options.folder)
    return openFolderStorage(options)
  }
  const [{ createPostgresStorage }, { parseDatabaseUrl }] = await Promise.all([import('./postgres/postgres-storage.ts'), import('./postgres/database-address.ts')])
  const { folder, outside, log } = options
  return await createPostgresStorage({ address: { ...parseDatabaseUrl(databaseUrl), ...(applicationName === undefined ? {} : { applicationName }) }, folder, secret, outside, ...(node === undefined ? {} : { node }), ...(log === undefined ? {} : { log }) })
}

/**
 * Opens the storage of a data folder.
 * @throws PlatformError `CONFIG_INVALID` when what is there is no sound database: it is left as it is
 */
export function openFolderStorage(options: SqliteStorageOptions): Storage {
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
