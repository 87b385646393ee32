import { sql, type Kysely } from 'kysely'
import { MAIL_EVENT, SENT_MAIL } from '../mail/stored-mail.ts'
import type { NotedTrail } from '../runtime/call-trail.ts'
import type { StoreTables } from '../storage/store-tables.ts'
import type { Subscription } from './event-bus.ts'

/** A delivery that is to be run, with its event. */
export interface QueuedDelivery {
  readonly id: number
  readonly event_seq: number
  readonly subscriber: string
  readonly handler: string
  readonly subject: string | null
  readonly attempts: number
  readonly event_id: string
  readonly type: string
  readonly time: number
  readonly data_json: string
  readonly traceparent: string | null
  readonly tracestate: string | null
  readonly release: string | null
  readonly again: string | null
}

/** How one try went. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly delivery: QueuedDelivery; readonly at: number; readonly trail?: NotedTrail }
  | { readonly kind: 'failed'; readonly delivery: QueuedDelivery; readonly at: number; readonly error: string; readonly attempts: number; readonly retryAt: number }
  | { readonly kind: 'dead'; readonly delivery: QueuedDelivery; readonly at: number; readonly error: string; readonly attempts: number }

type Db = Kysely<StoreTables>

/** Most events that one step looks at. */
const LOOK_LIMIT = 1_000
/** After so many deliveries a step makes no more: others wait for the process. */
const PLAN_LIMIT = 100

// Written out, not bound: SQLite uses an index with a condition only where the statement's text repeats it, and it prepares
// a statement anew for each run when a bound value could change its plan, as that of a LIMIT does.
const IS_PENDING = sql<boolean>`d.status = 'pending'`
const IS_OPEN = sql<boolean>`d.status in ('pending', 'waiting')`
const IS_NEW_AT_ONCE = sql<boolean>`state = 'new' and due_at = 0`
const ONE = sql<number>`1`
const IS_DELAYED = sql<boolean>`state = 'new' and due_at > 0`

/** Writes down how deliveries went, and lets the next of the same handler and subject come up. */
export async function recordOutcomes(tx: Db, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return
  const anyWaiting = await hasWaiting(tx)
  // Those that say no more than that they were delivered, most of them, in few statements: each costs a way to the database server and back.
  const plain = outcomes.filter((outcome) => outcome.kind === 'delivered' && outcome.trail === undefined)
  for (const some of inPieces(plain)) {
    await tx.updateTable('liberacces_delivery').where('id', 'in', some.map(({ delivery }) => delivery.id))
      .set(({ eb }) => ({ status: 'delivered', attempts: eb('attempts', '+', 1), last_error: null, updated_at: some[0]?.at ?? 0 })).execute()
  }
  const ended: QueuedDelivery[] = plain.map(({ delivery }) => delivery)
  for (const outcome of outcomes) {
    const { delivery, at } = outcome
    const update = tx.updateTable('liberacces_delivery').where('id', '=', delivery.id)
    switch (outcome.kind) {
      case 'delivered':
        if (delivery.type === MAIL_EVENT) await tx.updateTable('liberacces_outbox').set({ data_json: JSON.stringify(SENT_MAIL) }).where('seq', '=', delivery.event_seq).execute()
        if (outcome.trail === undefined) continue
        await update.set({ status: 'delivered', attempts: delivery.attempts + 1, last_error: null, updated_at: at, trail_json: JSON.stringify(outcome.trail) }).execute()
        break
      case 'failed':
        await update.set({ status: 'pending', attempts: outcome.attempts, next_at: outcome.retryAt, last_error: outcome.error, updated_at: at }).execute()
        continue
      case 'dead':
        await update.set({ status: 'dead', attempts: outcome.attempts, last_error: outcome.error, updated_at: at }).execute()
        break
      default:
        outcome satisfies never
    }
    ended.push(delivery)
  }
  if (anyWaiting) await letComeUp(tx, ended)
}

/** Who stands first in a line and still waits is to be run. */
async function letComeUp(tx: Db, ended: readonly QueuedDelivery[]): Promise<void> {
  for (const { subscriber, handler, subjects } of byHandler(ended)) {
    for (const some of inPieces(subjects)) {
      await tx.updateTable('liberacces_delivery').set({ status: 'pending' }).where('status', '=', 'waiting')
        .where('id', 'in', (inner) => inner.selectFrom('liberacces_delivery as d').select(({ fn }) => fn.min('d.id').as('id'))
          .where('d.subscriber', '=', subscriber).where('d.handler', '=', handler).where('d.subject', 'in', some).where(IS_OPEN).groupBy('d.subject'))
        .execute()
    }
  }
}

