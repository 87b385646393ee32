import type { Database, Statement } from 'better-sqlite3'
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

  /** Descriptors that it takes: the database, and its log with the log's index. */
  get descriptors(): number {
    return this.#hasLog ? 3 : 1
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
