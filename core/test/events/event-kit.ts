import { onTestFinished } from 'vitest'
import { createEventBus } from '../../src/events/create-event-bus.ts'
import type { Delivery, EventBus, Subscription } from '../../src/events/event-bus.ts'
import { createSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import type { OutboxEvent, Storage, StoreKey } from '../../src/storage/storage.ts'
import { FakeOutside, forever, KEY, temporaryFolder } from '../storage/temporary-storage.ts'

export const TYPE = 'fr.example.notes.changed/v1'
export const SUBSCRIBER: Subscription = { pluginId: 'fr.example.reader', handlerId: 'on-change' }

/** A storage with its bus on a folder, and what was delivered. */
export interface Rig {
  readonly folder: string
  readonly outside: FakeOutside
  readonly storage: Storage
  readonly bus: EventBus
  readonly delivered: Delivery[]
  readonly logged: object[]
  /** Writes one event in a transaction of its own. */
  emit(id: string, about?: Partial<OutboxEvent> & { readonly key?: StoreKey }): Promise<void>
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
  const storage = createSqliteStorage({ folder, outside })
  const delivered: Delivery[] = []
  const logged: object[] = []
  let dead = false
  const log = (detail: object): void => { logged.push(detail) }
  const bus = createEventBus({
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
  await bus.start()
  onTestFinished(async () => {
    if (!dead) await bus.stop()
    await storage.close()
  })
  return {
    folder, outside, storage, bus, delivered, logged,
    emit: async (id, { key = KEY, ...about } = {}) => {
      await storage.store(key).transaction((tx) => tx.appendEvent({
        id, type: TYPE, subject: 'one', time: outside.now(), data: { id }, notBefore: undefined, traceparent: undefined, ...about,
      }), forever())
    },
    crash: async () => {
      dead = true
      await storage.close()
    },
  }
}

export const ids = (deliveries: readonly Delivery[]): readonly string[] => deliveries.map(({ eventId }) => eventId)
