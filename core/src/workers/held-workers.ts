import type { Reloadable } from '../nodes/reloadable.ts'
import type { Settings } from '../settings/settings.ts'
import type { Workers } from './workers.ts'

/** Workers run with the settings of their plugin: where another node has changed those, they are run anew here too. */
export function heldWorkers({ workers, settings }: { readonly workers: () => Pick<Workers, 'list' | 'restart'>; readonly settings: Pick<Settings, 'get'> }): Reloadable {
  const seen = new Map<string, string>()
  return {
    tables: ['setting'],
    async reload(changed) {
      const plugins = new Map(workers().list().map(({ tenantId, pluginId }) => [`${tenantId}/${pluginId}`, { tenantId, pluginId }]))
      for (const [name, { tenantId, pluginId }] of plugins) {
        if (changed?.has(tenantId) === false) continue
        const now = JSON.stringify(await settings.get(tenantId, pluginId))
        // Those of another plugin of the tenant, or of the kernel, may be what changed.
        if (seen.get(name) !== now) workers().restart(tenantId, pluginId)
        seen.set(name, now)
      }
    },
  }
}
