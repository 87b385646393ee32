import { PlatformError } from '../errors.ts'
import type { Platform } from '../platform.ts'
import type { Tenant } from '../tenancy/tenant.ts'

/**
 * The tenant that an operator names.
 * @throws PlatformError `TENANT_UNKNOWN`
 */
export function tenantOf({ tenants }: Platform, slug: string): Tenant {
  const tenant = tenants.bySlug(slug)
  if (tenant === undefined) throw new PlatformError('TENANT_UNKNOWN', `There is no tenant "${slug}".`, { fix: 'See `liberacces tenant list` for the slugs.' })
  return tenant
}
