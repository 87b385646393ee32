import type { Kysely } from 'kysely'
import type { StoreTables } from '../storage/store-tables.ts'
import { enqueue } from './delivery-rows.ts'
import type { Subscription } from './event-bus.ts'

/** How an event is to reach a handler once more. */
export interface Redelivery {
  /** Id of the replay. What it has queued it does not queue a second time, wherever it was cut short. */
  readonly replay: string
  /** Whether a handler that has dealt with the event deals with it anew. */
  readonly again: boolean
}

/** What becomes of one event for one handler. */
export type Redelivered =
  | 'queued'
  /** It was on its way, and is now brought forward. */
  | 'under-way'
  /** The handler has dealt with it, or somebody discarded it; left as it is. */
  | 'accepted'

/** A delivery as far as it decides about another. */
export interface KnownDelivery {
  readonly id: number
  readonly status: StoreTables['liberacces_delivery']['status']
  readonly replay: string | null
  readonly again: string | null
}

/** Decides, without doing it, what {@link requeue} would do. `undefined` for a delivery where there is none. Pure. */
export function judge(delivery: KnownDelivery | undefined, { replay, again }: Redelivery): Redelivered {
  if (delivery === undefined) return 'queued'
  if (delivery.replay === replay) return 'queued'
  switch (delivery.status) {
    case 'pending':
    case 'waiting': return 'under-way'
    case 'dead': return 'queued'
    case 'delivered':
    case 'discarded': return again ? 'queued' : 'accepted'
    default: return delivery.status satisfies never
  }
}

/**
 * Brings a delivery forward that is still to come, or makes one anew at the end of its line. What a handler stored for the event is guarded
 * by its inbox as always; only with `again` does the delivery count as another one there, once for the whole replay.
 */
export async function requeue(tx: Kysely<StoreTables>, event: { readonly seq: number; readonly subject: string | null }, to: Subscription, how: Redelivery, now: number): Promise<Redelivered> {
  const { pluginId: subscriber, handlerId: handler } = to
  const known = await tx.selectFrom('liberacces_delivery').select(['id', 'status', 'replay', 'again'])
    .where('event_seq', '=', event.seq).where('subscriber', '=', subscriber).where('handler', '=', handler).orderBy('id', 'desc').limit(1).executeTakeFirst()
  const judgement = judge(known, how)
  if (known?.replay === how.replay || judgement === 'accepted') return judgement
  if (judgement === 'under-way') {
    await tx.updateTable('liberacces_delivery').set({ next_at: now, replay: how.replay }).where('id', '=', known?.id ?? 0).execute()
    return judgement
  }
  if (known !== undefined) await tx.deleteFrom('liberacces_delivery').where('id', '=', known.id).execute()
  const isDone = known?.status === 'delivered' || known?.status === 'discarded'
  // A dead one was not dealt with: whatever it was known as, it still is.
  await enqueue(tx, event.seq, { subscriber, handler, subject: event.subject, replay: how.replay, again: isDone ? how.replay : (known?.again ?? null) }, now)
  await tx.updateTable('liberacces_outbox').set({ state: 'planned' }).where('seq', '=', event.seq).where('state', '=', 'unsubscribed').execute()
  return 'queued'
}

/** What the inbox of a plugin knows an event by: its id, and the replay where somebody wished its effects once more. */
export function inboxIdOf({ eventId, again }: { readonly eventId: string; readonly again?: string | undefined }): string {
  return again === undefined ? eventId : `${eventId} ${again}`
}
