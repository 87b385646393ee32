import type { Outside } from '../../outside.ts'
import type { Storage } from '../../storage/storage.ts'
import { findEvent } from '../find-event.ts'
import { deadLetterGroups, discardDeadLetters, type DeadLetterChoice, type DeadLetterGroup } from './dead-letters.ts'
import { searchEvents, type EventPage, type EventQuery } from './event-search.ts'
import { eventTree, findFacts, type EventTree } from './event-tree.ts'
import type { EventFacts } from './event-view.ts'

/** What a tenant's events became, for people who look after them. Who may ask, and what is noted of it, is decided by the caller. */
export interface EventRecords {
  search(tenantId: string, query: EventQuery): Promise<EventPage>
  find(tenantId: string, eventId: string): Promise<EventFacts | undefined>
  /** What an event says: personal data at times. `undefined` where there is no such event. */
  content(tenantId: string, eventId: string): Promise<{ readonly data: unknown } | undefined>
  /** What the event came of, and what came of it. `undefined` where there is no such event. */
  tree(tenantId: string, eventId: string): Promise<EventTree | undefined>
  /** Dead letters by handler, most first. */
  deadLetters(tenantId: string): Promise<readonly DeadLetterGroup[]>
  /** @returns how many there were */
  discard(tenantId: string, choice: DeadLetterChoice): Promise<number>
}

export function createEventRecords(storage: Storage, outside: Pick<Outside, 'now'>): EventRecords {
  return {
    search: (tenantId, query) => searchEvents(storage, tenantId, query),
    find: async (tenantId, eventId) => (await findFacts(storage, tenantId, eventId))?.facts,
    async content(tenantId, eventId) {
      for (const key of await storage.storesOf(tenantId)) {
        const db = storage.kernelStore(key)
        const seq = await findEvent(db, eventId)
        const row = seq === undefined ? undefined : await db.selectFrom('liberacces_outbox').select('data_json').where('seq', '=', seq).executeTakeFirst()
        if (row !== undefined) return { data: JSON.parse(row.data_json) as unknown }
      }
      return undefined
    },
    tree: (tenantId, eventId) => eventTree(storage, tenantId, eventId),
    deadLetters: (tenantId) => deadLetterGroups(storage, tenantId),
    discard: (tenantId, choice) => discardDeadLetters(storage, tenantId, choice, outside.now()),
  }
}
