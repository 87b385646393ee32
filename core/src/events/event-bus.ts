import type { NotedTrail } from '../runtime/call-trail.ts'
import type { StoreKey } from '../storage/storage.ts'

/** An event on its way to one handler. */
export interface Delivery {
  readonly eventId: string
  readonly type: string
  /** Plugin that emitted it. */
  readonly source: string
  readonly subject: string | undefined
  readonly time: number
  readonly data: unknown
  readonly traceparent: string | undefined
  readonly tracestate?: string | undefined
  /** Version of the release that emitted it, where it was noted. */
  readonly release?: string | undefined
  /** Id of the replay by which the handler is to deal with it once more, although it has before. */
  readonly again?: string | undefined
  readonly tenantId: string
  /** Plugin and handler that receive it. */
  readonly subscriber: string
  readonly handler: string
  /** 1 on the first try. */
  readonly attempt: number
}

/** Who receives an event type on a tenant. */
export interface Subscription {
  readonly pluginId: string
  readonly handlerId: string
}

/** What the event machinery asks of the rest of the kernel. */
export interface EventPorts {
  subscriptions(tenantId: string, type: string): readonly Subscription[]
  /**
   * Runs the handler through the door into plugin code; rejects when it failed. A PlatformError `UNAVAILABLE` (the plugin is
   * draining, say) is tried again without counting as a try; `MAIL_REFUSED` and `EVENT_UNFIT` are final.
   * @returns which services the handler called
   */
  deliver(delivery: Delivery): Promise<NotedTrail | void>
  /**
   * Until the gate of a plugin opens that is moved to another release; `undefined` where it is open. A delivery that waits for it
   * takes no place among those under way.
   * @defaultValue it is always open
   */
  waitFor?(tenantId: string, pluginId: string): Promise<void> | undefined
  log: { warn(detail: object, message: string): void; error(detail: object, message: string): void; debug(detail: object, message: string): void }
}

/** A delivery as operators see it. */
export interface DeliveryView {
  readonly eventId: string
  readonly type: string
  readonly source: string
  readonly subject: string | undefined
  readonly time: number
  readonly subscriber: string | undefined
  readonly handler: string | undefined
  readonly status: 'pending' | 'delivered' | 'dead' | 'discarded' | 'unsubscribed'
  readonly attempts: number
  readonly nextAt: number | undefined
  readonly lastError: string | undefined
  readonly data?: unknown
}

/** To whom one event is to be delivered once more. */
export interface ReplayWish {
  /** @defaultValue every plugin that listens */
  readonly pluginId?: string | undefined
  /** @defaultValue all of its handlers */
  readonly handlerId?: string | undefined
  /** Whether a handler that has dealt with the event deals with it once more. @defaultValue false */
  readonly again?: boolean | undefined
}

/** What became of it, in deliveries. */
export interface ReplayOutcome {
  readonly queued: number
  /** On its way before, and brought forward. */
  readonly underWay: number
  /** Left alone: the handler has dealt with it, or somebody discarded it. */
  readonly accepted: number
}

/** Turns outbox rows into deliveries: at least once, in order per subject, retried, dead-lettered, found again after a crash. */
export interface EventBus {
  /** Finds the stores that were left with undelivered events and begins to deliver. Called once, when plugins can be called. */
  start(): Promise<void>
  /** Marks a store as possibly holding undelivered events, durably, before its first event is written. The storage calls it by itself. */
  markDirty(key: StoreKey): Promise<void>
  /** A transaction that emitted has committed. The storage calls it by itself. */
  notify(key: StoreKey): void
  /** Delivers everything that is due by the clock, and returns when nothing due is left. For tests and shutdown. */
  settle(): Promise<void>
  list(tenantId: string, options: { readonly status?: DeliveryView['status']; readonly limit: number }): Promise<readonly DeliveryView[]>
  show(tenantId: string, eventId: string): Promise<readonly DeliveryView[]>
  /**
   * Delivers one event to those of its receivers that have not dealt with it; with `again`, to the others too.
   * @returns what became of it, in deliveries; `undefined` when there is no such event
   */
  replay(tenantId: string, eventId: string, wish?: ReplayWish): Promise<ReplayOutcome | undefined>
  readonly stats: { readonly delivered: number; readonly failed: number; readonly dead: number; readonly pendingStores: number }
  /** Stops taking up new deliveries and waits for those under way. */
  stop(): Promise<void>
}
