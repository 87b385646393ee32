import { v7 as uuidv7 } from 'uuid'
import type { Outside } from '../outside.ts'
import type { Storage, StoreKey } from '../storage/storage.ts'
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
}

/**
 * The event bus over a storage, which tells it by itself of events being written. It delivers nothing before
 * {@link EventBus.start}; what is written before is marked, and found by it.
 */
export function createEventBus({ storage, outside, ports, noted }: EventBusOptions): EventBus {
  const marks = new DirtyMarks(storage)
  const relay = new Relay({ storage, outside, ports, marks })
  const desk = new EventDesk(storage, ports, () => outside.now())
  storage.observeEvents({
    beforeEvent: (key) => marks.mark(key),
    afterCommit: (key) => {
      noted?.(key)
      relay.wake(key)
    },
    dropped: (key) => {
      marks.forget(key)
      relay.forget(key)
    },
    replaced: (key) => {
      noted?.(key)
      relay.forget(key)
      relay.wake(key)
    },
  })
  return {
    start: () => relay.start(),
    markDirty: async (key) => { await marks.mark(key) },
    notify: (key) => { relay.wake(key) },
    settle: () => relay.settle(),
    list: (tenantId, options) => desk.list(tenantId, options),
    show: (tenantId, eventId) => desk.show(tenantId, eventId),
    replay: async (tenantId, eventId, wish = {}) => {
      const id = uuidv7({ msecs: outside.now(), random: outside.randomBytes(16) })
      const replayed = await desk.replay(tenantId, eventId, wish, id, async (key) => { await marks.mark(key) })
      if (replayed === undefined) return undefined
      relay.wake(replayed.key)
      const count = (of: Redelivered): number => replayed.outcomes.filter((outcome) => outcome === of).length
      return { queued: count('queued'), underWay: count('under-way'), accepted: count('accepted') }
    },
    stats: {
      get delivered() { return relay.counts.delivered },
      get failed() { return relay.counts.failed },
      get dead() { return relay.counts.dead },
      get pendingStores() { return relay.pendingStores },
    },
    stop: () => relay.stop(),
  }
}
