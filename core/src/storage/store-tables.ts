import type { Generated } from 'kysely'

/**
 * The kernel's tables inside each store, beside the plugin's own. Plugins cannot name them: every name starts with
 * `liberacces_`. Times are milliseconds since the Unix epoch.
 */
export interface StoreTables {
  liberacces_outbox: OutboxRow
  /** The largest number among events that were deleted, in its one row: with the table's own, the largest ever given. */
  liberacces_purged: { one: 1; last_seq: number }
  liberacces_delivery: DeliveryRow
  /** Events that a handler of this plugin has dealt with. */
  liberacces_inbox: { event_id: string; handler: string; accepted_at: number }
  liberacces_file: FileRow
  /** Migrations applied to this store: the truth, written in their own transaction. */
  liberacces_migration: { name: string; applied_at: number }
}

/** An event as it was written beside the data. */
export interface OutboxRow {
  /** Order of writing, as {@link ./event-number.ts} makes it. Below 2^53. */
  seq: number
  /** Found by its number, or by an index where it was given: see `findEvent`. */
  id: string
  /** 1 where the id was not made from the number: given by whoever wrote the event, or older than that. */
  id_given: Generated<number>
  type: string
  subject: string | null
  time: number
  data_json: string
  traceparent: string | null
  /** Version of the release that emitted it. */
  release: string | null
  /** What other systems noted about the trace. */
  tracestate: string | null
  /** The event whose handler emitted it, and who did: see {@link ../events/cause.ts}. */
  cause_event: string | null
  cause_by: string | null
  /** 0 for at once. */
  due_at: number
  /** `new` until the relay has made deliveries of it; `unsubscribed` when nobody wanted it. */
  state: 'new' | 'planned' | 'unsubscribed'
}

/** The hand-over of an event to one handler of one plugin. */
export interface DeliveryRow {
  /** Order of delivery among those of one handler and subject. */
  id: Generated<number>
  event_seq: number
  subscriber: string
  handler: string
  subject: string | null
  /** `waiting` stands behind an earlier one of the same handler and subject. */
  status: 'waiting' | 'pending' | 'delivered' | 'dead' | 'discarded'
  attempts: number
  next_at: number
  last_error: string | null
  updated_at: number
  /** The replay that queued it, or brought it forward, last. */
  replay: string | null
  /** The replay by whose wish the handler deals with the event once more: it is known to the inbox by both. */
  again: string | null
  /** Services that the handler called when it was delivered, as {@link ../runtime/call-trail.ts} notes them. */
  trail_json: string | null
}

/** A stored file's reference; the bytes lie elsewhere. */
export interface FileRow {
  id: string
  name: string
  type: string
  /** Bytes. */
  size: number
  /** Lower-case hexadecimal. */
  sha256: string
  created_at: number
}