/** The subjects of deliveries for each of their handlers, of which there are few. */
function byHandler(deliveries: readonly Omit<Place, 'seq'>[]): readonly { readonly subscriber: string; readonly handler: string; readonly subjects: readonly string[] }[] {
  const found = new Map<string, { readonly subscriber: string; readonly handler: string; readonly subjects: Set<string> }>()
  for (const { subscriber, handler, subject } of deliveries) {
    if (subject === null) continue
    const name = `${subscriber} ${handler}`
    const known = found.get(name)
    if (known === undefined) found.set(name, { subscriber, handler, subjects: new Set([subject]) })
    else known.subjects.add(subject)
  }
  return Array.from(found.values(), ({ subjects, ...of }) => ({ ...of, subjects: [...subjects] }))
}

/** A list in pieces of 64, 16, 4 and 1, so that statements made from them have few different texts: each text is prepared once. */
function inPieces<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const pieces: (readonly Item[])[] = []
  for (let at = 0; at < items.length;) {
    const left = items.length - at
    const size = left >= 64 ? 64 : left >= 16 ? 16 : left >= 4 ? 4 : 1
    pieces.push(items.slice(at, at + size))
    at += size
  }
  return pieces
}

/** After the clock went back: what was to be done at once, and was never tried, is due now and not when the clock is back where it was. */
export async function hastenUntried(tx: Db, now: number): Promise<void> {
  await tx.updateTable('liberacces_delivery as d').set({ next_at: now }).where(IS_OPEN).where('d.last_error', 'is', null).where('d.next_at', '>', now).execute()
}

/** Whether any delivery stands behind another. */
export async function hasWaiting(db: Db): Promise<boolean> {
  return (await db.selectFrom('liberacces_delivery as d').select('d.id').where(sql<boolean>`d.status = 'waiting'`).limit(ONE).executeTakeFirst()) !== undefined
}

/** Where planning stands: all events written before it that were due at once have their deliveries. */
export async function lastPlanned(db: Db): Promise<number> {
  const row = await db.selectFrom('liberacces_outbox').select('seq').where('state', '<>', 'new').where('due_at', '=', 0).orderBy('seq', 'desc').limit(ONE).executeTakeFirst()
  return row?.seq ?? 0
}

/**
 * Turns new events into deliveries, one per subscriber, in the order in which the events were written.
 * @param after - what {@link lastPlanned} or the call before said
 */
export async function planDeliveries(
  tx: Db, after: number, now: number, subscriptions: (type: string) => readonly Subscription[],
): Promise<{ readonly after: number; readonly isFull: boolean }> {
  const columns = ['seq', 'type', 'subject', 'due_at'] as const
  const atOnce = await tx.selectFrom('liberacces_outbox').select(columns)
    .where('seq', '>', after).where(IS_NEW_AT_ONCE).orderBy('seq').limit(LOOK_LIMIT).execute()
  const delayed = await tx.selectFrom('liberacces_outbox').select(columns)
    .where(IS_DELAYED).where('due_at', '<=', now).orderBy('due_at').orderBy('seq').limit(LOOK_LIMIT).execute()
  let last = after
  let made = 0
  const types = new Set<string>()
  const places: Place[] = []
  const found = [...atOnce, ...delayed].toSorted((a, b) => a.seq - b.seq)
  for (const event of found) {
    if (made >= PLAN_LIMIT) break
    const wanted = subscriptions(event.type)
    made += wanted.length
    for (const { pluginId, handlerId } of wanted) places.push({ seq: event.seq, subscriber: pluginId, handler: handlerId, subject: event.subject })
    if (event.due_at === 0) {
      last = event.seq
      types.add(event.type)
    } else await tx.updateTable('liberacces_outbox').set({ state: stateFor(wanted) }).where('seq', '=', event.seq).execute()
  }
  await enqueueAll(tx, places, now)
  // Each type at once, instead of each event: one statement costs as much as writing the event did.
  for (const type of types) {
    await tx.updateTable('liberacces_outbox').set({ state: stateFor(subscriptions(type)) })
      .where('seq', '>', after).where('seq', '<=', last).where(IS_NEW_AT_ONCE).where('type', '=', type).execute()
  }
  return { after: last, isFull: made >= PLAN_LIMIT || atOnce.length === LOOK_LIMIT || delayed.length === LOOK_LIMIT }
}

/**
 * Whether anything is to be done now: an event to be planned, a delivery to be run.
 * @param after - see {@link planDeliveries}
 */
export async function hasDue(db: Db, after: number, now: number): Promise<boolean> {
  const outbox = db.selectFrom('liberacces_outbox').select('seq')
  const found = [
    await outbox.where('seq', '>', after).where(IS_NEW_AT_ONCE).limit(ONE).executeTakeFirst(),
    await outbox.where(IS_DELAYED).where('due_at', '<=', now).limit(ONE).executeTakeFirst(),
    await db.selectFrom('liberacces_delivery as d').select('d.id').where(IS_PENDING).where('d.next_at', '<=', now).limit(ONE).executeTakeFirst(),
  ]
  return found.some((row) => row !== undefined)
}

