import type { Reloadable } from '../nodes/reloadable.ts'
import type { Settings } from '../settings/settings.ts'
import type { Workers } from './workers.ts'

/**
 * Workers run with the settings of their plugin: where another node has changed those, they are run anew here too. What this node has changed
 * itself it hears of as well, and so it does when something else of the tenant was set: neither ends a run that has what is set now.
 */
export function heldWorkers({ workers, settings }: { readonly workers: () => Pick<Workers, 'list' | 'renew'>; readonly settings: Pick<Settings, 'get'> }): Reloadable {
  return {
    tables: ['setting'],
    async reload(changed) {
      const plugins = new Map(workers().list().map(({ tenantId, pluginId }) => [`${tenantId}/${pluginId}`, { tenantId, pluginId }]))
      for (const { tenantId, pluginId } of plugins.values()) {
        if (changed?.has(tenantId) !== false) workers().renew(tenantId, pluginId, await settings.get(tenantId, pluginId))
      }
    },
  }
}
