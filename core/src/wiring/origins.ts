import type { Container } from '../container.ts'
import { PlatformError } from '../errors.ts'
import type { Origin } from '../runtime/runtime.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { Base } from './base.ts'
import { PRINCIPALS, TENANTS } from './tokens.ts'

/** The platform itself acting on a tenant, as schedules and event handlers do. */
export type SystemOrigin = (tenantId: string, traceparent?: string) => Origin

/** @throws PlatformError `TENANT_UNKNOWN` */
export function systemOrigin(services: Container, { traces }: Pick<Base, 'traces'>): SystemOrigin {
  return (tenantId, traceparent) => {
    const tenant = tenantOf(services, tenantId)
    return { tenant, principal: services.get(PRINCIPALS).system(tenant), locale: 'fr', traceparent: traces(traceparent), reads: undefined }
  }
}

/**
 * The platform checking a release on a tenant's data. Works also while what runs where is still being found out: a check asks for no permission.
 * @throws PlatformError `TENANT_UNKNOWN`
 */
export function checkOrigin(services: Container, { traces }: Pick<Base, 'traces'>): (tenantId: string) => Origin {
  return (tenantId) => {
    const tenant = tenantOf(services, tenantId)
    return { tenant, principal: { ...services.get(PRINCIPALS).anonymous(tenant), kind: 'system', id: 'system', name: 'LiberAccès' }, locale: 'fr', traceparent: traces(undefined), reads: undefined }
  }
}

function tenantOf(services: Container, tenantId: string): Tenant {
  const tenant = services.get(TENANTS).byId(tenantId)
  if (tenant === undefined) throw new PlatformError('TENANT_UNKNOWN', `There is no tenant with the id ${tenantId}.`, { fix: 'It may just have been deleted.' })
  return tenant
}
