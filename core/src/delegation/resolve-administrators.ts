/** Why somebody administers a tenant; the first that names anybody decides, and those after it are not looked at. */
export type AdministratorRule =
  /** Accounts that were given the role `tenant-admin`. */
  | 'explicit'
  /** Accounts whose proven address is the tenant's official one. */
  | 'official-address'
  /** The one agent of a small commune. */
  | 'small-commune'
  | 'none'

/** Who administers a tenant, and by which rule. */
export interface Resolution {
  readonly rule: AdministratorRule
  /** In the order of ids. */
  readonly accountIds: readonly string[]
}

/** An active account of the tenant. */
export interface Candidate {
  readonly id: string
  readonly roles: readonly string[]
  /** Lower case; `undefined` where it was not proven. */
  readonly provenEmail: string | undefined
}

/** What decides. */
export interface AdministratorFacts {
  readonly kind: 'pool' | 'epci' | 'commune' | 'satellite'
  /** `undefined` when it is not known: then nothing is guessed. */
  readonly population: number | undefined
  /** Lower case. */
  readonly officialAddress: string | undefined
  /** Inhabitants up to which a commune is small today. */
  readonly threshold: number
  readonly candidates: readonly Candidate[]
}

/**
 * Who administers: explicit role, else official address, else the one agent of a small commune, else nobody. Pure.
 * Why so, and what was not done: ADR 0012.
 */
export function resolveAdministrators({ kind, population, officialAddress, threshold, candidates }: AdministratorFacts): Resolution {
  const named = candidates.filter(({ roles }) => roles.includes('tenant-admin'))
  if (named.length > 0) return resolution('explicit', named)
  if (kind === 'pool') return NOBODY
  const atAddress = officialAddress === undefined ? [] : candidates.filter(({ provenEmail }) => provenEmail === officialAddress)
  if (atAddress.length > 0) return resolution('official-address', atAddress)
  if (!isSmall(kind, population, threshold)) return NOBODY
  const agents = candidates.filter(({ roles }) => roles.includes('agent'))
  // Of several nobody can say which; the Pool or the commune names one.
  return agents.length === 1 ? resolution('small-commune', agents) : NOBODY
}

/** Whether the rule for small communes speaks of a tenant at all. Pure. */
function isSmall(kind: AdministratorFacts['kind'], population: number | undefined, threshold: number): boolean {
  return kind === 'commune' && population !== undefined && population <= threshold
}

const NOBODY: Resolution = Object.freeze({ rule: 'none', accountIds: Object.freeze([]) })

function resolution(rule: AdministratorRule, found: readonly Candidate[]): Resolution {
  return Object.freeze({ rule, accountIds: Object.freeze(found.map(({ id }) => id).sort()) })
}
