import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { createEventRecords, type EventRecords } from '../../src/events/desk/event-records.ts'
import { createReplays, type ReplayRunner } from '../../src/events/desk/replays.ts'
import { createEventBus } from '../../src/events/create-event-bus.ts'
import type { Delivery, EventBus, Subscription } from '../../src/events/event-bus.ts'
import type { OutboxEvent, Storage, StoreKey } from '../../src/storage/storage.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside, forever, KEY, temporaryFolder } from '../storage/temporary-storage.ts'

export const TYPE = 'fr.example.notes.changed/v1'
export const SUBSCRIBER: Subscription = { pluginId: 'fr.example.reader', handlerId: 'on-change' }

/** A storage with its bus on a folder, and what was delivered. */
export interface Rig {
  readonly folder: string
  readonly outside: FakeOutside
  readonly storage: Storage
  readonly bus: EventBus
  readonly replays: ReplayRunner
  readonly records: EventRecords
  /** Stores that were noted to hold events. */
  readonly noted: StoreKey[]
  readonly delivered: Delivery[]
  readonly logged: object[]
  /** Writes one event in a transaction of its own. */
  emit(id: string, about?: Partial<OutboxEvent> & { readonly key?: StoreKey }): Promise<void>
  /** Everything that is due is queued and delivered, what replays have to queue too. */
  settle(): Promise<void>
  /** As if the process died: nothing is handed over or written any more. */
  crash(): Promise<void>
}

export async function startRig(options: {
  folder?: string
  outside?: FakeOutside
  subscriptions?: readonly Subscription[]
  deliver?: (delivery: Delivery) => Promise<void>
} = {}): Promise<Rig> {
  const { folder = temporaryFolder(), outside = new FakeOutside(), subscriptions = [SUBSCRIBER] } = options
  const storage = await runStorage({ folder, outside })
  for (const id of ['t-1', 't-2']) {
    await storage.platform.insertInto('tenant').values({ id, slug: id, name: id, kind: 'commune', parent_id: null, siren: null, insee: null, population: null, created_at: 0 })
      .onConflict((conflict) => conflict.column('id').doNothing()).execute()
  }
  const delivered: Delivery[] = []
  const logged: object[] = []
  let dead = false
  const log = (detail: object): void => { logged.push(detail) }
  const noted: StoreKey[] = []
  const bus = createEventBus({
    noted: (key) => { noted.push(key) },
    storage,
    outside,
    ports: {
      subscriptions: () => subscriptions,
      deliver: async (delivery) => {
        await options.deliver?.(delivery)
        if (dead) await new Promise(() => undefined)
        delivered.push(delivery)
      },
      log: { warn: log, error: log, debug: log },
    },
  })
  const replays = createReplays({
    storage, outside, bus, ports: { subscriptions: () => subscriptions, log: { warn: log, error: log, debug: log } },
    newId: () => randomUUID(),
  })
  await bus.start()
  await replays.start()
  onTestFinished(async () => {
    if (!dead) await replays.close()
    if (!dead) await bus.stop()
    await storage.close()
  })
  return {
    folder, outside, storage, bus, replays, records: createEventRecords(storage, outside), noted, delivered, logged,
    emit: async (id, { key = KEY, ...about } = {}) => {
      await storage.store(key).transaction((tx) => tx.appendEvent({
        id, type: TYPE, subject: 'one', time: outside.now(), data: { id }, notBefore: undefined, traceparent: undefined, ...about,
      }), forever())
    },
    settle: async () => {
      for (let hasMore = true; hasMore;) {
        hasMore = await replays.settle()
        await bus.settle()
      }
    },
    crash: async () => {
      dead = true
      await storage.close()
    },
  }
}

export const ids = (deliveries: readonly Delivery[]): readonly string[] => deliveries.map(({ eventId }) => eventId)
