import { sql, type Kysely } from 'kysely'
import type { Outside } from '../outside.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { accountColumns, accountPrincipal, type CredentialAccount, type ImpliedRoles } from './account-principal.ts'
import type { Csrf } from './csrf.ts'
import { KnownCredentials } from './known-credentials.ts'
import type { Entry, Principal } from './principal.ts'
import type { Roles } from './roles.ts'
import { hashOfToken, hashTextOfToken, newSecretToken } from './secret-token.ts'

/** Longest life of a session, in milliseconds: a working day. */
export const SESSION_LIFE_MS = 12 * 3_600_000
/** A session ends when nothing came for this long, in milliseconds. */
const SESSION_IDLE_MS = 2 * 3_600_000
/** A session that is used is prolonged at most this often, in milliseconds, so that a request writes nothing. */
const PROLONG_EVERY_MS = 5 * 60_000

/** A session that was just opened. The token goes into the cookie and is stored nowhere. */
export interface OpenedSession {
  readonly token: string
  /** Milliseconds since the Unix epoch, at the latest. */
  readonly expiresAt: number
}

/** How a session's account comes in that is no account of the session's tenant: by a grant, or as a guest from the tenant above. */
export type Entrance =
  | { readonly kind: 'grant'; readonly grantId: string; readonly endsAt: number }
  | { readonly kind: 'guest'; readonly homeId: string }

/** Who stands behind a session whose account is not of its tenant, asked anew at every request. */
export interface Entrant {
  readonly account: CredentialAccount
  readonly entry: Entry
  readonly readOnly: boolean
}

/** Says whether an entrance is open at this moment, and with which roles; `undefined` when it is not. */
export type FindEntrant = (tenant: Tenant, session: { readonly accountId: string; readonly grantId: string | null; readonly homeId: string | null }) => Promise<Entrant | undefined>

/** Sessions of people in browsers. Only a hash of the token is stored. */
export interface Sessions {
  /** Opens a session of an account on a tenant. @param entrance - how it comes in, when it is no account of that tenant */
  open(tenantId: string, accountId: string, tx?: Kysely<PlatformTables>, entrance?: Entrance): Promise<OpenedSession>
  /** Who a token stands for on a tenant; `undefined` when it stands for nobody there. On every request: from memory, or one read. */
  resolve(token: string, tenant: Tenant): Principal | undefined | Promise<Principal | undefined>
  /** Ends a session. Ending twice is harmless. */
  close(token: string, tx?: Kysely<PlatformTables>): Promise<void>
  /** Ends all sessions of an account. */
  closeAll(accountId: string, tx: Kysely<PlatformTables>): Promise<void>
  /** Deletes sessions that have run out. Call it now and then. */
  sweep(): Promise<void>
}

/** What sessions are made from. */
export interface SessionsOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly roles: Roles
  readonly csrf: Csrf
  /** @defaultValue nobody comes from elsewhere */
  readonly entrant?: FindEntrant
  /** @defaultValue none */
  readonly implied?: ImpliedRoles
  readonly log?: { warn(detail: object, message: string): void }
}

interface SessionRow extends CredentialAccount {
  readonly created_at: number
  readonly expires_at: number
  readonly grant_id: string | null
  readonly home_id: string | null
}

/** Sessions on the kernel's tables. */
export function createSessions({ storage, outside, roles, csrf, entrant, implied, log }: SessionsOptions): Sessions {
  // Compiled once: building it anew costs more than running it.
  const find = sql<SessionRow>`select ${accountColumns('session')}, created_at, expires_at, grant_id, home_id from session where token_hash = ${''} and tenant_id = ${''}`.compile(storage.platform)

  const known = new KnownCredentials<SessionRow>({ storage, roles, outside }, 'session')

  /** When a session that is used now ends; the time it has anyway when that is not much later. */
  const prolonged = (session: SessionRow, now: number): number => {
    const expiresAt = Math.min(session.created_at + SESSION_LIFE_MS, now + SESSION_IDLE_MS)
    return expiresAt - session.expires_at < PROLONG_EVERY_MS ? session.expires_at : expiresAt
  }

  const prolong = async (tokenHash: Uint8Array, session: SessionRow, now: number): Promise<void> => {
    const expiresAt = prolonged(session, now)
    if (expiresAt === session.expires_at) return
    try {
      await storage.platform.updateTable('session').set({ expires_at: expiresAt }).where('token_hash', '=', tokenHash).execute()
    } catch (error) {
      // A full disk must not lock everybody out while their sessions still hold.
      log?.warn({ err: error }, 'a session could not be prolonged')
    }
  }

  const own = { roles, ...(implied === undefined ? {} : { implied }) }
  const principalOf = async (tenant: Tenant, session: SessionRow, tokenHash: Uint8Array): Promise<Principal | undefined> => {
    const proof = { via: 'cookie' as const, csrfToken: () => csrf.tokenFor(tokenHash) }
    if (session.grant_id === null && session.home_id === null) return accountPrincipal(tenant.id, session, proof, own)
    const found = await entrant?.(tenant, { accountId: session.account_id, grantId: session.grant_id, homeId: session.home_id })
    return found === undefined ? undefined : accountPrincipal(tenant.id, found.account, { ...proof, entry: found.entry, readOnly: found.readOnly }, { roles })
  }

  const resolveAnew = async (token: string, hashText: string, tenant: Tenant): Promise<Principal | undefined> => {
    const tokenHash = hashOrThrow(token)
    const found = await known.findAnew(hashText, tenant, async () => {
      const [row] = (await storage.platform.executeQuery<SessionRow>({ ...find, parameters: [tokenHash, tenant.id] })).rows
      if (row === undefined || row.expires_at <= outside.now()) return undefined
      const principal = await principalOf(tenant, row, tokenHash)
      return principal && { principal, row }
    })
    if (found !== undefined) await prolong(tokenHash, found.row, outside.now())
    return found?.principal
  }

  return {
    async open(tenantId, accountId, tx = storage.platform, entrance) {
      const token = newSecretToken(outside)
      const now = outside.now()
      await tx.insertInto('session').values({
        token_hash: hashOrThrow(token), account_id: accountId, tenant_id: tenantId, created_at: now, expires_at: now + SESSION_IDLE_MS,
        grant_id: entrance?.kind === 'grant' ? entrance.grantId : null, home_id: entrance?.kind === 'guest' ? entrance.homeId : null,
      }).execute()
      return { token, expiresAt: Math.min(now + SESSION_LIFE_MS, entrance?.kind === 'grant' ? entrance.endsAt : Infinity) }
    },

    resolve(token, tenant) {
      const hashText = hashTextOfToken(token)
      if (hashText === undefined) return undefined
      const found = known.find(hashText, tenant)
      if (found !== undefined) {
        const now = outside.now()
        if (found.row.expires_at <= now) return undefined
        if (prolonged(found.row, now) === found.row.expires_at) return found.principal
      }
      return resolveAnew(token, hashText, tenant)
    },

    async close(token, tx = storage.platform) {
      const tokenHash = hashOfToken(token)
      if (tokenHash !== undefined) await tx.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
    },
    async closeAll(accountId, tx) {
      await tx.deleteFrom('session').where('account_id', '=', accountId).execute()
    },
    async sweep() {
      await storage.platform.deleteFrom('session').where('expires_at', '<=', outside.now()).execute()
    },
  }
}

function hashOrThrow(token: string): Uint8Array {
  const hashed = hashOfToken(token)
  if (hashed === undefined) throw new Error('A new token has an unexpected form.')
  return hashed
}
