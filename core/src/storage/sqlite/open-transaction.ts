import type { QueryResult } from 'kysely'
import { PlatformError } from '../../errors.ts'
import type { OpenFile } from './open-file.ts'
import type { StatementRunner } from './statement-runner.ts'

/** One open transaction. Statements run at once; when it is over they are refused. */
export class OpenTransaction {
  readonly file: OpenFile
  readonly #owner: string
  readonly #rebuildsTables: boolean
  #over: string | undefined

  constructor(file: OpenFile, owner: string, rebuildsTables: boolean) {
    this.file = file
    this.#owner = owner
    this.#rebuildsTables = rebuildsTables
    if (rebuildsTables) file.database.pragma('foreign_keys = OFF') // has no effect once the transaction is open
    try {
      file.begin.run()
    } catch (error) {
      this.#restore()
      throw error
    }
  }

  get isOpen(): boolean {
    return this.#over === undefined
  }

  run(runner: StatementRunner, sql: string, values: readonly unknown[]): QueryResult<unknown> {
    this.#refuseWhenOver()
    try {
      return runner.run(sql, values)
    } catch (error) {
      // Some failures (a full disk) end SQLite's transaction. What came after would each be stored by itself.
      if (!this.file.database.inTransaction) this.#over = 'the database had rolled back after an error'
      throw error
    }
  }

  commit(): void {
    this.#refuseWhenOver()
    try {
      this.file.commit.run()
      this.#over = 'was committed'
      this.#restore()
    } catch (error) {
      this.rollBack('could not be committed')
      throw error
    }
  }

  /** Undoes it; harmless when it is over. */
  rollBack(why: string): void {
    if (this.#over !== undefined) return
    this.#over = why
    if (this.file.database.open && this.file.database.inTransaction) this.file.rollback.run()
    this.#restore()
  }

  #restore(): void {
    if (this.#rebuildsTables && this.file.database.open) this.file.database.pragma('foreign_keys = ON')
  }

  #refuseWhenOver(): void {
    if (this.#over === undefined) return
    throw new PlatformError('DB_TRANSACTION_OVER', `${this.#owner} used a transaction that ${this.#over}.`, {
      fix: 'Await every statement inside the body of the transaction, and let the body end when the signal aborts.',
    })
  }
}
