import type { Storage, StoreKey } from '../../storage/storage.ts'
import { FACTS, factsOf, type EventFacts, type FactsRow } from './event-view.ts'
import { findEvent } from '../find-event.ts'

/** An event and what came of it. */
export interface EventNode {
  readonly event: EventFacts
  /** Events that a handler of this one emitted. */
  readonly caused: readonly EventNode[]
}

/** From the event with which it began, through plugins, to the last. */
export interface EventTree {
  readonly root: EventNode
  /** What caused the root is not kept any more. */
  readonly isRootLost: boolean
  /** There is more than is shown. */
  readonly isCut: boolean
}

/** Most events in one tree, and generations up and down. */
const MOST_EVENTS = 200
const MOST_GENERATIONS = 20

/** One event with what operators may see of it, in whichever store it is. */
export async function findFacts(storage: Storage, tenantId: string, eventId: string): Promise<{ readonly key: StoreKey; readonly facts: EventFacts } | undefined> {
  for (const key of await storage.storesOf(tenantId)) {
    const db = storage.kernelStore(key)
    const seq = await findEvent(db, eventId)
    if (seq === undefined) continue
    const rows = await db.selectFrom('liberacces_outbox').select(FACTS).where('seq', '=', seq).execute()
    const [facts] = await factsOf(db, key, rows)
    if (facts !== undefined) return { key, facts }
  }
  return undefined
}

/** What an event is part of: from what began it, all that came of it. `undefined` where there is no such event. */
export async function eventTree(storage: Storage, tenantId: string, eventId: string): Promise<EventTree | undefined> {
  let top = (await findFacts(storage, tenantId, eventId))?.facts
  if (top === undefined) return undefined
  let isRootLost = false
  for (let generation = 0; top.cause?.kind === 'handler'; generation += 1) {
    const above: EventFacts | undefined = generation < MOST_GENERATIONS ? (await findFacts(storage, tenantId, top.cause.eventId))?.facts : undefined
    if (above === undefined) {
      isRootLost = true
      break
    }
    top = above
  }
  const keys = await storage.storesOf(tenantId)
  const children = new Map<string, EventFacts[]>()
  const seen = new Set([top.id])
  let isCut = false
  let level = [top.id]
  for (let generation = 0; level.length > 0 && !isCut; generation += 1) {
    const next: EventFacts[] = []
    for (const key of keys) {
      const db = storage.kernelStore(key)
      const rows: FactsRow[] = await db.selectFrom('liberacces_outbox').select(FACTS).where('cause_event', 'in', level).orderBy('seq').limit(MOST_EVENTS + 1).execute()
      next.push(...await factsOf(db, key, rows))
    }
    // A cause is older than what it caused; a copy of a damaged store must not lead us round in circles all the same.
    const fresh = next.filter(({ id }) => !seen.has(id)).slice(0, Math.max(0, MOST_EVENTS - seen.size))
    isCut = fresh.length < next.length || (fresh.length > 0 && generation + 1 >= MOST_GENERATIONS)
    for (const event of fresh) {
      seen.add(event.id)
      const parent = event.cause?.kind === 'handler' ? event.cause.eventId : ''
      children.set(parent, [...(children.get(parent) ?? []), event])
    }
    level = fresh.map(({ id }) => id)
  }
  const nodeOf = (event: EventFacts): EventNode => ({ event, caused: (children.get(event.id) ?? []).map(nodeOf) })
  return { root: nodeOf(top), isRootLost, isCut }
}
