import { v7 as uuidv7 } from 'uuid'
import type { Outside } from '../outside.ts'
import type { Storage, StoreKey } from '../storage/storage.ts'
import type { Carriage } from './carriage.ts'
import { DirtyMarks } from './dirty-marks.ts'
import type { EventBus, EventPorts } from './event-bus.ts'
import { EventDesk } from './event-desk.ts'
import { Relay } from './relay.ts'
import type { Redelivered } from './requeue.ts'

/** What the event bus is made from. */
export interface EventBusOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly ports: EventPorts
  /** Told of each store that events were written in, or came into by another way. Must be cheap. */
  readonly noted?: (key: StoreKey) => void
  /** Which process carries which events. @defaultValue this one carries all: there is no other */
  readonly carriage?: Carriage
}

/**
 * The event bus over a storage, which tells it by itself of events being written. It delivers nothing before
 * {@link EventBus.start}; what is written before is marked, and found by it.
 */
export function createEventBus({ storage, outside, ports, noted, carriage = new DirtyMarks(storage) }: EventBusOptions): EventBus {
  const relay = new Relay({ storage, outside, ports, carriage })
  const desk = new EventDesk(storage, ports, () => outside.now())
  const wake = (key: StoreKey): void => {
    if (carriage.isHere(key)) relay.wake(key)
    else carriage.wakeElsewhere(key)
  }
  storage.observeEvents({
    get here() { return carriage.here },
    beforeEvent: (key) => carriage.beforeEvent(key),
    afterCommit: (key) => {
      noted?.(key)
      // What the transaction wrote has told whoever else carries it.
      if (carriage.isHere(key)) relay.wake(key)
    },
    dropped: (key) => {
      carriage.forget(key)
      relay.forget(key)
    },
    replaced: (key) => {
      noted?.(key)
      relay.forget(key)
      wake(key)
    },
  })
  const settle = async (): Promise<void> => {
    do await relay.settle()
    while (await carriage.takeDue())
  }
  return {
    start: () => relay.start(),
    markDirty: (key) => carriage.mark(key),
    notify: wake,
    settle,
    list: (tenantId, options) => desk.list(tenantId, options),
    show: (tenantId, eventId) => desk.show(tenantId, eventId),
    replay: async (tenantId, eventId, wish = {}) => {
      const id = uuidv7({ msecs: outside.now(), random: outside.randomBytes(16) })
      const replayed = await desk.replay(tenantId, eventId, wish, id, (key) => carriage.mark(key))
      if (replayed === undefined) return undefined
      wake(replayed.key)
      const count = (of: Redelivered): number => replayed.outcomes.filter((outcome) => outcome === of).length
      return { queued: count('queued'), underWay: count('under-way'), accepted: count('accepted') }
    },
    stats: {
      get delivered() { return relay.counts.delivered },
      get failed() { return relay.counts.failed },
      get dead() { return relay.counts.dead },
      get pendingStores() { return relay.pendingStores },
    },
    stop: async () => {
      await relay.stop()
      await carriage.stop()
    },
  }
}
