import type { Affected } from '../entitlement/entitlement-desk.ts'
import type { Platform } from '../platform.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { textTable } from './text-table.ts'

/** What a tenant may use now, as a document and as text. @param affected - what was switched off for it */
export function entitlementAnswer({ entitlementDesk, entitlements }: Platform, tenant: Tenant, affected: readonly Affected[] = []): readonly [document: object, text: string] {
  const { plugins: rule } = entitlements.policyOf(tenant.id)
  const plugins = entitlementDesk.grantsOf(tenant).map(({ pluginId, granted, barredBy, isOn }) => ({ pluginId, granted, ...(barredBy === undefined ? {} : { barredBy: barredBy.info.slug }), on: isOn }))
  const disabled = affected.flatMap(({ tenant: { info }, pluginIds }) => pluginIds.map((pluginId) => ({ tenant: info.slug, pluginId })))
  return [
    { tenant: tenant.info.slug, rule: rule.kind, ruled: rule.kind === 'all' ? [] : [...rule.plugins].toSorted(), plugins, disabled },
    [
      ...disabled.map(({ tenant: slug, pluginId }) => `Switched ${pluginId} off at ${slug}; its data is kept.`),
      textTable(['plugin', 'granted', 'kept away by', 'on'], plugins.map(({ pluginId, granted, barredBy, on }) => [pluginId, granted, barredBy, on]), 'The catalogue is empty.'),
    ].join('\n'),
  ]
}
