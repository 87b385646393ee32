import type { Principal } from '../identity/principal.ts'
import type { Origin } from '../runtime/runtime.ts'
import type { Tenants } from '../tenancy/tenants.ts'
import type { Shares } from './shares.ts'

/**
 * On whose behalf a plugin of a satellite asks the tenant above through a shared contract: nobody's. The call looks and changes nothing,
 * holds the permissions that the share names, and nothing of the person behind it, whose roles are worth nothing there.
 * @returns `undefined` where the contract is not shared now
 */
export function sharedOrigin(tenants: Pick<Tenants, 'byId'>, shares: Pick<Shares, 'contractFrom'>, contract: string, origin: Origin): Origin | undefined {
  const reach = shares.contractFrom(origin.tenant.id, contract)
  const tenant = reach === undefined ? undefined : tenants.byId(reach.tenantId)
  if (reach === undefined || tenant === undefined) return undefined
  const principal: Principal = Object.freeze({
    kind: 'anonymous', id: origin.tenant.id, name: origin.tenant.info.name, email: undefined, roles: NO_ROLES, permissions: new Set(reach.permissions), via: 'none', csrfToken: '',
    entry: { kind: 'share' as const, satelliteId: origin.tenant.id }, readOnly: true,
  })
  return {
    tenant, principal, locale: origin.locale, traceparent: origin.traceparent, tracestate: origin.tracestate, cause: origin.cause, trail: origin.trail, clocks: origin.clocks, reads: origin.reads, beyondQuotas: origin.beyondQuotas,
    // No passage: what the caller is inside of stands on another tenant.
    get signal() { return origin.signal },
  }
}

const NO_ROLES: readonly string[] = Object.freeze([])
