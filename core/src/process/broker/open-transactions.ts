import type { Context, PluginTypes, Transaction } from '@liberacces/sdk'
import { AsyncLocalStorage } from 'node:async_hooks'
import { PlatformError } from '../../errors.ts'
import { LIMITS } from '../protocol.ts'

/** Runs something where a transaction is open. */
type Within = <Result>(body: () => Result) => Result

interface Opened {
  readonly tx: Transaction<PluginTypes>
  readonly within: Within
  readonly commit: () => void
  readonly rollBack: (why: Error) => void
  /** Settles when it is stored, or undone. */
  readonly done: Promise<undefined>
}

class RolledBack extends Error {
  override readonly name = 'RolledBack'
}

/** Transactions of one call, steered from the plugin's side: each is open until it is told to end, its time is up, or the call is over. */
export class OpenTransactions {
  readonly #context: () => Context
  readonly #limitMs: number
  readonly #opened = new Map<number, Opened>()
  /** Of those that are open, and of those that wait for their turn. */
  readonly #numbers = new Set<number>()
  #isOver = false

  constructor(context: () => Context, limitMs: number = LIMITS.transactionMs) {
    this.#context = context
    this.#limitMs = limitMs
  }

  /** @throws whatever keeps it from being opened */
  async begin(number: number): Promise<void> {
    if (this.#numbers.has(number)) throw new PlatformError('DB_TRANSACTION_OVER', 'A transaction of that number is open.', { fix: 'Number them anew.' })
    this.#numbers.add(number)
    const ending = Promise.withResolvers<undefined>()
    const opening = Promise.withResolvers<undefined>()
    const closing = Promise.withResolvers<undefined>()
    // Who waits for it is told by the transaction; where none came to be, nobody waits.
    ending.promise.catch(() => undefined)
    closing.promise.catch(() => undefined)
    let timer: NodeJS.Timeout | undefined
    this.#context().transaction(async (tx) => {
      timer = setTimeout(() => { ending.reject(timeout(this.#limitMs)) }, this.#limitMs)
      this.#opened.set(number, { tx, within: AsyncLocalStorage.snapshot(), commit: () => { ending.resolve(undefined) }, rollBack: ending.reject, done: closing.promise })
      opening.resolve(undefined)
      if (this.#isOver) throw new RolledBack()
      await ending.promise
    }).finally(() => {
      clearTimeout(timer)
      this.#opened.delete(number)
      this.#numbers.delete(number)
    }).then(() => { closing.resolve(undefined) }, (error: unknown) => {
      opening.reject(error)
      closing.reject(error)
    })
    await opening.promise
  }

  async commit(number: number): Promise<void> {
    const { commit, done } = this.#find(number)
    commit()
    await done
  }

  /**
   * @param because - what the kernel refused in it, where that is why
   * @throws what the end of the transaction makes of that, such as that the tenant's storage is full
   */
  async rollBack(number: number, because?: unknown): Promise<void> {
    const opened = this.#opened.get(number)
    // It is what was wanted: perhaps its time was up before.
    if (opened === undefined) return
    const why = because instanceof Error ? because : new RolledBack()
    opened.rollBack(why)
    await opened.done.catch((error: unknown) => { if (error !== why) throw error })
  }

  /** @throws PlatformError `DB_TRANSACTION_OVER` */
  in<Result>(number: number, body: (tx: Transaction<PluginTypes>) => Result): Result {
    const { tx, within } = this.#find(number)
    return within(() => body(tx))
  }

  /** Runs something else of the call: inside the open transaction, if there is one, so that what would wait for it is seen to. */
  beside<Result>(body: () => Result): Result {
    for (const { within } of this.#opened.values()) return within(body)
    return body()
  }

  /** The call is over: what is open is undone. */
  close(): void {
    this.#isOver = true
    for (const { rollBack } of this.#opened.values()) rollBack(new RolledBack())
  }

  #find(number: number): Opened {
    const opened = this.#opened.get(number)
    if (opened === undefined) {
      throw new PlatformError('DB_TRANSACTION_OVER', 'A transaction was used that is over.', { fix: 'Await every statement inside the body of the transaction, and let the body end when the signal aborts.' })
    }
    return opened
  }
}

function timeout(limitMs: number): PlatformError {
  return new PlatformError('DB_TIMEOUT', `A transaction was open for longer than ${limitMs / 1_000} s and was undone.`, { fix: 'Keep transactions short: fetch and compute before, and write in one go.' })
}
