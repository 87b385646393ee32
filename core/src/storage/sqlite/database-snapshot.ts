import { statSync } from 'node:fs'
import { open, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { statOf } from '../folder-content.ts'
import { syncFile, syncFolder } from '../sync-folder.ts'
import { writeDurably } from '../write-durably.ts'

/** What is copied through memory, in bytes: a few milliseconds. Larger ones are copied in steps. */
const LARGEST_AT_ONCE = 4 * 1024 * 1024
/** Pages of one step: 1 MB or so, and a millisecond in which nothing else runs. */
const STEP = 256
const BUSY_TIMEOUT_MS = 5_000

/**
 * A database as it is at one moment, while others go on writing to it: a connection of its own, whose read transaction the
 * write-ahead log lets stand beside any writer. Opening is synchronous, so that several opened in one go are of the same moment.
 */
export class DatabaseSnapshot {
  readonly database: Database.Database
  readonly #path: string

  /** @throws Error when there is no such file */
  constructor(path: string) {
    this.#path = path
    const opened = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
    this.database = hasLog(opened, path) ? opened : inMemory(opened)
    try {
      this.database.pragma('trusted_schema = OFF')
      this.database.exec('begin')
      // The moment is that of the first read.
      this.database.prepare('select count(*) from sqlite_schema').get()
    } catch (error) {
      this.database.close()
      throw error
    }
  }

  /**
   * Copies it to a file: durable, and there whole or not at all. Page by page, so that row numbers stay what they are (VACUUM may
   * change them), and never through the file system: closing a file gives up every lock that this process has on it, SQLite's too.
   */
  async copyTo(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const unfinished = `${path}.part`
    await rm(unfinished, { force: true })
    try {
      const log = await statOf(`${this.#path}-wal`)
      if ((await stat(this.#path)).size + (log?.size ?? 0) <= LARGEST_AT_ONCE) await writeDurably(unfinished, this.database.serialize())
      else await this.#copyInSteps(unfinished)
      await rename(unfinished, path)
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
    await syncFolder(dirname(path))
  }

  close(): void {
    this.database.close()
  }

  async #copyInSteps(path: string): Promise<void> {
    await (await open(path, 'wx', 0o600)).close()
    let synced: 'not yet' | 'under way' | 'done' = 'not yet'
    await this.database.backup(path, {
      progress: ({ remainingPages }) => {
        if (remainingPages > STEP || synced === 'done') return STEP
        // The last step syncs the file, and nothing else would run meanwhile: so nearly all of it is synced before, beside everything else.
        if (synced === 'not yet') {
          synced = 'under way'
          void syncFile(path).catch(() => undefined).finally(() => { synced = 'done' }) // what matters is the sync of the last step
        }
        return 0
      },
    })
  }
}

/** Whether a database keeps a write-ahead log; a large one gets one now, where nobody is in the middle of writing to it. */
function hasLog(database: Database.Database, path: string): boolean {
  if (database.pragma('journal_mode', { simple: true }) === 'wal') return true
  if (statSync(path).size <= LARGEST_AT_ONCE) return false
  database.pragma('busy_timeout = 0')
  try {
    return database.pragma('journal_mode = wal', { simple: true }) === 'wal'
  } catch {
    return false // somebody writes
  } finally {
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
  }
}

/** A store at rest keeps no log, and a reader of its file would hold up who writes: so it is read at once, and held in memory. */
function inMemory(database: Database.Database): Database.Database {
  try {
    return new Database(database.serialize())
  } finally {
    database.close()
  }
}
