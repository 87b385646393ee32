import Sqlite, { type Database, type Statement } from 'better-sqlite3'
import type { Changes } from '../changes.ts'
import { StatementRunner, type StatementCheck } from './statement-runner.ts'

/** From this write on a store's file keeps a write-ahead log: each then costs one sync instead of three. A single one is not worth it. */
const FIRST_LOGGED_WRITE = 2

/** What an {@link OpenFile} is opened with, besides its database. */
export interface OpenFileOptions {
  /** Names it in messages. */
  readonly owner: string
  /** Judges what a plugin sends. */
  readonly check: StatementCheck
  /** Judges what the kernel sends, which is never refused. */
  readonly known: StatementCheck
  /** Told of each statement that writes. */
  readonly changes: Changes
  /**
   * For a store's file: at rest it keeps a rollback journal, so that it takes one descriptor instead of three and opens in a third of
   * the time; while it is written to it keeps a write-ahead log. Called when that changes. Left out, the file stays as it is.
   */
  readonly logChanged?: () => void
  /** Its database is a copy in memory, to be read alone. */
  readonly isCopy?: boolean
}

/** An open file with what runs statements on it. */
export class OpenFile {
  readonly database: Database
  readonly kernel: StatementRunner
  readonly plugin: StatementRunner
  readonly #options: OpenFileOptions
  readonly #logChanged: (() => void) | undefined
  /** Whether it keeps a write-ahead log. */
  #hasLog: boolean
  #writes = 0
  #begin: Statement | undefined
  #commit: Statement | undefined
  #rollback: Statement | undefined
  #reader: StatementRunner | undefined

  constructor(database: Database, options: OpenFileOptions) {
    const { owner, check, known, changes, logChanged } = options
    this.database = database
    this.#options = options
    this.kernel = new StatementRunner(database, owner, known, changes)
    this.plugin = new StatementRunner(database, owner, check, changes)
    this.#logChanged = logChanged
    // A store that its last process did not close still has its log.
    this.#hasLog = logChanged === undefined || database.pragma('journal_mode', { simple: true }) === 'wal'
  }

  // Prepared when needed: a file that is only read from needs none of them.
  get begin(): Statement { return (this.#begin ??= this.database.prepare('begin immediate')) }
  get commit(): Statement { return (this.#commit ??= this.database.prepare('commit')) }
  get rollback(): Statement { return (this.#rollback ??= this.database.prepare('rollback')) }

  /** A plugin's statements on behalf of somebody who may only look. Made for the few who are. */
  get reader(): StatementRunner {
    return (this.#reader ??= new StatementRunner(this.database, this.#options.owner, this.#options.check, 'none'))
  }

  /** Forgets all prepared statements, after tables have changed. */
  forgetStatements(): void {
    this.kernel.clear()
    this.plugin.clear()
    this.#reader?.clear()
  }

  /** Whether it only answers reads, from memory. */
  get isCopy(): boolean {
    return this.#options.isCopy === true
  }

  /** Descriptors that it takes: the database, and its log with the log's index. */
  get descriptors(): number {
    if (this.isCopy) return 0
    return this.#hasLog ? 3 : 1
  }

  /** Bytes of its database, with what is still in its log. */
  get bytes(): number {
    return this.#number('page_count') * this.#number('page_size')
  }

  /**
   * The same database as it is now, in memory and without a descriptor.
   * @returns `undefined` while it keeps a log: memory has none
   */
  copy(): OpenFile | undefined {
    if (this.#hasLog || this.isCopy) return undefined
    // Not read from the file itself: closing that would give up the locks of every connection of this process (POSIX, fcntl).
    const database = new Sqlite(this.database.serialize(), { readonly: true })
    try {
      database.pragma('trusted_schema = OFF')
      return new OpenFile(database, { ...this.#options, isCopy: true })
    } catch (error) {
      database.close()
      throw error
    }
  }

  /** Outside a transaction, before a statement runs that may be a write of its own. */
  beforeStatement(runner: StatementRunner, sql: string): void {
    if (!this.#hasLog && runner.writes(sql)) this.beforeWrite()
  }

  /** Before a transaction begins. */
  beforeWrite(): void {
    this.#writes += 1
    if (this.#writes >= FIRST_LOGGED_WRITE) this.keepLog()
  }

  /**
   * Gives the file a write-ahead log now, outside a transaction: readers of other connections then stand beside its writer. Where
   * another process reads just now it stays without, and the next write tries again.
   */
  keepLog(): void {
    if (this.#hasLog) return
    this.#hasLog = this.#changeMode('wal')
    if (!this.#hasLog) return
    this.database.pragma('cache_spill = ON')
    this.#logChanged?.()
  }

  /**
   * Closes it.
   * @param rest - whether a store's file goes back to its form of rest, which takes three syncs when it was written to
   */
  close(rest: boolean): void {
    if (rest && this.#hasLog && this.#logChanged !== undefined && !this.database.inTransaction) this.#changeMode('delete')
    this.database.close()
  }

  #number(pragma: 'page_count' | 'page_size'): number {
    return Number(this.database.pragma(pragma, { simple: true }))
  }

  #changeMode(mode: 'wal' | 'delete'): boolean {
    // Not a moment's wait: it is in no hurry, and this thread serves everyone.
    this.database.pragma('busy_timeout = 0')
    try {
      return this.database.pragma(`journal_mode = ${mode}`, { simple: true }) === mode
    } catch (error) {
      if ((error as { readonly code?: string }).code?.startsWith('SQLITE_BUSY') !== true) throw error
      return false
    } finally {
      this.database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
    }
  }
}

/** Longest a statement waits for another process (the command line) that writes to the same file, in milliseconds. */
export const BUSY_TIMEOUT_MS = 5_000
