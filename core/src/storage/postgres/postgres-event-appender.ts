import { causeColumns } from '../../events/cause.ts'
import { PlatformError } from '../../errors.ts'
import type { Outside } from '../../outside.ts'
import { EVENT_ID_BYTES, eventIdOf, eventNumberIn, nextEventNumber } from '../event-number.ts'
import type { OutboxEvent } from '../storage.ts'
import type { PostgresTransaction } from './postgres-transaction.ts'
import type { StoreNames } from './store-role.ts'

/** Writes the events of one transaction of a plugin, which may not write to the outbox itself: through functions of the kernel. */
export class PostgresEventAppender {
  readonly #transaction: PostgresTransaction
  readonly #names: StoreNames
  readonly #outside: Outside
  /** Asked in each transaction, which has the store to itself. */
  #last: number | undefined
  /** Once in a transaction is enough. */
  #hasWoken = false
  readonly #here: string | undefined

  /** @param here - the session of this node that carries events, which need not be told of this one */
  constructor(transaction: PostgresTransaction, names: StoreNames, outside: Outside, here: string | undefined) {
    this.#transaction = transaction
    this.#names = names
    this.#outside = outside
    this.#here = here
  }

  /**
   * @returns the event's id
   * @throws PlatformError `EVENT_EXISTS` where the store has an event with the id that was given
   */
  async append(event: OutboxEvent): Promise<string> {
    const { kernel } = this.#names
    if (event.id !== undefined) await this.#refuseKnown(event.id)
    const last = this.#last ?? (await this.#ask(`select ${kernel}.liberacces_last_event() as answer`, [])) as number
    const number = nextEventNumber(last, this.#outside.now())
    this.#last = number
    const id = event.id ?? eventIdOf(number, this.#outside.randomBytes(EVENT_ID_BYTES))
    const cause = causeColumns(event.cause)
    await this.#ask(`select ${kernel}.liberacces_append_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as answer`, [
      number, id, event.id === undefined ? 0 : 1, event.type, event.subject ?? null, event.time, JSON.stringify(event.data ?? null), event.traceparent ?? null, event.notBefore ?? 0,
      event.release ?? null, event.tracestate ?? null, cause.cause_event, cause.cause_by, this.#here ?? null, String(!this.#hasWoken),
    ])
    this.#hasWoken = true
    return id
  }

  async #refuseKnown(id: string): Promise<void> {
    if (await this.#ask(`select ${this.#names.kernel}.liberacces_knows_event($1, $2) as answer`, [id, eventNumberIn(id) ?? 0]) === 0) return
    throw new PlatformError('EVENT_EXISTS', `The store has an event with the id ${id} already.`, { fix: 'Write each event once.' })
  }

  async #ask(sql: string, values: readonly unknown[]): Promise<unknown> {
    const { rows } = await this.#transaction.run({ sql, values })
    return (rows[0] as { readonly answer: unknown } | undefined)?.answer
  }
}
