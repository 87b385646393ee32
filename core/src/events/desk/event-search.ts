import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import { containsText } from '../../storage/contains-text.ts'
import type { Storage, StoreKey } from '../../storage/storage.ts'
import type { StoreTables } from '../../storage/store-tables.ts'
import { FACTS, factsOf, type EventFacts, type EventState, type FactsRow } from './event-view.ts'

/** Which events to look for; all conditions hold together. */
export interface EventQuery {
  /** Part of the type, or the whole subject. */
  readonly text?: string | undefined
  /** Part of the type. */
  readonly type?: string | undefined
  /** The whole id. */
  readonly id?: string | undefined
  /** The whole subject. */
  readonly subject?: string | undefined
  /** A plugin that emitted it, or receives it. */
  readonly plugin?: string | undefined
  /** 32 hexadecimal digits. */
  readonly traceId?: string | undefined
  readonly state?: Exclude<EventState, 'retrying'> | undefined
  /** Not before this, in milliseconds since the Unix epoch. */
  readonly from?: number | undefined
  /** Before this. */
  readonly to?: number | undefined
  /** 1 to 200. */
  readonly limit: number
  /** Where the page before ended. What is no such mark begins anew. */
  readonly cursor?: string | undefined
}

/** One page of events, newest first. */
export interface EventPage {
  readonly events: readonly EventFacts[]
  /** Where the next page begins; `undefined` at the end. */
  readonly next: string | undefined
  /** Set where looking was stopped because it took long: events older than this were not looked at yet. `next` goes on there. */
  readonly searchedBackTo: number | undefined
}

type Db = Kysely<StoreTables>

/** Rows that one look passes over: nothing else runs meanwhile on SQLite. */
const WINDOW = 5_000
/** Rows that one search passes over, in all stores together. */
const MOST_ROWS = 200_000
/** Clocks are set back at times: a store is left only where its events are so much too old, in milliseconds. */
const SLACK_MS = 24 * 60 * 60 * 1_000

/** How far one store has been read. */
interface Reader {
  readonly key: StoreKey
  readonly db: Db
  /** Everything from this number on is shown or was passed over. */
  position: number
  /** Everything from this number on was looked at. */
  lookedTo: number
  found: FactsRow[]
  isOver: boolean
}

/**
 * Looks for events in all stores of a tenant. Each store is read from its newest event on; the mark between two pages holds where each of
 * them stood, so that what is written meanwhile moves nothing.
 */
export async function searchEvents(storage: Storage, tenantId: string, query: EventQuery): Promise<EventPage> {
  const positions = readCursor(query.cursor)
  const keys = await storage.storesOf(tenantId)
  const readers = keys.map((key): Reader => {
    // A store that the mark does not know is newer than it.
    const position = positions === undefined ? Number.MAX_SAFE_INTEGER : positions.get(shortName(key)) ?? 0
    return { key, db: storage.kernelStore(key), position, lookedTo: position, found: [], isOver: position === 0 }
  })
  const budget = { rows: MOST_ROWS }
  const shown: { readonly reader: Reader; readonly row: FactsRow }[] = []
  let isCut = false
  while (shown.length < query.limit && !isCut) {
    for (const reader of readers) if (!(await look(reader, query, budget))) isCut = true
    const newest = readers.filter(({ found }) => found.length > 0).toSorted((a, b) => (b.found[0]?.time ?? 0) - (a.found[0]?.time ?? 0))[0]
    const row = newest?.found.shift()
    if (newest === undefined || row === undefined || isCut) break
    newest.position = row.seq
    shown.push({ reader: newest, row })
  }
  const facts = new Map<FactsRow, EventFacts>()
  for (const [reader, own] of Map.groupBy(shown, (one) => one.reader)) {
    const rows = own.map(({ row }) => row)
    const read = await factsOf(reader.db, reader.key, rows)
    read.forEach((one, index) => { const row = rows[index]; if (row !== undefined) facts.set(row, one) })
  }
  const isOver = readers.every(({ isOver: over, found }) => over && found.length === 0)
  return {
    events: shown.flatMap(({ row }) => facts.get(row) ?? []),
    next: isOver ? undefined : readers.map((reader) => `${shortName(reader.key)}.${(reader.isOver && reader.found.length === 0 ? 0 : reader.position).toString(36)}`).join('-'),
    searchedBackTo: isCut ? await timeAt(readers) : undefined,
  }
}

