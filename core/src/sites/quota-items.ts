import type { QuotaItem } from '../pages/quota-usage.tsx'
import type { Tenant } from '../tenancy/tenant.ts'
import type { SiteServices } from './site-services.ts'

/** What a tenant uses of each quota now, for its pages. */
export async function quotaItems({ quotas }: Pick<SiteServices, 'quotas'>, tenant: Tenant): Promise<readonly QuotaItem[]> {
  return (await quotas.useOf(tenant.id)).map(({ kind, used, limit, level }) => ({ kind, used, level, ...(limit === undefined ? {} : { limit }) }))
}
