import type { Outside } from '../outside.ts'
import { parisDayAt } from '../paris-day.ts'
import type { Stamp } from '../storage/changes.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { CredentialAccount } from './account-principal.ts'
import type { Principal } from './principal.ts'
import type { Roles } from './roles.ts'

/** Credentials remembered at most; the least recently used is forgotten first. */
const LIMIT = 2_000

/** A credential as it was found: whom it stands for, and its row. */
export interface Found<Row> {
  readonly principal: Principal
  readonly row: Row
}

interface Known<Row> extends Found<Row> {
  readonly stamp: Stamp
  readonly basis: object
  /** Of Paris: rules that are dated hold from a day on. */
  readonly day: string
}

/**
 * Whom credentials stand for, as it was found before, as long as nothing was written that it was found by. One who is found again unchanged is
 * the same object, so that whatever was made for this person can be known by it. Who has no account on the tenant comes in by something that
 * time may end at any moment, and is found anew each time. When the credential itself ends is for the caller to check.
 */
export class KnownCredentials<Row extends CredentialAccount> {
  readonly #storage: Storage
  readonly #roles: Roles
  readonly #outside: Pick<Outside, 'now'>
  readonly #table: string
  readonly #known = new Map<string, Known<Row>>()

  constructor({ storage, roles, outside }: { readonly storage: Storage; readonly roles: Roles; readonly outside: Pick<Outside, 'now'> }, table: 'session' | 'api_token') {
    this.#storage = storage
    this.#roles = roles
    this.#outside = outside
    this.#table = table
  }

  /** @param tokenHash - base64; never the token itself: this lives long */
  find(tokenHash: string, tenant: Tenant): Found<Row> | undefined {
    const key = tenant.id + tokenHash
    const known = this.#known.get(key)
    if (known === undefined || known.stamp !== this.#stamp() || known.basis !== this.#roles.basis(tenant.id) || known.day !== this.#day()) return undefined
    this.#known.delete(key)
    this.#known.set(key, known)
    return known
  }

  /** Finds anew. @returns the one known before where nothing about this person is different */
  async findAnew(tokenHash: string, tenant: Tenant, look: () => Promise<Found<Row> | undefined>): Promise<Found<Row> | undefined> {
    const key = tenant.id + tokenHash
    const [stamp, basis, day] = [this.#stamp(), this.#roles.basis(tenant.id), this.#day()]
    const found = await look()
    const before = this.#known.get(key)
    this.#known.delete(key)
    if (found === undefined || found.principal.entry !== undefined) return found
    const known = { stamp, basis, day, row: found.row, principal: before !== undefined && isSame(before, found) ? before.principal : found.principal }
    this.#known.set(key, known)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= LIMIT) break
      this.#known.delete(oldest)
    }
    return known
  }

  #stamp(): Stamp {
    return this.#storage.platformStamp([this.#table, 'account'])
  }

  #day(): string {
    return parisDayAt(this.#outside.now()).day
  }
}

function isSame(one: Found<CredentialAccount>, other: Found<CredentialAccount>): boolean {
  const { principal, row } = one
  return principal.permissions === other.principal.permissions && principal.roles.join(' ') === other.principal.roles.join(' ')
    && row.account_id === other.row.account_id && row.name === other.row.name && row.email === other.row.email
}
