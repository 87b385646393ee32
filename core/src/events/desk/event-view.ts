import type { Kysely } from 'kysely'
import { traceIdOf } from '../../http/traceparent.ts'
import type { NotedTrail } from '../../runtime/call-trail.ts'
import type { StoreKey } from '../../storage/storage.ts'
import type { OutboxRow, StoreTables } from '../../storage/store-tables.ts'
import { causeOf, type Cause } from '../cause.ts'

/** How far an event, or one delivery of it, has got. */
export type DeliveryState = 'pending' | 'retrying' | 'delivered' | 'dead' | 'discarded'
export type EventState = DeliveryState | 'unsubscribed'

/** The hand-over of an event to one handler, as operators see it. */
export interface DeliveryFacts {
  readonly subscriber: string
  readonly handler: string
  readonly state: DeliveryState
  readonly attempts: number
  /** When it is tried next; milliseconds since the Unix epoch. */
  readonly nextAt: number | undefined
  /** When it last changed: of a delivered one, when it was delivered. */
  readonly changedAt: number
  /** In English: for whoever mends it. */
  readonly lastError: string | undefined
  /** Whether somebody had it delivered although the handler had dealt with the event before. */
  readonly again: boolean
  /** Which services the handler called. */
  readonly trail: NotedTrail | undefined
}

/** An event as operators see it: everything but what it says, which is personal data at times and read apart. */
export interface EventFacts {
  readonly id: string
  readonly type: string
  /** Plugin that emitted it. */
  readonly source: string
  /** Its version then, where it was noted. */
  readonly release: string | undefined
  readonly subject: string | undefined
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  /** Delivered no sooner than this, where that was wished. */
  readonly dueAt: number | undefined
  readonly traceId: string | undefined
  readonly cause: Cause | undefined
  readonly state: EventState
  readonly deliveries: readonly DeliveryFacts[]
}

/** Columns of {@link EventFacts}. */
export const FACTS = ['seq', 'id', 'type', 'subject', 'time', 'due_at', 'state', 'traceparent', 'release', 'cause_event', 'cause_by'] as const
export type FactsRow = Pick<OutboxRow, (typeof FACTS)[number]>

/** Reads the deliveries of some events of one store, and puts both together in the order of the rows. */
export async function factsOf(db: Kysely<StoreTables>, key: StoreKey, rows: readonly FactsRow[]): Promise<readonly EventFacts[]> {
  if (rows.length === 0) return []
  const deliveries = await db.selectFrom('liberacces_delivery').selectAll().where('event_seq', 'in', rows.map(({ seq }) => seq)).orderBy('id').execute()
  const bySeq = Map.groupBy(deliveries, ({ event_seq: seq }) => seq)
  return rows.map((row) => {
    const own = (bySeq.get(row.seq) ?? []).map((delivery): DeliveryFacts => {
      const state = delivery.status === 'waiting' ? 'pending' : delivery.status === 'pending' && delivery.attempts > 0 ? 'retrying' : delivery.status
      return {
        subscriber: delivery.subscriber, handler: delivery.handler, state, attempts: delivery.attempts,
        nextAt: delivery.status === 'pending' ? delivery.next_at : undefined, changedAt: delivery.updated_at, lastError: delivery.last_error ?? undefined,
        again: delivery.again !== null, trail: delivery.trail_json === null ? undefined : JSON.parse(delivery.trail_json) as NotedTrail,
      }
    })
    return {
      id: row.id, type: row.type, source: key.pluginId, release: row.release ?? undefined, subject: row.subject ?? undefined, time: row.time,
      dueAt: row.due_at > 0 ? row.due_at : undefined, traceId: row.traceparent === null ? undefined : traceIdOf(row.traceparent), cause: causeOf(row),
      state: row.state === 'new' ? 'pending' : stateOf(own), deliveries: own,
    }
  })
}

/** What needs looking at comes first. */
const BY_CONCERN: readonly DeliveryState[] = ['dead', 'retrying', 'pending', 'discarded', 'delivered']

function stateOf(deliveries: readonly DeliveryFacts[]): EventState {
  return BY_CONCERN.find((state) => deliveries.some((delivery) => delivery.state === state)) ?? 'unsubscribed'
}
