import type { Kysely } from 'kysely'
import { PlatformError } from '../../errors.ts'
import { KERNEL_ID } from '../../identity/kernel-permissions.ts'
import type { StoreKey } from '../../storage/storage.ts'
import type { StoreTables } from '../../storage/store-tables.ts'
import type { Subscription } from '../event-bus.ts'
import { findEvent } from '../find-event.ts'
import { judge, type KnownDelivery, type Redelivered, type Redelivery } from '../requeue.ts'

/** Which deliveries are to come about once more. Needs `ids`, `from` or `only`. */
export interface ReplaySelection {
  /** These events alone; 1 to 1 000. */
  readonly ids?: readonly string[] | undefined
  /** Emitted at this time or later, in milliseconds since the Unix epoch. */
  readonly from?: number | undefined
  /** Emitted before this. @defaultValue the moment at which the replay begins */
  readonly to?: number | undefined
  /** These contracts alone. @defaultValue all */
  readonly types?: readonly string[] | undefined
  /** Emitted by this plugin. @defaultValue any */
  readonly source?: string | undefined
  /** Received by this plugin. @defaultValue all that listen now */
  readonly plugin?: string | undefined
  /** By this handler of it; needs `plugin`. */
  readonly handler?: string | undefined
  /** Dead letters alone. */
  readonly only?: 'dead' | undefined
  /** Whether handlers that have dealt with an event deal with it once more. */
  readonly again: boolean
}

/** What a replay does, or would do, in deliveries. */
export interface ReplayCounts {
  /** Events that were looked at. */
  readonly events: number
  readonly queued: number
  readonly underWay: number
  /** Left alone: dealt with before. */
  readonly accepted: number
  /** Dead letters to handlers that are not there any more. */
  readonly gone: number
}

export const NO_COUNTS: ReplayCounts = Object.freeze({ events: 0, queued: 0, underWay: 0, accepted: 0, gone: 0 })
/** Most events that a replay takes. */
export const MOST_REPLAYED = 100_000
const MOST_IDS = 1_000

/** @throws PlatformError `REPLAY_INVALID` */
export function checkSelection({ ids, from, to, only, plugin, handler, types }: ReplaySelection): void {
  const wrong = ids === undefined && from === undefined && only === undefined ? 'it names neither events nor a day from which on'
    : ids !== undefined && (ids.length === 0 || ids.length > MOST_IDS) ? `it names ${ids.length} events; 1 to ${MOST_IDS} can be named`
    : from !== undefined && to !== undefined && from >= to ? 'it ends before it begins'
    : handler !== undefined && plugin === undefined ? 'it names a handler without the plugin that it belongs to'
    : types?.length === 0 ? 'it names no type'
    : undefined
  if (wrong !== undefined) throw new PlatformError('REPLAY_INVALID', `This cannot be replayed: ${wrong}.`, { fix: 'Say which events, or from when, and to whom: plugin and handler.' })
}

/** An event that a replay has come to. */
export interface SelectedEvent {
  readonly seq: number
  readonly type: string
  readonly subject: string | null
  readonly deliveries: readonly (KnownDelivery & { readonly subscriber: string; readonly handler: string })[]
}

/** A look at one store: what was found, and how far it went. */
export interface Look {
  readonly events: readonly SelectedEvent[]
  /** Everything up to this number was looked at. */
  readonly lookedTo: number
  readonly isOver: boolean
}

/** Rows that one look passes over: nothing else runs meanwhile on SQLite. */
const WINDOW = 5_000
/** Clocks are set back at times, in milliseconds. */
const SLACK_MS = 24 * 60 * 60 * 1_000

/**
 * Looks for the next events of a store that are selected, in the order in which they were emitted.
 * @param after - number that the look before went to; 0 for the first
 * @param limit - events that are taken at most
 */
