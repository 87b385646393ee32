import type { Outage } from '../health/outage.ts'
import type { SiteServices } from './site-services.ts'

/** Plugins that a tenant has and that answer nobody there for now, as this node knows it. */
export function outagesAt({ health, installations }: Pick<SiteServices, 'health' | 'installations'>, tenantId: string): readonly Outage[] {
  const paused = new Map(health.breakers.open(tenantId).map(({ pluginId, since }) => [pluginId, since]))
  return installations.modules(tenantId).releases.flatMap(({ manifest: { id, version } }): readonly Outage[] => {
    const halt = health.halts.find(id, version)
    if (halt !== undefined) return [{ kind: halt.kind, pluginId: id, since: halt.since }]
    const since = paused.get(id)
    return since === undefined ? [] : [{ kind: 'paused', pluginId: id, since }]
  })
}
