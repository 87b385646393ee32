import { isRetryLater } from '@liberacces/sdk/host'
import { v7 as uuidv7 } from 'uuid'
import type { Container } from '../container.ts'
import { sharedOrigin } from '../delegation/shared-origin.ts'
import { fetchAs } from '../egress/fetch-as.ts'
import { lookupInTurns } from '../egress/lookup-turns.ts'
import { createMachineLookup } from '../egress/machine-lookup.ts'
import { contractOf, knownEvents } from '../events/known-events.ts'
import { statusOfError } from '../http/status-codes.ts'
import { traceIdOf } from '../http/traceparent.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { administratorAddresses } from '../mail/administrator-addresses.ts'
import { createPrivacyDesk } from '../privacy/privacy.ts'
import type { ContextPorts } from '../runtime/call-context.ts'
import { inTrace } from '../runtime/in-trace.ts'
import { createInlineRuntime } from '../runtime/inline.ts'
import { blame, pluginLog } from '../runtime/plugin-log.ts'
import { serviceClient } from '../runtime/services.ts'
import { traced } from '../tracing/traced-runtime.ts'
import { workerHandle } from '../workers/worker-handle.ts'
import type { Base } from './base.ts'
import { currentModules } from './current-modules.ts'
import { systemOrigin } from './origins.ts'
import { sealerFor } from './sealer-for.ts'
import { AUDIT, CONSENTS, CONTEXT_PORTS, EGRESS, FILES, PRIVACY, QUOTAS, RUNTIME, SETTINGS, SHARES, TENANTS, WORKERS } from './tokens.ts'

/** The door into plugin code, and what is handed to it. */
export function provideRuntime(services: Container, base: Base): void {
  const { storage, gates, health, log, serving, tracer, config, outside } = base
  const modules = currentModules(services)
  services
    .provide(EGRESS, () => ({ policy: config.egress, lookup: lookupInTurns(outside.lookup ?? createMachineLookup()) }))
    .provide(CONTEXT_PORTS, () => contextPorts(services, base))
    .provide(RUNTIME, (from) => createInlineRuntime({
      settings: (tenantId, pluginId) => services.get(SETTINGS).peek(tenantId, pluginId) ?? services.get(SETTINGS).get(tenantId, pluginId),
      cpu: from.get(QUOTAS).cpu,
      accepted: (tenantId, pluginId) => services.get(CONSENTS).granted(tenantId, pluginId),
      failed: (release, origin, call, error) => {
        // What the kernel refuses the person who asked is no failure of the plugin.
        const isFailure = statusOfError(error) >= 500 && error.code !== 'QUOTA_EXCEEDED' && !isRetryLater(error.cause)
        if (isFailure) serving.front?.metrics.failed(release.manifest.id, error.code, error)
        if (isFailure) health.times.failed(release)
        log[isFailure ? 'warn' : 'debug']({ ...blame(release, origin), what: call.what, code: error.code, err: error.cause ?? error }, error.message)
      },
      ended: (release, seconds) => {
        serving.front?.metrics.called(release.manifest.id, seconds)
        health.times.note(release, seconds)
      },
      guard: health.guard,
      around: tracer === undefined ? undefined : (run) => traced(run, tracer),
      ports: from.get(CONTEXT_PORTS),
    }))
    .provide(PRIVACY, (from) => createPrivacyDesk({
      runtime: from.get(RUNTIME), gates, audit: from.get(AUDIT), modules, origin: systemOrigin(services, base),
      storesOf: async (tenantId) => (await storage.storesOf(tenantId)).map(({ pluginId }) => pluginId),
    }))
}

function contextPorts(services: Container, base: Base): ContextPorts {
  const { storage, outside, log, gates, serving, secure } = base
  const sealer = sealerFor(base, 'plugins')
  const modules = currentModules(services)
  return {
    store: (tenantId, pluginId) => storage.store({ tenantId, pluginId }),
    files: (tenantId, pluginId) => services.get(FILES).of({ tenantId, pluginId }),
    client: (service, caller, origin, limit) => serviceClient({ runtime: services.get(RUNTIME), gates, modules, shared: (contract, from) => sharedOrigin(services.get(TENANTS), services.get(SHARES), contract, from) }, service, caller, origin, limit),
    audit: (release, origin, action, target, detail) => services.get(AUDIT).record({
      tenantId: origin.tenant.id, actor: actorOf(origin),
      pluginId: release.manifest.id, action, target, traceId: traceIdOf(origin.traceparent), ...(detail === undefined ? {} : { detail }),
    }),
    fetch: (release, origin, accepted, url, init) => fetchAs({
      ...services.get(EGRESS), fetch: outside.fetch,
      refused: (host, address) => { log.warn({ ...blame(release, origin), host, address }, 'a plugin was kept from an address that is none of the public internet') },
    }, { release, accepted }, url, inTrace(origin, init)),
    secrets: ({ manifest }, { tenant }) => {
      const place = `plugin/${tenant.id}/${manifest.id}`
      return { seal: async (text) => sealer.seal(place, text), open: async (sealed) => sealer.open(place, sealed), random: (length) => outside.randomBytes(Math.min(64, Math.max(16, length))) }
    },
    knownEvents: ({ tenant, locale }) => knownEvents(modules(tenant.id), locale),
    eventContract: ({ tenant }, id) => contractOf(modules(tenant.id), id),
    worker: (release, { tenant, locale }, workerId) => workerHandle(services.get(WORKERS), release, { tenantId: tenant.id, pluginId: release.manifest.id, workerId }, locale),
    administrators: (tenantId) => administratorAddresses(storage, tenantId),
    log: (release, origin) => pluginLog(log, blame(release, origin)),
    baseUrl: ({ tenant }) => `${secure ? 'https' : 'http'}://${tenant.hosts[0] ?? ''}${secure ? '' : `:${serving.port}`}`,
    quota: services.get(QUOTAS).ledger,
    newId: () => uuidv7({ msecs: outside.now(), random: outside.randomBytes(16) }),
    now: () => outside.now(),
  }
}
