import { AsyncLocalStorage } from 'node:async_hooks'
import type { CompiledQuery, QueryResult } from 'kysely'
import { PlatformError } from '../../errors.ts'
import { Changes } from '../changes.ts'
import type { LogSync } from './log-sync.ts'
import type { OpenFile } from './open-file.ts'
import { OpenTransaction } from './open-transaction.ts'
import type { StatementRunner } from './statement-runner.ts'
import type { Growth } from './store-growth.ts'

/** Whose statement it is: those of a plugin are judged; those of a `reader`, a plugin that may only look, change nothing. */
export type Party = 'kernel' | 'plugin' | 'reader'

/** How a transaction runs. */
export interface TransactionOptions {
  /** Rolls back at once when it aborts. */
  readonly signal?: AbortSignal
  /**
   * Leaves foreign keys unchecked, as SQLite advises for rebuilding a table: with them on, dropping the old table would
   * silently delete the rows that refer to it. The body checks them before it ends.
   */
  readonly rebuildsTables?: boolean
  /** Refused where its writes do not fit into what the tenant may store. */
  readonly isLimited?: boolean
}

interface Frame {
  readonly database: SerialDatabase
  readonly transaction: OpenTransaction
  readonly outer: Frame | undefined
}

/** The transactions in whose bodies the running code is. */
const frames = new AsyncLocalStorage<Frame | undefined>()

/** Runs something that goes on by itself, and so is not part of the transactions that are open around the call. */
export function apart(body: () => void): void {
  if (frames.getStore() === undefined) body()
  else frames.run(undefined, body)
}

/**
 * One SQLite file that is opened when needed, and runs one transaction at a time. Without an open transaction a statement
 * runs at once, with no promise in between; with one it waits its turn.
 */
export class SerialDatabase {
  readonly owner: string
  readonly changes: Changes
  readonly #open: (changes: Changes) => OpenFile
  readonly #prepare: () => Promise<unknown> | undefined
  readonly #growth: Growth | undefined
  readonly #log: LogSync | undefined
  #file: OpenFile | undefined
  #transaction: OpenTransaction | undefined
  /** The file is being replaced. */
  #isHeld = false
  #waiting: (() => void)[] = []

  /**
   * @param open - opens the file, whose writes are told to the changes; called again after {@link close}
   * @param prepare - what must be done before it can be opened, where that takes waiting; asked again until it answers `undefined`
   * @param growth - keeps what plugins write within a limit; without it there is none
   * @param log - makes commits durable beside the event loop: whoever wrote waits for it, and others go on meanwhile. Without it SQLite syncs
   */
  constructor(owner: string, open: (changes: Changes) => OpenFile, { prepare = () => undefined, growth, log, changes = new Changes() }: { readonly prepare?: () => Promise<unknown> | undefined; readonly growth?: Growth; readonly log?: LogSync; readonly changes?: Changes } = {}) {
    this.owner = owner
    this.changes = changes
    this.#open = open
    this.#prepare = prepare
    this.#growth = growth
    this.#log = log
  }

  get isOpen(): boolean {
    return this.#file !== undefined
  }

  /** Whether a transaction is open, the file is being replaced, or something waits for that to end. */
  get isBusy(): boolean {
    return this.#isTaken || this.#waiting.length > 0
  }