function stateFor(wanted: readonly Subscription[]): 'planned' | 'unsubscribed' {
  return wanted.length > 0 ? 'planned' : 'unsubscribed'
}

/** A delivery that is to be made. */
interface Place {
  readonly seq: number
  readonly subscriber: string
  readonly handler: string
  readonly subject: string | null
  readonly replay?: string | null
  readonly again?: string | null
}

/** Adds one delivery at the end of its line. */
export async function enqueue(tx: Db, eventSeq: number, to: Omit<Place, 'seq'>, now: number): Promise<void> {
  await enqueueAll(tx, [{ seq: eventSeq, ...to }], now)
}

/** Adds deliveries at the ends of their lines, in this order. */
async function enqueueAll(tx: Db, places: readonly Place[], now: number): Promise<void> {
  const lineOf = ({ subscriber, handler, subject }: Omit<Place, 'seq'>): string => JSON.stringify([subscriber, handler, subject])
  /** Lines in which somebody stands. */
  const taken = new Set<string>()
  for (const { subscriber, handler, subjects } of byHandler(places)) {
    for (const some of inPieces(subjects)) {
      const open = await tx.selectFrom('liberacces_delivery as d').select('d.subject').distinct()
        .where('d.subscriber', '=', subscriber).where('d.handler', '=', handler).where('d.subject', 'in', some).where(IS_OPEN).execute()
      for (const { subject } of open) taken.add(lineOf({ subscriber, handler, subject }))
    }
  }
  const rows = places.map(({ seq, subscriber, handler, subject, replay = null, again = null }) => {
    const line = lineOf({ subscriber, handler, subject })
    const status = subject !== null && taken.has(line) ? 'waiting' as const : 'pending' as const
    taken.add(line)
    return { event_seq: seq, subscriber, handler, subject, status, attempts: 0, next_at: now, last_error: null, updated_at: now, replay, again, trail_json: null }
  })
  for (const some of inPieces(rows)) await tx.insertInto('liberacces_delivery').values(some).execute()
}

function withEvents(db: Db) {
  return db.selectFrom('liberacces_delivery as d').innerJoin('liberacces_outbox as o', 'o.seq', 'd.event_seq')
    .select(['d.id', 'd.event_seq', 'd.subscriber', 'd.handler', 'd.subject', 'd.attempts', 'o.id as event_id', 'o.type', 'o.time', 'o.data_json', 'o.traceparent', 'o.tracestate', 'o.release', 'd.again'])
}

/** Deliveries that are due and at the head of their lines, longest due first. */
export async function dueDeliveries(db: Db, now: number, limit: number): Promise<readonly QueuedDelivery[]> {
  return await withEvents(db).where(IS_PENDING).where('d.next_at', '<=', now).orderBy('d.next_at').orderBy('d.id').limit(limit).execute()
}

/** The delivery that stands behind this one in its line. */
export async function nextInLine(db: Db, delivery: QueuedDelivery): Promise<QueuedDelivery | undefined> {
  return await withEvents(db)
    .where('d.subscriber', '=', delivery.subscriber).where('d.handler', '=', delivery.handler).where('d.subject', '=', delivery.subject)
    .where(IS_OPEN).where('d.id', '>', delivery.id).orderBy('d.id').limit(ONE).executeTakeFirst()
}

/** When something that is not due yet will be, or `undefined` when there is no such thing. */
export async function nextDueAt(db: Db, now: number): Promise<number | undefined> {
  const delivery = await db.selectFrom('liberacces_delivery as d').select('d.next_at').where(IS_PENDING).where('d.next_at', '>', now).orderBy('d.next_at').limit(ONE).executeTakeFirst()
  const delayed = await db.selectFrom('liberacces_outbox').select('due_at').where(IS_DELAYED).where('due_at', '>', now).orderBy('due_at').limit(ONE).executeTakeFirst()
  const times = [delivery?.next_at, delayed?.due_at].filter((time) => time !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Deletes events with their deliveries. @param seqs - their numbers, in their order */
export async function deleteEvents(tx: Db, seqs: readonly number[]): Promise<void> {
  if (seqs.length === 0) return
  await tx.deleteFrom('liberacces_delivery').where('event_seq', 'in', seqs).execute()
  await tx.deleteFrom('liberacces_outbox').where('seq', 'in', seqs).execute()
  await notePurged(tx, seqs.at(-1))
}

/** What follows must be numbered after what is gone, even when nothing is left and the clock is set back. */
async function notePurged(tx: Db, last: number | undefined): Promise<void> {
  if (last === undefined) return
  await tx.insertInto('liberacces_purged').values({ one: 1, last_seq: last })
    .onConflict((known) => known.column('one').doUpdateSet({ last_seq: last }).where('liberacces_purged.last_seq', '<', last)).execute()
}
