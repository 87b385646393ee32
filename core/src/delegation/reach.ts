import type { Tenant } from '../tenancy/tenant.ts'

/** As much of the tree of tenants as deciding takes. */
export interface Tree {
  byId(id: string): Tenant | undefined
}

/** A grant as far as it decides. Times in milliseconds since the Unix epoch. */
export interface GrantFacts {
  readonly tenantId: string
  readonly role: string
  readonly writes: boolean
  readonly openedAt: number | undefined
  readonly endsAt: number | undefined
  readonly endedAt: number | undefined
}

/** An account as far as it decides. */
export interface AccountFacts {
  readonly tenantId: string
  readonly active: boolean
  readonly roles: readonly string[]
}

/** What a tenant shares with a satellite, as far as it decides. */
export interface ShareFacts {
  readonly satelliteId: string
  readonly parentId: string
  /** {@link ACCOUNTS}, or the id of a contract. */
  readonly what: string
  /** Full names of permissions that calls from the satellite hold. */
  readonly permissions: readonly string[]
  readonly acceptedAt: number | undefined
}

/** The share of a tenant's accounts. No contract is called so: their ids end in `/vN`. */
export const ACCOUNTS = 'accounts'

/** What somebody from elsewhere may be on a tenant. */
export interface Reach {
  readonly roles: readonly string[]
  readonly readOnly: boolean
}

// These functions are the whole of what makes rights pass from one tenant to another. Whatever they do not say is not so: being above,
// below or beside somebody in the tree gives nothing by itself.

/**
 * What a grant gives its operator on a tenant now: on the tenant it names and no other, while it is open, and while the operator
 * administers the Pool. Pure.
 */
export function reachByGrant(tree: Tree, grant: GrantFacts, operator: AccountFacts, where: string, now: number): Reach | undefined {
  if (grant.tenantId !== where || !isOpen(grant, now)) return undefined
  const tenant = tree.byId(where)
  if (tenant === undefined || tenant.info.kind === 'pool') return undefined
  return isOperator(tree, operator) ? { roles: [grant.role], readOnly: !grant.writes } : undefined
}

/** Whether a grant holds now. Pure. */
export function isOpen({ openedAt, endsAt, endedAt }: GrantFacts, now: number): boolean {
  return openedAt !== undefined && endsAt !== undefined && endedAt === undefined && openedAt <= now && now < endsAt
}

/** Whether an account may be let into tenants by grants: it administers the Pool. Pure. */
export function isOperator(tree: Tree, { tenantId, active, roles }: AccountFacts): boolean {
  return active && roles.includes('pool-admin') && tree.byId(tenantId)?.info.kind === 'pool'
}

/** Whether a tenant may share something with another: with a satellite directly below it. Pure. */
export function mayShare(tree: Tree, parentId: string, satelliteId: string): boolean {
  const satellite = tree.byId(satelliteId)
  return satellite?.info.kind === 'satellite' && satellite.parentId === parentId && tree.byId(parentId) !== undefined
}

/** Whether a share holds: both sides said so, and the one still stands below the other. Pure. */
export function isInForce(tree: Tree, share: ShareFacts): boolean {
  return share.acceptedAt !== undefined && mayShare(tree, share.parentId, share.satelliteId)
}

/** What an account of the tenant above may be on a satellite: what the satellite gave it, as long as the accounts are shared. Pure. */
export function reachAsGuest(tree: Tree, shares: readonly ShareFacts[], account: AccountFacts, given: readonly string[], where: string): Reach | undefined {
  const share = shares.find(({ what, satelliteId, parentId }) => what === ACCOUNTS && satelliteId === where && parentId === account.tenantId)
  if (!account.active || given.length === 0 || share === undefined || !isInForce(tree, share)) return undefined
  // The roles that the account holds at home are not looked at.
  return { roles: given.filter((role) => role !== 'pool-admin'), readOnly: false }
}

/** Whom a satellite's plugin may ask through a contract that it does not have itself, and with which permissions. Pure. */
export function reachOfContract(tree: Tree, shares: readonly ShareFacts[], contract: string, from: string): { readonly tenantId: string; readonly permissions: readonly string[] } | undefined {
  if (contract === ACCOUNTS) return undefined
  const share = shares.find(({ what, satelliteId }) => what === contract && satelliteId === from)
  return share !== undefined && isInForce(tree, share) ? { tenantId: share.parentId, permissions: share.permissions } : undefined
}
