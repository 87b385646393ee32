import { PlatformError } from '../errors.ts'
import { traceIdOf } from '../http/traceparent.ts'
import type { Outside } from '../outside.ts'
import type { StoreKey } from '../storage/storage.ts'
import type { Outcome, QueuedDelivery } from './delivery-rows.ts'
import { describeError } from './describe-error.ts'
import type { EventPorts } from './event-bus.ts'
import { isToBePutOff, putOffMs } from './put-off.ts'
import { MAX_TRIES, retryDelayMs } from './retry.ts'

/** What no later try would change by itself. */
const FINAL: ReadonlySet<string> = new Set(['MAIL_REFUSED', 'EVENT_UNFIT'])

/** Hands one event to one handler. Never throws: how it went is the answer. */
export async function tryDelivery(from: StoreKey, delivery: QueuedDelivery, outside: Outside, ports: EventPorts): Promise<Outcome> {
  const attempt = delivery.attempts + 1
  try {
    const trail = await ports.deliver({
      eventId: delivery.event_id, type: delivery.type, source: from.pluginId, subject: delivery.subject ?? undefined, time: delivery.time,
      data: JSON.parse(delivery.data_json) as unknown, traceparent: delivery.traceparent ?? undefined, tracestate: delivery.tracestate ?? undefined,
      release: delivery.release ?? undefined, again: delivery.again ?? undefined, tenantId: from.tenantId,
      subscriber: delivery.subscriber, handler: delivery.handler, attempt,
    })
    return { kind: 'delivered', delivery, at: outside.now(), ...(trail === undefined ? {} : { trail }) }
  } catch (cause) {
    const at = outside.now()
    const error = describeError(cause)
    const about = { tenant: from.tenantId, event: delivery.event_id, type: delivery.type, subscriber: delivery.subscriber, handler: delivery.handler, attempt, ...traceOf(delivery), error }
    if (isToBePutOff(cause)) {
      ports.log.debug(about, 'delivery put off')
      return { kind: 'failed', delivery, at, error, attempts: delivery.attempts, retryAt: at + putOffMs(at - delivery.time) }
    }
    if (cause instanceof PlatformError && cause.code === 'QUOTA_EXCEEDED' && cause.retryAfterSeconds !== undefined) {
      // Tomorrow it can be done; eight tries would be over in minutes.
      ports.log.debug(about, 'delivery put off until the quota begins anew')
      return { kind: 'failed', delivery, at, error, attempts: delivery.attempts, retryAt: at + cause.retryAfterSeconds * 1_000 }
    }
    if (attempt >= MAX_TRIES || (cause instanceof PlatformError && FINAL.has(cause.code))) {
      ports.log.error(about, 'delivery failed for good')
      return { kind: 'dead', delivery, at, error, attempts: attempt }
    }
    ports.log.warn(about, 'delivery failed, will be tried again')
    return { kind: 'failed', delivery, at, error, attempts: attempt, retryAt: at + retryDelayMs(attempt, outside) }
  }
}

function traceOf({ traceparent }: QueuedDelivery): { readonly traceId?: string } {
  return traceparent === null ? {} : { traceId: traceIdOf(traceparent) }
}

/** Whether the handler was not called, so that no try was used up. */
export function isPutOff(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.attempts === outcome.delivery.attempts
}
