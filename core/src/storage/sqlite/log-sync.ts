import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs'
import { PlatformError } from '../../errors.ts'

/** Makes what was written to an open file survive a power cut, beside the event loop. */
export type SyncFile = (descriptor: number) => Promise<void>

const syncFile: SyncFile = (descriptor) => new Promise((resolve, reject) => {
  fdatasync(descriptor, (error) => {
    if (error === null) resolve()
    else reject(error)
  })
})

/**
 * Syncs the write-ahead log of a database beside the event loop, so that a commit costs those who wait for it a sync and nobody else
 * anything. The database runs with `synchronous = NORMAL`: SQLite itself then syncs when it begins a log anew and around a checkpoint, which
 * keeps the file whole, and a commit is durable once the log is synced. Commits that come during one sync share the next.
 */
export class LogSync {
  readonly #path: string
  readonly #sync: SyncFile
  #descriptor: number | undefined
  #isSyncing = false
  #isClosed = false
  /** Commits that the sync under way may not have seen. */
  #waiting: PromiseWithResolvers<void> | undefined
  #failure: PlatformError | undefined

  /**
   * @param database - path of the database; its log is not opened before the first sync
   * @param sync - @defaultValue fdatasync, on a thread of Node's pool
   */
  constructor(database: string, sync: SyncFile = syncFile) {
    this.#path = `${database}-wal`
    this.#sync = sync
  }

  /**
   * To be called before a write. After a sync that failed nobody knows what is on the disk, and a second one may well succeed without
   * having written anything: only a new start finds out.
   * @throws PlatformError `DISK_UNWRITABLE`
   */
  refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Resolves when all that was committed before the call survives a power cut. @throws PlatformError `DISK_UNWRITABLE` */
  synced(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#isClosed) return Promise.resolve()
    const waiting = (this.#waiting ??= Promise.withResolvers<void>())
    if (!this.#isSyncing) void this.#syncWaiting()
    return waiting.promise
  }

  /** Syncs what is committed, on this thread, and answers those who wait. Twice is harmless. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    try {
      if (this.#descriptor !== undefined) fdatasyncSync(this.#descriptor)
      this.#waiting?.resolve()
    } catch (error) {
      this.#waiting?.reject(this.#fail(error))
    }
    this.#waiting = undefined
    if (!this.#isSyncing) this.#letGo()
  }

  async #syncWaiting(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#isSyncing = true
    try {
      // Ours alone: SQLite's locks are on the database, so that closing this gives up none. The log stays the same file as long as the database is open.
      this.#descriptor ??= openSync(this.#path, 'r+')
      await this.#sync(this.#descriptor)
      waiting?.resolve()
    } catch (error) {
      waiting?.reject(this.#fail(error))
    }
    this.#isSyncing = false
    if (this.#isClosed) this.#letGo()
    else if (this.#waiting !== undefined) void this.#syncWaiting()
  }

  #fail(cause: unknown): PlatformError {
    this.#failure ??= new PlatformError('DISK_UNWRITABLE', `What was written to ${this.#path} may not be on the disk: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, fix: 'Look after the disk, then start the platform again: until then nothing is written.' })
    return this.#failure
  }

  #letGo(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }
}
