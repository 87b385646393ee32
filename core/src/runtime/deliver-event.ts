import type { Delivery } from '../events/event-bus.ts'
import { PlatformError } from '../errors.ts'
import type { Modules } from '../lifecycle/modules.ts'
import type { Storage } from '../storage/storage.ts'
import { AlreadyHandled } from './call-context.ts'
import type { Gates } from './gates.ts'
import { inside } from './inside.ts'
import type { InlineRuntime } from './inline.ts'
import type { Origin } from './runtime.ts'

interface Deps {
  readonly runtime: InlineRuntime
  readonly gates: Gates
  readonly storage: Storage
  readonly modules: (tenantId: string) => Modules
  /** The platform itself, acting on a tenant. */
  readonly origin: (tenantId: string, traceparent: string | undefined) => Origin
}

/**
 * Hands one event to one handler. Effects are stored once however often it comes: the handler's transaction takes note of the
 * event; a handler that fails after its transaction gets the note taken back, and runs again as a whole.
 */
export function deliverEvent(deps: Deps, delivery: Delivery): Promise<void> {
  return inside(deps.gates, deps.origin(delivery.tenantId, delivery.traceparent), delivery.subscriber, (from) => handle(deps, from, delivery))
}

async function handle({ runtime, storage, modules }: Deps, from: Origin, delivery: Delivery): Promise<void> {
  const { tenantId, subscriber, handler, eventId } = delivery
  const release = modules(tenantId).byId.get(subscriber)
  const registered = release?.registrations.handlers.find((one) => one.id === handler)
  if (release === undefined || registered === undefined) {
    throw new PlatformError('UNAVAILABLE', `Plugin "${subscriber}" is not active on this tenant, so its handler "${handler}" cannot run now.`, { fix: 'Switch it on; the event waits.' })
  }
  const call = { what: `handler ${handler} of event ${eventId}`, limitMs: registered.timeoutMs ?? release.manifest.limits.callMs }
  try {
    await runtime.callForEvent(release, from, call, { eventId, handler }, (c) =>
      (registered.handler as (c: unknown, event: unknown) => unknown)(c, {
        id: eventId, type: delivery.type, source: delivery.source, subject: delivery.subject, time: new Date(delivery.time), data: delivery.data, attempt: delivery.attempt,
      }))
  } catch (error) {
    if (error instanceof AlreadyHandled) return
    if (release.manifest.scopes.includes('db')) {
      await storage.kernelStore({ tenantId, pluginId: subscriber }).deleteFrom('liberacces_inbox').where('event_id', '=', eventId).where('handler', '=', handler).execute()
    }
    throw error
  }
}
