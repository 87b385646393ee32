import type { Context, MigrationTables } from '@liberacces/sdk'
import type { Kysely } from 'kysely'
import { AsyncLocalStorage } from 'node:async_hooks'
import { PlatformError } from '../../errors.ts'
import { LIMITS } from '../protocol.ts'
import { ByteAllowance } from './byte-allowance.ts'
import { HeldContent } from './held-content.ts'
import { OpenTransactions } from './open-transactions.ts'

/** What a call is made with: the context of a call, or the database of a migration. */
export type Grant = { readonly c: Context } | { readonly db: Kysely<MigrationTables> }

/** A call that the plugin's side is at, with what it was granted and what it holds. */
export class OpenCall {
  readonly id: number
  readonly grant: Grant
  /** By the clock of `performance`. */
  readonly since = performance.now()
  readonly outcome = Promise.withResolvers<unknown>()
  readonly content: HeldContent
  readonly transactions: OpenTransactions
  /** Where the call was made, as far as what follows from it is concerned. */
  readonly within: <Result>(body: () => Result) => Result = AsyncLocalStorage.snapshot()
  /** Refusals that the plugin may let pass, by the number of the question. */
  readonly #refusals = new Map<number, unknown>()
  /** Questions that wait for an answer. */
  waiting = 0

  /** @param room - what all calls of its side may hold together */
  constructor(id: number, grant: Grant, room = new ByteAllowance(LIMITS.heldBySide)) {
    this.id = id
    this.grant = grant
    this.content = new HeldContent(room)
    this.transactions = new OpenTransactions(() => this.context)
  }

  /** @throws PlatformError `DB_STATEMENT_REFUSED` in a migration, which has none */
  get context(): Context {
    if ('c' in this.grant) return this.grant.c
    throw new PlatformError('DB_STATEMENT_REFUSED', 'A migration asked for something else than its statements.', { fix: 'In a migration use nothing but the database it is given.' })
  }

  /** Of a migration it is the one that the migration was given. */
  get db(): object {
    return 'db' in this.grant ? this.grant.db : this.grant.c.db
  }

  refused(number: number, error: unknown): void {
    this.#refusals.set(number, error)
    // A plugin that tries again and again is kept in mind by its latest.
    if (this.#refusals.size > MOST_REFUSALS) for (const oldest of this.#refusals.keys()) { this.#refusals.delete(oldest); break }
  }

  refusal(number: number): unknown {
    return this.#refusals.get(number)
  }

  close(): void {
    this.transactions.close()
    this.content.closeAll()
  }
}

const MOST_REFUSALS = 200
