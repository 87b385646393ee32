import { PlatformError } from '../errors.ts'
import type { Account } from '../identity/accounts.ts'
import type { Role } from '../identity/roles.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { GRANT_MINUTES } from './grant.ts'
import { isOperator, type Tree } from './reach.ts'

/** Who asks to let whom into which tenant. */
export interface GrantWish {
  readonly tenantId: string
  /** Account of the Pool that shall enter. */
  readonly operatorId: string
  /** One of the tenant's roles. */
  readonly role: string
  /** Whether the operator may change things. @defaultValue false: looks only */
  readonly writes?: boolean
  /** 15 to 480. */
  readonly minutes: number
  /** Why, for the tenant to read: 5 to 500 characters. */
  readonly reason: string
}

/**
 * Holds a wish against everything that must be so. Pure; names every problem at once.
 * @throws PlatformError `GRANT_INVALID`, `TENANT_UNKNOWN`
 */
export function checkGrant(tree: Tree, wish: GrantWish, operator: Account | undefined, poolId: string | undefined, roles: readonly Role[]): { readonly tenant: Tenant; readonly reason: string } {
  const tenant = tree.byId(wish.tenantId)
  if (tenant === undefined) throw new PlatformError('TENANT_UNKNOWN', 'There is no such tenant to enter.', { fix: 'See `liberacces tenant list`.' })
  const fields: Record<string, string> = {}
  if (tenant.info.kind === 'pool') fields['tenant'] = 'The Pool is administered in its own console; no grant is needed.'
  if (operator === undefined || poolId === undefined || !isOperator(tree, { tenantId: poolId, active: operator.status === 'active', roles: operator.roles })) {
    fields['operator'] = 'The operator must be an active account of the Pool with the role pool-admin.'
  }
  if (wish.role === 'pool-admin' || !roles.some(({ id }) => id === wish.role)) fields['role'] = `"${wish.role}" is no role of ${tenant.info.name}.`
  if (!Number.isInteger(wish.minutes) || wish.minutes < GRANT_MINUTES.least || wish.minutes > GRANT_MINUTES.most) {
    fields['minutes'] = `A grant lasts ${GRANT_MINUTES.least} to ${GRANT_MINUTES.most} whole minutes.`
  }
  const reason = wish.reason.trim().replaceAll(/\s+/g, ' ')
  if (reason.length < 5 || reason.length > 500) fields['reason'] = 'A reason has 5 to 500 characters: the tenant reads it.'
  if (Object.keys(fields).length > 0) throw new PlatformError('GRANT_INVALID', `The grant cannot be given: ${Object.values(fields).join(' ')}`, { fix: 'Correct what is named.', fields })
  return { tenant, reason }
}
