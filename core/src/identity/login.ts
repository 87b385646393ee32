import type { Audit } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { parseLogin } from './accounts.ts'
import type { LoginThrottle, LoginTry } from './login-throttle.ts'
import { tooManyAtOnce, type Passwords } from './passwords.ts'
import { actorOf } from './audit-actor.ts'
import type { Principal } from './principal.ts'
import type { Entrance, OpenedSession, Sessions } from './sessions.ts'

/** Someone who wants in. */
export interface LoginRequest {
  readonly tenant: Tenant
  readonly login: string
  readonly password: string
  /** Address the request came from. */
  readonly ip: string
  /** Token of the session that the browser had before; it ends with the new one. */
  readonly previousToken?: string
}

/** Lets people in and out. */
export interface Login {
  /**
   * Opens a session. An unknown login, a disabled account and a wrong password cannot be told apart, by time neither.
   * @throws PlatformError `LOGIN_FAILED`; `LOGIN_THROTTLED` after too many failures, or while too many log in at once
   */
  login(request: LoginRequest): Promise<OpenedSession & { readonly principal: Principal }>
  /** Ends a session. Twice is harmless. */
  logout(token: string, tenant: Tenant): Promise<void>
}

/** What logging in is made from. */
export interface LoginOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly throttle: LoginThrottle
  /** The tenant whose accounts may come in on a tenant besides its own. @defaultValue none */
  readonly accountsFrom?: (tenantId: string) => string | undefined
}

/** No password is longer; what comes after is not even looked at. */
const LOOKED_AT = 1_000
/** Who is on record for a login that failed. */
const SOMEBODY = { kind: 'anonymous', id: 'anonymous', name: 'anonymous' } as const

/** Logging in with a password. */
export function createLogin({ storage, outside, audit, passwords, sessions, throttle, accountsFrom }: LoginOptions): Login {
  const find = (tenantId: string, login: string) => storage.platform.selectFrom('account').select(['id', 'tenant_id', 'name', 'status', 'password_hash'])
    .where('tenant_id', '=', tenantId).where('login', '=', login)
  /** An account of the tenant above counts only where it was given a role here. */
  const findGuest = (homeId: string, login: string, tenantId: string) => find(homeId, login)
    .where((where) => where.exists(where.selectFrom('guest_role').select('role').whereRef('guest_role.account_id', '=', 'account.id').where('satellite_id', '=', tenantId)))

  return {
    async login({ tenant, login: typed, password, ip, previousToken }) {
      // Before anything is read or written: a flood must not cost more than this.
      if (passwords.isFull) throw tooManyAtOnce()
      const login = parseLogin(typed) ?? ''
      const homeId = accountsFrom?.(tenant.id)
      const attempt = await throttle.admit(homeId === undefined ? [tenant.id] : [tenant.id, homeId], login, ip)
      // The tenant's own account goes first; both are looked for, so that time does not tell which there is.
      const own = await find(tenant.id, login).executeTakeFirst()
      const guest = homeId === undefined ? undefined : await findGuest(homeId, login, tenant.id).executeTakeFirst()
      const account = own ?? guest
      const given = password.slice(0, LOOKED_AT)
      const matches = await look(attempt, () => passwords.matches(account?.status === 'active' ? account.password_hash : undefined, given))
      if (account === undefined || !matches) {
        await audit.record({ tenantId: tenant.id, actor: SOMEBODY, action: 'login.failed', target: account?.id ?? 'unknown', detail: { ip } })
        throw loginFailed()
      }
      const hashed = passwords.isOutdated(account.password_hash) ? await hashAgain(given) : undefined
      const session = await storage.platformTransaction(async (tx) => {
        const { numUpdatedRows } = await tx.updateTable('account').set({ last_login_at: outside.now(), ...(hashed === undefined ? {} : { password_hash: hashed }) })
          .where('id', '=', account.id).where('status', '=', 'active').where('password_hash', '=', account.password_hash).executeTakeFirst()
        // Disabled, or given another password, while we were looking at this one.
        if (numUpdatedRows === 0n) throw loginFailed()
        await attempt.succeeded(tx, account.tenant_id)
        if (previousToken !== undefined) await sessions.close(previousToken, tx)
        const entrance: Entrance | undefined = account.tenant_id === tenant.id ? undefined : { kind: 'guest', homeId: account.tenant_id }
        for (const tenantId of new Set([tenant.id, account.tenant_id])) {
          await audit.record({
            tenantId, actor: { kind: 'account', id: account.id, name: account.name }, action: 'login.succeeded', target: account.id, detail: { ip, ...(entrance === undefined ? {} : { at: tenant.info.slug }) },
          }, tx)
        }
        return sessions.open(tenant.id, account.id, tx, entrance)
      })
      const principal = await sessions.resolve(session.token, tenant)
      if (principal === undefined) throw loginFailed()
      return { ...session, principal }
    },

    async logout(token, tenant) {
      const principal = await sessions.resolve(token, tenant)
      if (principal === undefined) return
      await sessions.close(token)
      await audit.record({ tenantId: tenant.id, actor: actorOf({ principal }), action: 'logout', target: principal.id })
    },
  }

  /** A try whose password could not be looked at is held against nobody. */
  async function look(attempt: LoginTry, check: () => Promise<boolean>): Promise<boolean> {
    try {
      return await check()
    } catch (error) {
      await attempt.undone()
      throw error
    }
  }

  /** The password under today's parameters; without it where the machine is busy: the next login comes by here again. */
  async function hashAgain(password: string): Promise<string | undefined> {
    return await passwords.hash(password).catch(() => undefined)
  }
}

function loginFailed(): PlatformError {
  return new PlatformError('LOGIN_FAILED', 'Login or password is wrong.', { fix: 'Check both and try again.' })
}
