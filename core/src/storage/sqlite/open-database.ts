import Database from 'better-sqlite3'

/** Longest a statement waits for another process (the command line) that writes to the same file, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000

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
