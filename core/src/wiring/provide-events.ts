import { v7 as uuidv7 } from 'uuid'
import type { Container } from '../container.ts'
import type { Carriage } from '../events/carriage.ts'
import { createEventBus } from '../events/create-event-bus.ts'
import { createEventRecords } from '../events/desk/event-records.ts'
import { createReplays } from '../events/desk/replays.ts'
import type { Delivery } from '../events/event-bus.ts'
import { createRetention } from '../events/retention/retention.ts'
import { SharedCarriage } from '../events/shared-carriage.ts'
import { createScheduler } from '../events/schedules.ts'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { migrationsOf } from '../lifecycle/migrations-of.ts'
import { deliverMail } from '../mail/deliver-mail.ts'
import { MAIL_EVENT, MAIL_SUBSCRIPTION } from '../mail/stored-mail.ts'
import type { NotedTrail } from '../runtime/call-trail.ts'
import type { Outside } from '../outside.ts'
import { expireData } from '../privacy/expire-data.ts'
import { deliverEvent } from '../runtime/deliver-event.ts'
import { runSchedule } from '../runtime/run-schedule.ts'
import { parseDatabaseUrl } from '../storage/postgres/database-address.ts'
import { inSpan, type SpanAttributes } from '../tracing/tracer.ts'
import type { Base } from './base.ts'
import { currentModules, knownModules } from './current-modules.ts'
import { systemOrigin } from './origins.ts'
import { AUDIT, EVENTS, EVENT_RECORDS, REPLAYS, RETENTION, RUNTIME, SCHEDULER, SETTINGS, TENANTS } from './tokens.ts'

/** Hands one event to one handler, as the relay does: a plugin's, or the kernel's own way of mails. */
export function delivering(services: Container, base: Base): (delivery: Delivery) => Promise<NotedTrail | void> {
  const { storage, outside, gates, mail: { transport, from }, tracer, traces } = base
  const modules = currentModules(services)
  const origin = systemOrigin(services, base)
  const deliver = (delivery: Delivery, originOf: typeof origin) => deliverEvent({ runtime: services.get(RUNTIME), gates, storage, modules, origin: originOf }, delivery)
  const sender = async (tenantId: string) => ({
    name: services.get(TENANTS).byId(tenantId)?.info.name ?? '',
    contact: (await services.get(SETTINGS).kernel(tenantId)).contact || undefined,
  })
  return (delivery) => delivery.subscriber === KERNEL_ID
    ? deliverMail({ transport, from, outside, sender }, delivery)
    : tracer === undefined ? deliver(delivery, origin)
    : inSpan(tracer, [`deliver ${delivery.type}`, 'consumer', delivery.traceparent ?? traces(undefined), { 'messaging.message.id': delivery.eventId, 'liberacces.attempt': delivery.attempt, 'liberacces.plugin': delivery.subscriber }],
      (traceparent) => deliver(delivery, (tenantId) => ({ ...origin(tenantId), traceparent })))
}

