import type { Kysely } from 'kysely'
import type { Storage, StoreKey } from '../storage/storage.ts'
import type { StoreTables } from '../storage/store-tables.ts'
import type { DeliveryView, EventBus, EventPorts, ReplayWish } from './event-bus.ts'
import { findEvent } from './find-event.ts'
import { requeue, type Redelivered } from './requeue.ts'

/** What an operator sees of a tenant's events one by one, and can do about them. */
export class EventDesk {
  readonly #storage: Storage
  readonly #ports: EventPorts
  readonly #now: () => number

  constructor(storage: Storage, ports: EventPorts, now: () => number) {
    this.#storage = storage
    this.#ports = ports
    this.#now = now
  }

  async list(tenantId: string, { status, limit }: Parameters<EventBus['list']>[1]): Promise<readonly DeliveryView[]> {
    const views: DeliveryView[] = []
    for (const key of await this.#storage.storesOf(tenantId)) {
      let query = rows(this.#storage.kernelStore(key)).orderBy('o.seq', 'desc').orderBy('d.id', 'desc').limit(limit)
      if (status === 'pending') {
        query = query.where((where) => where.or([where('d.status', 'in', ['pending', 'waiting']), where('o.state', '=', 'new')]))
      } else if (status === 'unsubscribed') {
        query = query.where('o.state', '=', 'unsubscribed').where('d.id', 'is', null)
      } else if (status !== undefined) {
        query = query.where('d.status', '=', status)
      }
      views.push(...(await query.execute()).map((row) => viewOf(key, row)))
    }
    return views.toSorted((a, b) => b.time - a.time).slice(0, limit)
  }

  async show(tenantId: string, eventId: string): Promise<readonly DeliveryView[]> {
    for (const key of await this.#storage.storesOf(tenantId)) {
      const db = this.#storage.kernelStore(key)
      const seq = await findEvent(db, eventId)
      const found = seq === undefined ? [] : await rows(db).select('o.data_json').where('o.seq', '=', seq).orderBy('d.id').execute()
      if (found.length > 0) return found.map((row) => ({ ...viewOf(key, row), data: JSON.parse(row.data_json) as unknown }))
    }
    return []
  }

  /**
   * Queues one event once more.
   * @param mark - makes sure, inside the transaction, that the store is looked at
   * @returns what became of it for each of its receivers; `undefined` when there is no such event
   */
  async replay(tenantId: string, eventId: string, wish: ReplayWish, id: string, mark: (key: StoreKey) => Promise<void>): Promise<{ readonly key: StoreKey; readonly outcomes: readonly Redelivered[] } | undefined> {
    for (const key of await this.#storage.storesOf(tenantId)) {
      const seq = await findEvent(this.#storage.kernelStore(key), eventId)
      if (seq === undefined) continue
      const now = this.#now()
      const outcomes = await this.#storage.kernelTransaction(key, async (tx) => {
        const event = await tx.selectFrom('liberacces_outbox').select(['seq', 'type', 'subject', 'state']).where('seq', '=', seq).executeTakeFirst()
        if (event === undefined) return []
        await mark(key)
        const receivers = this.#ports.subscriptions(tenantId, event.type)
          .filter(({ pluginId, handlerId }) => (wish.pluginId ?? pluginId) === pluginId && (wish.handlerId ?? handlerId) === handlerId)
        if (event.state === 'new') {
          // All of its deliveries are still to be made; a delayed one is brought forward.
          await tx.updateTable('liberacces_outbox').set({ due_at: now }).where('seq', '=', seq).where('due_at', '>', now).execute()
          return receivers.map((): Redelivered => 'under-way')
        }
        const all: Redelivered[] = []
        for (const receiver of receivers) all.push(await requeue(tx, event, receiver, { replay: id, again: wish.again === true }, now))
        return all
      })
      return { key, outcomes }
    }
    return undefined
  }
}

function rows(db: Kysely<StoreTables>) {
  return db.selectFrom('liberacces_outbox as o').leftJoin('liberacces_delivery as d', 'd.event_seq', 'o.seq')
    .select(['o.id', 'o.type', 'o.subject', 'o.time', 'o.state', 'o.due_at', 'd.subscriber', 'd.handler', 'd.status', 'd.attempts', 'd.next_at', 'd.last_error'])
}

interface Row {
  readonly id: string
  readonly type: string
  readonly subject: string | null
  readonly time: number
  readonly state: StoreTables['liberacces_outbox']['state']
  readonly due_at: number
  readonly subscriber: string | null
  readonly handler: string | null
  readonly status: StoreTables['liberacces_delivery']['status'] | null
  readonly attempts: number | null
  readonly next_at: number | null
  readonly last_error: string | null
}

function viewOf(key: StoreKey, row: Row): DeliveryView {
  const status = row.status === 'waiting' ? 'pending' : (row.status ?? (row.state === 'new' ? 'pending' : 'unsubscribed'))
  const nextAt = row.status === null ? (row.due_at > 0 ? row.due_at : undefined) : (row.next_at ?? undefined)
  return {
    eventId: row.id, type: row.type, source: key.pluginId, subject: row.subject ?? undefined, time: row.time,
    subscriber: row.subscriber ?? undefined, handler: row.handler ?? undefined,
    status, attempts: row.attempts ?? 0, nextAt: status === 'pending' ? nextAt : undefined, lastError: row.last_error ?? undefined,
  }
}
