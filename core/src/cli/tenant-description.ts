import type { Platform } from '../platform.ts'
import type { Tenant } from '../tenancy/tenant.ts'

/** A tenant as the command line answers it. */
export interface TenantDescription {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly kind: Tenant['info']['kind']
  /** Slug of the tenant above; absent for the Pool. */
  readonly parent?: string
  readonly insee?: string
  readonly siren?: string
  readonly population?: number
  readonly hosts: readonly string[]
  /** Ids of the active plugins. */
  readonly plugins: readonly string[]
}

/** Describes a tenant. */
export function describeTenant({ tenants, installations }: Platform, { id, parentId, hosts, info }: Tenant): TenantDescription {
  const parent = parentId === undefined ? undefined : tenants.byId(parentId)?.info.slug
  const { slug, name, kind, insee, siren, population } = info
  return {
    id, slug, name, kind,
    ...(parent === undefined ? {} : { parent }),
    ...(insee === undefined ? {} : { insee }),
    ...(siren === undefined ? {} : { siren }),
    ...(population === undefined ? {} : { population }),
    hosts,
    plugins: installations.modules(id).releases.map((release) => release.manifest.id).sort(),
  }
}
