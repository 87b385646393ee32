import type { Context, MigrationTables, WorkerContext } from '@liberacces/sdk'
import type { Kysely } from 'kysely'
import { AsyncResource } from 'node:async_hooks'
import { PlatformError } from '../../errors.ts'
import { LIMITS } from '../protocol.ts'
import { ByteAllowance } from './byte-allowance.ts'
import { HeldContent } from './held-content.ts'
import { OpenTransactions } from './open-transactions.ts'
import type { OpenWork } from './open-work.ts'

/** What a call is made with: the context of a call, the database of a migration, or what a worker has for the whole of its run. */
export type Grant = { readonly c: Context } | { readonly db: Kysely<MigrationTables> } | { readonly w: WorkerContext }

/** A call that the plugin's side is at, with what it was granted and what it holds. */
export class OpenCall {
  readonly id: number
  readonly grant: Grant
  /** By the clock of `performance`. */
  readonly since = performance.now()
  readonly outcome = Promise.withResolvers<unknown>()
  /** Where the call was made, as far as what follows from it is concerned. Not `AsyncLocalStorage.snapshot()`, which makes the same and four things more. */
  readonly #place = new AsyncResource('LIBERACCES_CALL')
  /** Refusals that the plugin may let pass, by the number of the question. */
  #refusals: Map<number, unknown> | undefined
  // Made for who comes to need them: most calls hold nothing, and open no transaction.
  readonly #room: ByteAllowance
  #content: HeldContent | undefined
  #transactions: OpenTransactions | undefined
  #isOver = false
  readonly #work: OpenWork | undefined
  /** Questions that wait for an answer. */
  waiting = 0

  /**
   * @param room - what all calls of its side may hold together
   * @param work - where it is the run of a worker
   */
  constructor(id: number, grant: Grant, room = new ByteAllowance(LIMITS.heldBySide), work?: OpenWork) {
    this.id = id
    this.#work = work
    this.grant = grant
    this.#room = room
  }

  get content(): HeldContent {
    if (this.#content === undefined) {
      this.#content = new HeldContent(this.#room)
      if (this.#isOver) this.#content.closeAll()
    }
    return this.#content
  }

  get transactions(): OpenTransactions {
    if (this.#transactions === undefined) {
      this.#transactions = new OpenTransactions(() => this.context)
      if (this.#isOver) this.#transactions.close()
    }
    return this.#transactions
  }

  /** Runs something where the call was made. */
  within<Result>(body: () => Result): Result {
    return this.#place.runInAsyncScope(body)
  }

  /** Runs something of the call: inside its open transaction, if there is one, so that what would wait for it is seen to. */
  beside<Result>(body: () => Result): Result {
    return this.#transactions === undefined ? body() : this.#transactions.beside(body)
  }

  /** @throws PlatformError `PLUGIN_ASK_INVALID` for what is no run of a worker */
  get work(): OpenWork {
    if (this.#work === undefined) throw new PlatformError('PLUGIN_ASK_INVALID', 'What a worker alone may ask was asked by something else.', { fix: 'Ask it of the worker.' })
    return this.#work
  }

  /** @throws PlatformError `DB_STATEMENT_REFUSED` in a migration, `PLUGIN_ASK_INVALID` in a worker outside of its pieces of work: they have none */
  get context(): Context {
    if ('c' in this.grant) return this.grant.c
    if ('w' in this.grant) throw onlyWithin()
    throw new PlatformError('DB_STATEMENT_REFUSED', 'A migration asked for something else than its statements.', { fix: 'In a migration use nothing but the database it is given.' })
  }

  /** Of a migration it is the one that the migration was given. */
  get db(): object {
    if ('w' in this.grant) throw onlyWithin()
    return 'db' in this.grant ? this.grant.db : this.grant.c.db
  }

  refused(number: number, error: unknown): void {
    const refusals = (this.#refusals ??= new Map())
    refusals.set(number, error)
    // A plugin that tries again and again is kept in mind by its latest.
    if (refusals.size > MOST_REFUSALS) for (const oldest of refusals.keys()) { refusals.delete(oldest); break }
  }

  refusal(number: number): unknown {
    return this.#refusals?.get(number)
  }

  close(): void {
    this.#isOver = true
    this.#transactions?.close()
    this.#content?.closeAll()
    this.#work?.closeAll()
  }
}

function onlyWithin(): PlatformError {
  return new PlatformError('PLUGIN_ASK_INVALID', 'A worker asked for what only a piece of its work may.', { fix: 'Ask for it within w.run.' })
}

const MOST_REFUSALS = 200
