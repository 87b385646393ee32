import { causeColumns } from '../../events/cause.ts'
import { PlatformError } from '../../errors.ts'
import type { Outside } from '../../outside.ts'
import { EVENT_ID_BYTES, eventIdOf, eventNumberIn, nextEventNumber } from '../event-number.ts'
import type { OutboxEvent } from '../storage.ts'
import type { OpenTransaction } from './open-transaction.ts'

const LAST = `select max(coalesce((select max(seq) from liberacces_outbox), 0), coalesce((select last_seq from liberacces_purged), 0)) as last`
const APPEND = `insert into liberacces_outbox (seq, id, id_given, type, subject, time, data_json, traceparent, due_at, release, tracestate, cause_event, cause_by)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
// Of ids that were given the index knows; one that this store has made comes back from elsewhere.
const IS_KNOWN = `select 1 where exists (select 1 from liberacces_outbox where id_given = 1 and id = ?) or exists (select 1 from liberacces_outbox where seq = ? and id = ?)`

/** Writes the events of one transaction. */
export class EventAppender {
  readonly #transaction: OpenTransaction
  readonly #outside: Outside
  /** Asked in each transaction: what was rolled back, deleted or put in the place of the file needs no thought. */
  #last: number | undefined

  constructor(transaction: OpenTransaction, outside: Outside) {
    this.#transaction = transaction
    this.#outside = outside
  }

  /**
   * @returns the event's id
   * @throws PlatformError `EVENT_EXISTS` where the store has an event with the id that was given
   */
  append(event: OutboxEvent): string {
    const transaction = this.#transaction
    const { kernel } = transaction.file
    const last = this.#last ?? (transaction.run(kernel, LAST, []).rows[0] as { readonly last: number }).last
    const number = nextEventNumber(last, this.#outside.now())
    if (event.id !== undefined) this.#refuseKnown(event.id)
    const id = event.id ?? eventIdOf(number, this.#outside.randomBytes(EVENT_ID_BYTES))
    const cause = causeColumns(event.cause)
    transaction.run(kernel, APPEND, [
      number, id, event.id === undefined ? 0 : 1, event.type, event.subject ?? null, event.time, JSON.stringify(event.data ?? null), event.traceparent ?? null, event.notBefore ?? 0,
      event.release ?? null, event.tracestate ?? null, cause.cause_event, cause.cause_by,
    ])
    this.#last = number
    return id
  }

  #refuseKnown(id: string): void {
    const transaction = this.#transaction
    if (transaction.run(transaction.file.kernel, IS_KNOWN, [id, eventNumberIn(id) ?? 0, id]).rows.length === 0) return
    throw new PlatformError('EVENT_EXISTS', `The store has an event with the id ${id} already.`, { fix: 'Write each event once.' })
  }
}