export async function selectEvents(db: Kysely<StoreTables>, key: StoreKey, selection: ReplaySelection, after: number, limit: number): Promise<Look> {
  const { ids, from, source } = selection
  if (source !== undefined && source !== key.pluginId) return { events: [], lookedTo: after, isOver: true }
  if (ids !== undefined) {
    const numbers: number[] = []
    for (const id of ids) {
      const seq = await findEvent(db, id)
      if (seq !== undefined && seq > after) numbers.push(seq)
    }
    const taken = numbers.toSorted((a, b) => a - b).slice(0, limit)
    const events = taken.length === 0 ? [] : await withDeliveries(db, await matching(db, selection).where('o.seq', 'in', taken).execute())
    return { events, lookedTo: taken.at(-1) ?? after, isOver: taken.length === numbers.length }
  }
  const following = db.selectFrom('liberacces_outbox').select(['seq', 'time']).where('seq', '>', after).orderBy('seq')
  const top = await following.offset(WINDOW - 1).limit(1).executeTakeFirst()
  if (from !== undefined && top !== undefined && top.time < from - SLACK_MS) return { events: [], lookedTo: top.seq, isOver: false }
  const rows = await matching(db, selection).where('o.seq', '>', after).$if(top !== undefined, (some) => some.where('o.seq', '<=', top?.seq ?? 0)).limit(limit).execute()
  const isFull = rows.length === limit
  return { events: await withDeliveries(db, rows), lookedTo: isFull ? (rows.at(-1)?.seq ?? after) : (top?.seq ?? rows.at(-1)?.seq ?? after), isOver: !isFull && top === undefined }
}

function matching(db: Kysely<StoreTables>, { from, to, types, plugin, handler, only }: ReplaySelection) {
  let query = db.selectFrom('liberacces_outbox as o').select(['o.seq', 'o.type', 'o.subject']).where('o.state', '<>', 'new').orderBy('o.seq')
  if (from !== undefined) query = query.where('o.time', '>=', from)
  if (to !== undefined) query = query.where('o.time', '<', to)
  if (types !== undefined) query = query.where('o.type', 'in', types)
  if (only === undefined) return query
  return query.where((where) => {
    let dead = where.selectFrom('liberacces_delivery as d').select('d.id').whereRef('d.event_seq', '=', 'o.seq').where('d.status', '=', only)
    if (plugin !== undefined) dead = dead.where('d.subscriber', '=', plugin)
    if (handler !== undefined) dead = dead.where('d.handler', '=', handler)
    return where.exists(dead)
  })
}

async function withDeliveries(db: Kysely<StoreTables>, rows: readonly Omit<SelectedEvent, 'deliveries'>[]): Promise<readonly SelectedEvent[]> {
  if (rows.length === 0) return []
  const deliveries = await db.selectFrom('liberacces_delivery').select(['id', 'event_seq', 'subscriber', 'handler', 'status', 'replay', 'again'])
    .where('event_seq', 'in', rows.map(({ seq }) => seq)).orderBy('id').execute()
  const bySeq = Map.groupBy(deliveries, ({ event_seq: seq }) => seq)
  return rows.map((row) => ({ ...row, deliveries: bySeq.get(row.seq) ?? [] }))
}

/**
 * Who is to receive an event once more. Mails are sent again only where they are asked for: nobody wants those of a whole week a second time.
 * @param listening - who listens to the type now
 */
export function receiversOf(event: SelectedEvent, { ids, plugin, handler, only }: ReplaySelection, listening: readonly Subscription[]): { readonly receivers: readonly Subscription[]; readonly gone: number } {
  const isMeant = ({ pluginId, handlerId }: Subscription): boolean =>
    (plugin === undefined ? pluginId !== KERNEL_ID || ids !== undefined : pluginId === plugin) && (handler === undefined || handlerId === handler)
  const meant = listening.filter(isMeant)
  if (only === undefined) return { receivers: meant, gone: 0 }
  const dead = event.deliveries.filter(({ status, subscriber, handler: id }) => status === 'dead' && isMeant({ pluginId: subscriber, handlerId: id }))
  const receivers = meant.filter(({ pluginId, handlerId }) => dead.some(({ subscriber, handler: id }) => subscriber === pluginId && id === handlerId))
  return { receivers, gone: dead.length - receivers.length }
}

/** What requeueing an event would come to, or came to. */
export function countOne(counts: ReplayCounts, outcomes: readonly Redelivered[], gone: number): ReplayCounts {
  const of = (wanted: Redelivered): number => outcomes.filter((outcome) => outcome === wanted).length
  return {
    events: counts.events + 1, queued: counts.queued + of('queued'), underWay: counts.underWay + of('under-way'),
    accepted: counts.accepted + of('accepted'), gone: counts.gone + gone,
  }
}

/** What a replay would do with an event. */
export function foresee(event: SelectedEvent, receivers: readonly Subscription[], how: Redelivery): readonly Redelivered[] {
  return receivers.map(({ pluginId, handlerId }) => judge(event.deliveries.findLast(({ subscriber, handler }) => subscriber === pluginId && handler === handlerId), how))
}
