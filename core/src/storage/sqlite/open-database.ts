import Database from 'better-sqlite3'
import { BUSY_TIMEOUT_MS } from './open-file.ts'

/** How a database is kept. */
interface Keeping {
  /** Whether every commit is synced; not so for a copy that no crash outlives. @defaultValue true */
  readonly isDurable?: boolean
}

/**
 * Opens a database file so that what is acknowledged survives a power cut, where it is to be durable: write-ahead log, and every commit synced.
 * @param cacheKib - most memory its page cache may take
 */
export function openDatabase(path: string, cacheKib: number, { isDurable = true }: Keeping = {}): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.pragma(`synchronous = ${isDurable ? 'FULL' : 'OFF'}`)
    database.pragma('journal_mode = WAL')
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
export function openStoreDatabase(path: string, cacheKib: number, { isDurable = true }: Keeping = {}): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true })
  try {
    // In one go: it is opened for a single request when there are tens of thousands. Nothing spills before a commit: other connections
    // could not read from then on.
    database.exec(`pragma synchronous = ${isDurable ? 'EXTRA' : 'OFF'}; pragma cache_spill = OFF; pragma foreign_keys = ON; pragma trusted_schema = OFF; pragma cache_size = -${cacheKib}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
