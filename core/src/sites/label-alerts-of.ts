import type { RequestContext } from '../http/request-context.ts'
import { TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import { isAmiss } from '../labels/label-standing.ts'
import type { LabelAlert } from '../pages/label-alerts.tsx'
import { opensAdministration } from './access.ts'
import { pluginTitle } from './plugin-title.ts'
import type { SiteServices } from './site-services.ts'

/** What administrators of a tenant must know of labels: of what it has on, and at the Pool of everything. In memory. */
export function labelAlertsOf(services: SiteServices, { tenant, principal, locale }: RequestContext): readonly LabelAlert[] {
  if (services.labels.amiss.length === 0 || !opensAdministration(principal)) return []
  const isPool = tenant.info.kind === 'pool'
  const { byId } = services.installations.modules(tenant.id)
  return services.labels.amiss.flatMap((standing): readonly LabelAlert[] => {
    const { id, version, state, change, decision } = standing
    if (!isAmiss(standing) || (state !== 'suspended' && state !== 'revoked') || change === undefined) return []
    if (!isPool && byId.get(id)?.manifest.version !== version) return []
    return [{
      title: pluginTitle(services, id, locale), version, state, since: change.at, reason: change.note ?? change.reason,
      ...(state === 'revoked' ? { disableAt: change.disableAt ?? change.at } : {}), ...(decision === undefined ? {} : { decided: decision.decision }),
      ...(isPool && principal.permissions.has(TENANTS_MANAGE) ? { href: `/modules/${id}` } : {}),
    }]
  })
}