/** What happens later: events and schedules. */
export function provideEvents(services: Container, base: Base): void {
  const { storage, gates, log } = base
  const outside = withSharedClock(base)
  const carriage = carriageOf(base, outside)
  const modules = currentModules(services)
  const origin = systemOrigin(services, base)
  const subscriptions = (tenantId: string, type: string) => type === MAIL_EVENT ? [MAIL_SUBSCRIPTION] : modules(tenantId).subscriptions.get(type)
  services
    .provide(EVENTS, () => {
      const bus = createEventBus({
        storage, outside,
        ports: { subscriptions, deliver: delivering(services, base), waitFor: (tenantId, pluginId) => gates.waitFor(tenantId, pluginId), log },
        noted: (key) => { services.get(RETENTION).note(key) },
        ...(carriage === undefined ? {} : { carriage }),
      })
      return {
        ...bus,
        // What a replay queues is due too.
        settle: async () => {
          for (let hasMore = true; hasMore;) {
            hasMore = await services.get(REPLAYS).settle()
            await bus.settle()
          }
        },
      }
    })
    .provide(EVENT_RECORDS, () => createEventRecords(storage, outside))
    .provide(REPLAYS, (from) => createReplays({
      storage, outside, bus: from.get(EVENTS), ports: { subscriptions, log }, newId: () => uuidv7({ msecs: outside.now(), random: outside.randomBytes(16) }),
    }))
    .provide(RETENTION, (from) => createRetention({
      storage, outside, log, audit: from.get(AUDIT),
      tenants: from.get(TENANTS),
      keptDays: async (tenantId) => {
        const { eventDays, deadLetterDays } = await services.get(SETTINGS).kernel(tenantId)
        const own = modules(tenantId).releases.flatMap(({ plugin }) => (plugin.emits ?? []).flatMap(({ id, retentionDays }) => (retentionDays === undefined ? [] : [[id, retentionDays] as const])))
        return { events: eventDays, deadLetters: deadLetterDays, byType: new Map(own) }
      },
    }))
    .provide(SCHEDULER, () => createScheduler({
      storage, outside, ...(base.life === undefined ? {} : { node: base.life }), ports: { due: (run, signal) => runAlone(base, `schedule ${run.scheduleId}`, { 'liberacces.plugin': run.pluginId }, (traceparent) => runSchedule({
        runtime: services.get(RUNTIME), gates, modules, origin: (tenantId) => ({ ...origin(tenantId), ...(traceparent === undefined ? {} : { traceparent }) }),
        expire: async (release, from) => {
          // A store that is not there holds nothing, and must not be made to find that out.
          if (!(await storage.storesOf(from.tenant.id)).some(({ pluginId }) => pluginId === release.manifest.id)) return
          await expireData({ runtime: services.get(RUNTIME), audit: services.get(AUDIT), now: () => outside.now() }, release, from)
        },
      }, run, signal)), log },
    }))
}

/** Something that nobody asked for: the first of a trace of its own, where traces are sent on. */
async function runAlone({ tracer, traces }: Base, name: string, attributes: SpanAttributes, run: (traceparent: string | undefined) => Promise<void>): Promise<void> {
  if (tracer === undefined) return run(undefined)
  const span = { name, kind: 'internal', traceparent: traces(undefined), parent: undefined, startedAt: performance.now(), attributes } as const
  try {
    await run(span.traceparent)
    tracer.done(span)
  } catch (error) {
    tracer.done({ ...span, error })
    throw error
  }
}

/** Which node carries which events, where there are several. */
function carriageOf({ config: { databaseUrl }, session, log }: Base, outside: Outside): Carriage | undefined {
  if (session === undefined || databaseUrl === undefined) return undefined
  return new SharedCarriage({ session, address: parseDatabaseUrl(databaseUrl), outside, log })
}

/** Clocks that differ by less are taken for the same, in milliseconds: it cannot be measured finer on a busy machine, and what is due is claimed once anyhow. */
const FINE_MS = 1_000

/** Where nodes must agree on what is due they go by the clock of their database. */
function withSharedClock({ outside, life }: Base): Outside {
  if (life === undefined) return outside
  return {
    now: () => outside.now() - (Math.abs(life.skewMs) < FINE_MS ? 0 : Math.round(life.skewMs)),
    randomBytes: (length) => outside.randomBytes(length),
    fetch: outside.fetch,
    ...(outside.reached === undefined ? {} : { reached: outside.reached }),
  }
}

/** From now on stores are migrated when first opened, and those that hold events are marked. Nothing is delivered yet. */
export function openEvents(services: Container, { storage, scope }: Base): void {
  const known = knownModules(services)
  // Already while installations are opened: what moved on since the last start is brought along then, for every tenant.
  storage.makeStoresLate(({ tenantId, pluginId }) => {
    const release = known(tenantId)?.byId.get(pluginId)
    return release === undefined ? undefined : migrationsOf(release)
  })
  // Before anything writes an event: the bus marks stores that hold some, also those that come back while an interrupted change is finished.
  const events = services.get(EVENTS)
  scope.defer('events', () => events.stop())
  scope.defer('replays', () => services.get(REPLAYS).close())
  scope.defer('schedules', () => services.get(SCHEDULER).stop())
}