  get #isTaken(): boolean {
    return this.#transaction !== undefined || this.#isHeld
  }

  /** To be read; a copy in memory may stand for it. */
  get file(): OpenFile {
    return (this.#file ??= this.#open(this.changes))
  }

  /**
   * Lets go of the file where nobody uses it just now, and answers from a copy in memory until the next write. To whoever reads nothing changes.
   * @param mostBytes - what is larger stays as it is
   * @returns bytes of the copy; `undefined` when there is none
   */
  shelve(mostBytes: number): number | undefined {
    const file = this.#file
    if (file === undefined || this.isBusy || file.bytes > mostBytes) return undefined
    const copy = file.copy()
    if (copy === undefined) return undefined
    file.close(true)
    this.#file = copy
    return copy.bytes
  }

  execute(party: Party, query: CompiledQuery): QueryResult<unknown> | Promise<QueryResult<unknown>> {
    if (!this.#isTaken) {
      const preparing = this.#file === undefined ? this.#prepare() : undefined
      return preparing === undefined ? this.#run(party, query) : preparing.then(() => this.execute(party, query))
    }
    this.#refuseInside()
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(this.#run(party, query))
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  /**
   * Runs a body in one transaction. It is rolled back at once when the signal aborts, whether the body ends or not.
   * @throws PlatformError `DB_OUTSIDE_TRANSACTION` when called from inside a transaction on the same file
   */
  async transaction<Result>(body: (transaction: OpenTransaction) => Promise<Result>, options: TransactionOptions = {}): Promise<Result> {
    const { signal } = options
    signal?.throwIfAborted()
    const growth = this.#growth?.isLimited() === true ? this.#growth : undefined
    const counted = options.isLimited === true ? growth?.ready() : undefined
    if (counted !== undefined) await counted
    for (let preparing = this.#unready(); preparing !== undefined; preparing = this.#unready()) await preparing
    const transaction = this.#isTaken ? await this.#turn(() => this.#begin(options), signal) : this.#begin(options)
    const written = this.changes.begin()
    let result: Result
    let synced: Promise<void> | undefined
    try {
      signal?.throwIfAborted()
      if (options.isLimited === true) growth?.fence(transaction.file)
      const frame: Frame = { database: this, transaction, outer: frames.getStore() }
      result = await untilAborted(frames.run(frame, body, transaction), transaction, signal)
      growth?.settle(transaction.file, options.isLimited === true)
      transaction.commit()
      // Before others come in, whose commits would have it wait for one sync more.
      synced = this.#log?.synced()
    } catch (error) {
      transaction.rollBack('was rolled back')
      throw growth === undefined ? error : growth.explain(error, transaction.file)
    } finally {
      if (options.isLimited === true) growth?.unfence(transaction.file)
      this.changes.end()
      this.#transaction = undefined
      this.#letIn()
    }
    if (synced === undefined) this.changes.settle(written)
    else await synced.finally(() => { this.changes.settle(written) })
    return result
  }

  /**
   * Closes the file when the transactions before have ended, and runs a body that may put another in its place. What comes in the
   * meantime waits, and finds that one.
   * @throws PlatformError `DB_OUTSIDE_TRANSACTION` when called from inside a transaction on the same file
   */
  async whileClosed<Result>(body: () => Promise<Result>): Promise<Result> {
    if (this.#isTaken) await this.#turn(() => { this.#isHeld = true })
    else this.#isHeld = true
    try {
      this.close()
      return await body()
    } finally {
      this.#isHeld = false
      this.#letIn()
    }
  }

  /**
   * Closes the file; the next statement opens it again. An open transaction is rolled back.
   * @param rest - see {@link OpenFile.close}
   */
  close(rest = true): void {
    this.#transaction?.rollBack('was rolled back because the database was closed')
    this.#file?.close(rest)
    this.#file = undefined
    // Another file may take its place.
    this.changes.note()
  }

  #unready(): Promise<unknown> | undefined {
    return this.#isTaken || this.#file !== undefined ? undefined : this.#prepare()
  }

  #run(party: Party, query: CompiledQuery): QueryResult<unknown> | Promise<QueryResult<unknown>> {
    let { file } = this
    if (file.isCopy && file[party].writes(query.sql)) file = this.#writable()
    const runner = file[party]
    if (party === 'plugin' && this.#growth?.isLimited() === true && runner.writes(query.sql)) {
      const counted = this.#growth.ready()
      return counted === undefined ? this.#runLimited(this.#growth, query) : counted.then(() => this.execute(party, query))
    }
    file.beforeStatement(runner, query.sql)
    return this.#log !== undefined && runner.writes(query.sql) ? this.#runSynced(this.#log, runner, query) : runner.run(query.sql, query.parameters)
  }

  async #runSynced(log: LogSync, runner: StatementRunner, query: CompiledQuery): Promise<QueryResult<unknown>> {
    log.refuseAfterFailure()
    const written = this.changes.begin()
    let result: QueryResult<unknown>
    try {
      result = runner.run(query.sql, query.parameters)
    } finally {
      this.changes.end()
    }
    await log.synced().finally(() => { this.changes.settle(written) })
    return result
  }

  /** One statement in a transaction of its own, without a pause: only so can it be undone when it has grown too much. */
  #runLimited(growth: Growth, query: CompiledQuery): QueryResult<unknown> {
    const { file } = this
    file.beforeWrite()
    const transaction = new OpenTransaction(file, this.owner, false)
    try {
      growth.fence(file)
      const result = transaction.run(file.plugin, query.sql, query.parameters)
      growth.settle(file, true)
      transaction.commit()
      return result
    } catch (error) {
      transaction.rollBack('was rolled back')
      throw growth.explain(error, file)
    } finally {
      growth.unfence(file)
    }
  }

  #begin({ rebuildsTables = false }: TransactionOptions): OpenTransaction {
    this.#log?.refuseAfterFailure()
    const file = this.#writable()
    file.beforeWrite()
    this.#transaction = new OpenTransaction(file, this.owner, rebuildsTables)
    return this.#transaction
  }

  /** The file itself, where a copy stood for it. */
  #writable(): OpenFile {
    if (this.#file?.isCopy === true) {
      this.#file.close(false)
      this.#file = undefined
    }
    return this.file
  }

  #letIn(): void {
    while (!this.#isTaken && this.#waiting.length > 0) this.#waiting.shift()?.()
  }

  /** Takes the file when those before have ended, in the very step in which the last one ends, so that nobody comes in between. */
  #turn<Taken>(take: () => Taken, signal?: AbortSignal): Promise<Taken> {
    this.#refuseInside()
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave)
        try {
          resolve(take())
        } catch (error) {
          reject(error)
        }
      }
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== enter)
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.push(enter)
    })
  }

  #refuseInside(): void {
    for (let frame = frames.getStore(); frame !== undefined; frame = frame.outer) {
      if (frame.database === this && frame.transaction.isOpen) {
        throw new PlatformError('DB_OUTSIDE_TRANSACTION', `${this.owner} used its database beside its own open transaction, which would wait for itself.`, {
          fix: 'Inside a transaction use the transaction you were handed, and open no second one.',
        })
      }
    }
  }
}

function untilAborted<Result>(work: Promise<Result>, transaction: OpenTransaction, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      transaction.rollBack('was rolled back because its time was up or its caller went away')
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', abort, { once: true })
    work.then((result) => {
      signal.removeEventListener('abort', abort)
      resolve(result)
    }, (error: unknown) => {
      signal.removeEventListener('abort', abort)
      reject(error as Error)
    })
  })
}
