import type { Delivery } from '../events/event-bus.ts'
import { inboxIdOf } from '../events/requeue.ts'
import { PlatformError } from '../errors.ts'
import { misfit } from '../validation.ts'
import type { Modules } from '../lifecycle/modules.ts'
import type { Storage } from '../storage/storage.ts'
import { AlreadyHandled } from './call-context.ts'
import { CallTrail, type NotedTrail } from './call-trail.ts'
import type { Gates } from './gates.ts'
import { inside } from './inside.ts'
import type { InlineRuntime } from './inline.ts'
import type { Origin } from './runtime.ts'

/** The scope of those who hear every event. */
const EVERY_EVENT = 'events:read:*'

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
export async function deliverEvent(deps: Deps, delivery: Delivery): Promise<NotedTrail | undefined> {
  const { tenantId, subscriber, handler, eventId, traceparent, tracestate } = delivery
  const trail = new CallTrail()
  const origin: Origin = { ...deps.origin(tenantId, traceparent), tracestate, trail, cause: { kind: 'handler', pluginId: subscriber, handlerId: handler, eventId } }
  await inside(deps.gates, origin, subscriber, (from) => handle(deps, from, delivery))
  return trail.noted
}

async function handle({ runtime, storage, modules }: Deps, from: Origin, delivery: Delivery): Promise<void> {
  const { tenantId, subscriber, handler, eventId } = delivery
  const release = modules(tenantId).byId.get(subscriber)
  const registered = release?.registrations.handlers.find((one) => one.id === handler)
  if (release === undefined || registered === undefined) {
    throw new PlatformError('UNAVAILABLE', `Plugin "${subscriber}" is not active on this tenant, so its handler "${handler}" cannot run now.`, { fix: 'Switch it on; the event waits.' })
  }
  const { source, type } = delivery
  const wrong = registered.event === 'any' ? undefined : misfit(registered.event.schema, delivery.data)
  if (wrong !== undefined) {
    const writer = delivery.release === undefined ? 'An older release of' : `Release ${delivery.release} of`
    throw new PlatformError('EVENT_UNFIT', `${writer} "${source}" wrote ${type} in a way that release ${release.manifest.version} of "${subscriber}" does not understand: ${wrong}.`,
      { fix: 'Install a release of either that fits the other, then retry the dead letter. A contract that breaks needs a new version of its id.' })
  }
  const inboxId = inboxIdOf(delivery)
  const call = { what: `handler ${handler} of event ${eventId}`, limitMs: registered.timeoutMs ?? release.manifest.limits.callMs }
  try {
    await runtime.callForEvent(release, from, call, { eventId: inboxId, handler }, (c) => {
      // Who hears everything does not hear itself, or what comes in by it would go out by it; and hears nothing while that is refused.
      if (registered.event === 'any' && (source === subscriber || !c.granted(EVERY_EVENT))) return undefined
      return (registered.handler as (c: unknown, event: unknown) => unknown)(c, {
        id: eventId, type, source, subject: delivery.subject, time: new Date(delivery.time), data: delivery.data, attempt: delivery.attempt,
      })
    })
  } catch (error) {
    if (error instanceof AlreadyHandled) return
    if (release.manifest.scopes.includes('db')) {
      await storage.kernelStore({ tenantId, pluginId: subscriber }).deleteFrom('liberacces_inbox').where('event_id', '=', inboxId).where('handler', '=', handler).execute()
    }
    throw error
  }
}
