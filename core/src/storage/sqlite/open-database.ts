import Database from 'better-sqlite3'
import { BUSY_TIMEOUT_MS } from './open-file.ts'

/**
 * Opens a database file so that what is acknowledged survives a power cut: write-ahead log, and every commit synced.
 * @param cacheKib - most memory its page cache may take
 */
export function openDatabase(path: string, cacheKib: number): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    // A plugin's table definition may not call what has effects outside the database.
    database.pragma('trusted_schema = OFF')
    database.pragma(`cache_size = -${cacheKib}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Opens a store's file, which is there, in whatever journal mode it has. As durable as {@link openDatabase}: without a write-ahead log
 * it takes EXTRA to be sure that a committed journal is gone for good.
 */
export function openStoreDatabase(path: string, cacheKib: number): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true })
  try {
    // In one go: it is opened for a single request when there are tens of thousands. Nothing spills before a commit: other connections
    // could not read from then on.
    database.exec(`pragma synchronous = EXTRA; pragma cache_spill = OFF; pragma foreign_keys = ON; pragma trusted_schema = OFF; pragma cache_size = -${cacheKib}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