/** Reads on until something is found or the store is over. @returns `false` when the budget was used up before */
async function look(reader: Reader, query: EventQuery, budget: { rows: number }): Promise<boolean> {
  while (reader.found.length === 0 && !reader.isOver) {
    if (budget.rows <= 0) return false
    budget.rows -= WINDOW
    const below = reader.db.selectFrom('liberacces_outbox').where('seq', '<', reader.lookedTo).orderBy('seq', 'desc')
    const first = await below.select(['seq', 'time']).limit(1).executeTakeFirst()
    if (first === undefined || (query.from !== undefined && first.time < query.from - SLACK_MS)) {
      reader.isOver = true
      return true
    }
    const bottom = (await below.select('seq').offset(WINDOW - 1).limit(1).executeTakeFirst())?.seq
    const rows = await matching(reader, query).where('o.seq', '<', reader.lookedTo).$if(bottom !== undefined, (some) => some.where('o.seq', '>=', bottom ?? 0))
      .orderBy('o.seq', 'desc').limit(query.limit + 1).execute()
    const isFull = rows.length > query.limit
    reader.found = rows
    reader.lookedTo = isFull ? (rows.at(-1)?.seq ?? 0) : (bottom ?? 0)
    reader.isOver = !isFull && bottom === undefined
    // What was passed over need not be again.
    if (rows.length === 0) reader.position = reader.lookedTo
    await new Promise<void>((resolve) => { setImmediate(resolve) })
  }
  return true
}

function matching({ key, db }: Reader, { text, type, id, subject, plugin, traceId, state, from, to }: EventQuery) {
  let query = db.selectFrom('liberacces_outbox as o').select(FACTS.map((column) => `o.${column}` as const))
  if (text !== undefined) query = query.where((where) => where.or([containsText(['o.type'], text), where('o.subject', '=', text)]))
  if (type !== undefined) query = query.where(containsText(['o.type'], type))
  if (id !== undefined) query = query.where('o.id', '=', id)
  if (subject !== undefined) query = query.where('o.subject', '=', subject)
  if (traceId !== undefined) query = query.where('o.traceparent', 'like', `__-${traceId}-%`)
  if (from !== undefined) query = query.where('o.time', '>=', from)
  if (to !== undefined) query = query.where('o.time', '<', to)
  if (plugin !== undefined && plugin !== key.pluginId) {
    query = query.where((where) => where.exists(where.selectFrom('liberacces_delivery as d').select('d.id').whereRef('d.event_seq', '=', 'o.seq').where('d.subscriber', '=', plugin)))
  }
  if (state === undefined) return query
  return query.where((where) => {
    const deliveries = where.selectFrom('liberacces_delivery as d').select('d.id').whereRef('d.event_seq', '=', 'o.seq')
    switch (state) {
      case 'pending': return where.or([where('o.state', '=', 'new'), where.exists(deliveries.where('d.status', 'in', ['pending', 'waiting']))])
      case 'unsubscribed': return where.and([where('o.state', '<>', 'new'), where.not(where.exists(deliveries))])
      case 'delivered': return where.and([where.exists(deliveries), where.not(where.exists(deliveries.where('d.status', '<>', 'delivered')))])
      case 'dead':
      case 'discarded': return where.exists(deliveries.where('d.status', '=', state))
      default: return state satisfies never
    }
  })
}

/** The time of the newest event that was not looked at. */
async function timeAt(readers: readonly Reader[]): Promise<number | undefined> {
  const times = await Promise.all(readers.filter(({ isOver }) => !isOver).map(async ({ db, lookedTo }) =>
    (await db.selectFrom('liberacces_outbox').select('time').where('seq', '<', lookedTo).orderBy('seq', 'desc').limit(1).executeTakeFirst())?.time))
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

/** A plugin in a mark: addresses stay short with many of them. */
function shortName({ pluginId }: StoreKey): string {
  return createHash('sha256').update(pluginId).digest('hex').slice(0, 8)
}

function readCursor(cursor: string | undefined): ReadonlyMap<string, number> | undefined {
  if (cursor === undefined || !/^[0-9a-f]{8}\.[0-9a-z]{1,11}(?:-[0-9a-f]{8}\.[0-9a-z]{1,11})*$/.test(cursor)) return undefined
  return new Map(cursor.split('-').map((part) => {
    const [name = '', number = ''] = part.split('.')
    return [name, Math.min(Number.parseInt(number, 36), Number.MAX_SAFE_INTEGER)] as const
  }))
}
