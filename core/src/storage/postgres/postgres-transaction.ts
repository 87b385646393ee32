import type { CompiledQuery, QueryResult } from 'kysely'
import { PlatformError } from '../../errors.ts'
import type { Answer, Statement } from './connection.ts'
import type { Lease } from './connection-pool.ts'
import { explained, isAway, stateOf } from './database-error.ts'

/** How a transaction runs. */
export interface TransactionWords {
  /** Names who runs it in messages. */
  readonly owner: string
  /** Names the database in messages. */
  readonly where: string
  /** What opens it, in one go. */
  readonly begin: string
}

/** Longest that taking back a transaction may take before its connection is given up, in milliseconds. */
const ROLLBACK_MS = 5_000

/** One open transaction on a connection of its own. When it is over, statements are refused. */
export class PostgresTransaction {
  readonly #lease: Lease
  readonly #words: TransactionWords
  /** Fails when it could not be opened. */
  readonly #begun: Promise<unknown>
  #failure: unknown
  #over: string | undefined
  #undoing: Promise<void> | undefined
  #hasSavepoint = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(lease: Lease, words: TransactionWords) {
    this.#lease = lease
    this.#words = words
    // Not waited for: what comes first is sent right behind it.
    this.#begun = lease.connection.script(words.begin).catch((error: unknown) => { this.#failure = error })
  }

  get isOpen(): boolean {
    return this.#over === undefined
  }

  /** Whether the connection has to be given up. */
  get isSpoiled(): boolean {
    return this.#lease.connection.isBroken
  }

  /**
   * Runs one statement, behind those before.
   * @param isUndoable - when it fails, the transaction is as it was before and goes on, as with SQLite
   */
  run(statement: Statement, isUndoable = false): Promise<Answer> {
    this.#refuseWhenOver()
    const answer = this.#last.then(async () => {
      this.#refuseWhenOver()
      return await (isUndoable ? this.#runUndoable(statement) : this.#run(statement))
    })
    this.#last = answer.catch(() => undefined)
    return answer
  }

  async commit(): Promise<void> {
    await this.#last
    this.#refuseWhenOver()
    this.#over = 'was being committed'
    let answer: Answer
    try {
      answer = await this.#lease.connection.script('commit')
    } catch (error) {
      this.#over = 'could not be committed'
      if (!isAway(error)) throw this.#explain(error)
      throw new PlatformError('DB_UNAVAILABLE', `${this.#words.owner}: the database ${this.#words.where} was lost while a transaction was being committed: it is written whole or not at all, and which is not known.`, {
        cause: error, fix: 'Look whether it is there before doing it again.', retryAfterSeconds: 2,
      })
    }
    await this.#begun
    if (answer.command === 'ROLLBACK' || this.#failure !== undefined) {
      this.#over = 'the database had rolled back after an error'
      throw this.#failure === undefined ? this.#explain(Object.assign(new Error('a statement had failed before'), { code: '25P02' })) : this.#explain(this.#failure)
    }
    this.#over = 'was committed'
  }

  /**
   * Undoes it; harmless when it is over. Also when a statement is under way, which is stopped. Ends when it is undone, whoever asked for that first:
   * the connection is then another's.
   */
  async rollBack(why: string): Promise<void> {
    if (this.#over === undefined) {
      this.#over = why
      this.#undoing = this.#undo()
    }
    await this.#undoing
  }

  async #undo(): Promise<void> {
    const { connection } = this.#lease
    if (connection.isBroken) return
    const cancelled = connection.underWay > 0 ? connection.cancel() : undefined
    const giveUp = setTimeout(() => { connection.break() }, ROLLBACK_MS)
    try {
      await connection.script('rollback')
      // Later it would meet what the next one sends.
      await cancelled
    } catch {
      // Then the connection is lost, and with it the transaction.
      connection.break()
    } finally {
      clearTimeout(giveUp)
    }
  }

  async #runUndoable(statement: Statement): Promise<Answer> {
    const { connection } = this.#lease
    const marked = connection.script(this.#hasSavepoint ? 'release savepoint liberacces; savepoint liberacces' : 'savepoint liberacces')
    this.#hasSavepoint = true
    const [answer] = await Promise.allSettled([connection.run(statement), marked])
    if (answer.status === 'fulfilled') return answer.value
    if (this.#failure === undefined && stateOf(answer.reason) !== '25P02' && !isAway(answer.reason) && this.isOpen) await connection.script('rollback to savepoint liberacces').catch(() => undefined) // then all of it fails
    throw await this.#why(answer.reason)
  }

  async #run(statement: Statement): Promise<Answer> {
    try {
      return await this.#lease.connection.run(statement)
    } catch (error) {
      throw await this.#why(error)
    }
  }

  /** Both answers may come at once: that it could not be opened is then noted after what was sent behind has failed for it. */
  async #why(error: unknown): Promise<unknown> {
    if (stateOf(error) === '25P02') await this.#begun
    return this.#explain(error)
  }

  #explain(error: unknown): unknown {
    // What failed first is why.
    const first = this.#failure !== undefined && stateOf(error) === '25P02' ? this.#failure : error
    return explained(first, this.#words.owner, this.#words.where)
  }

  #refuseWhenOver(): void {
    if (this.#over === undefined) return
    throw new PlatformError('DB_TRANSACTION_OVER', `${this.#words.owner} used a transaction that ${this.#over}.`, {
      fix: 'Await every statement inside the body of the transaction, and let the body end when the signal aborts.',
    })
  }
}

/** As Kysely wants it. */
export function resultOf({ rows, command, count }: Answer): QueryResult<unknown> {
  return command === 'SELECT' ? { rows: rows as unknown[] } : { rows: rows as unknown[], numAffectedRows: BigInt(count) }
}

/** What Kysely compiled, as a statement. */
export function statementOf({ sql, parameters }: CompiledQuery, name?: string): Statement {
  return { sql, values: parameters, name }
}
