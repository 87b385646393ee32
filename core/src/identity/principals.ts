import type { Tenant } from '../tenancy/tenant.ts'
import type { Principal } from './principal.ts'
import type { Roles } from './roles.ts'
import { ANONYMOUS } from './visitor.ts'

/** The principals that are nobody's account. */
export interface Principals {
  /** A visitor: no roles, no permissions. */
  anonymous(tenant: Tenant): Principal
  /** The platform itself (schedules, events, demo data): every permission that exists on the tenant. */
  system(tenant: Tenant): Principal
}

/** Principals without an account. */
export function createPrincipals({ roles }: { readonly roles: Roles }): Principals {
  return {
    anonymous: () => ANONYMOUS,
    system: (tenant) => Object.freeze({
      ...ANONYMOUS, kind: 'system', id: 'system', name: 'LiberAccès', permissions: new Set(roles.available(tenant.id).map(({ permission }) => permission)),
    }),
  }
}
