import type { Container } from '../container.ts'
import { connectAs } from '../egress/connect-as.ts'
import { pinnedConnect } from '../egress/pinned-connect.ts'
import { PlatformError } from '../errors.ts'
import { inside } from '../runtime/inside.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { NO_SCOPES } from '../runtime/scope-gate.ts'
import type { WorkerKey } from '../workers/worker-ports.ts'
import { Workers } from '../workers/workers.ts'
import type { Base } from './base.ts'
import { currentModules } from './current-modules.ts'
import { systemOrigin } from './origins.ts'
import { CONSENTS, EGRESS, RUNTIME, SETTINGS, TENANTS, WORKERS } from './tokens.ts'

/** What plugins keep running. Nothing is begun before the platform listens. */
export function provideWorkers(services: Container, base: Base): void {
  const { outside, gates, health, log } = base
  const modules = currentModules(services)
  const origin = systemOrigin(services, base)
  services.provide(WORKERS, () => new Workers({
    outside, modules,
    mayRun: ({ manifest: { id, version } }) => health.halts.find(id, version) === undefined,
    ports: {
      log,
      now: () => outside.now(),
      chance: () => (outside.randomBytes(1)[0] ?? 0) / 256,
      tenant: (tenantId) => {
        const tenant = services.get(TENANTS).byId(tenantId)
        if (tenant === undefined) throw new PlatformError('TENANT_UNKNOWN', `There is no tenant with the id ${tenantId}.`, { fix: 'It may just have been deleted.' })
        return tenant.info
      },
      settings: ({ tenantId, pluginId }) => services.get(SETTINGS).get(tenantId, pluginId),
      call: (key, release, call, signal, body) => inside(gates, { ...origin(key.tenantId), signal }, key.pluginId, (from) => {
        requireCurrent(key, release)
        return services.get(RUNTIME).call(release, from, call, body)
      }),
      connect: async ({ tenantId, pluginId }, release, target, signal) => {
        const accepted = release.manifest.optionalScopes === undefined ? NO_SCOPES : await services.get(CONSENTS).granted(tenantId, pluginId)
        return connectAs({
          ...services.get(EGRESS), connect: (to, tls, until) => (outside.connect ?? pinnedConnect)({ ...to, tenantId }, tls, until),
          refused: (host, address) => { log.warn({ plugin: pluginId, release: release.manifest.version, tenant: services.get(TENANTS).byId(tenantId)?.info.slug, host, address }, 'a plugin was kept from an address that is none of the public internet') },
        }, { release, accepted }, target, signal)
      },
    },
  }))

  /** A worker of a release that was just replaced ends soon; until then it must not touch data that is the next one's. */
  function requireCurrent({ tenantId, pluginId }: WorkerKey, release: LoadedRelease): void {
    if (modules(tenantId).byId.get(pluginId) !== release) throw new PlatformError('UNAVAILABLE', `Plugin "${pluginId}" runs in another release by now.`, { fix: 'Its worker is run anew by itself.' })
  }
}
