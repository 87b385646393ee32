import type { Audit } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { Accounts } from './accounts.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { describePasswordProblem, passwordProblem, type PasswordProblem } from './password-rules.ts'
import { tooManyAtOnce, type Passwords } from './passwords.ts'
import type { Principal } from './principal.ts'
import type { OpenedSession, Sessions } from './sessions.ts'

/** Somebody who wants another password. */
export interface PasswordChange {
  readonly tenant: Tenant
  readonly principal: Principal
  readonly current: string
  readonly next: string
  /** Address the request came from. */
  readonly ip: string
}

/** Lets people change the password of their own account. */
export interface OwnPassword {
  /** What speaks against a new password of an account, before the current one is looked at. */
  problemOf(principal: Principal, tenant: Tenant, next: string): Promise<PasswordProblem | undefined>
  /**
   * Sets another password: all sessions and tokens of the account end, and a new session is opened for who did it.
   * @throws PlatformError `LOGIN_FAILED` when the current one is wrong; `LOGIN_THROTTLED`; `ACCOUNT_INVALID`; `PERMISSION_DENIED` for who has no account on this tenant
   */
  change(change: PasswordChange): Promise<OpenedSession>
}

/** What it is made from. */
export interface OwnPasswordOptions {
  readonly storage: Storage
  readonly audit: Audit
  readonly passwords: Passwords
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly throttle: LoginThrottle
}

/** Whether a person's account is this tenant's, so that its password is changed here. */
export function isOwnAccount({ kind, entry }: Principal): boolean {
  return kind === 'account' && entry === undefined
}

/** Own passwords, guarded like logins: whoever finds a session open must not guess in peace. */
export function createOwnPassword({ storage, audit, passwords, accounts, sessions, throttle }: OwnPasswordOptions): OwnPassword {
  const find = async (principal: Principal, tenant: Tenant) => {
    const account = isOwnAccount(principal)
      ? await storage.platform.selectFrom('account').select(['id', 'login', 'name', 'password_hash']).where('tenant_id', '=', tenant.id).where('id', '=', principal.id).executeTakeFirst()
      : undefined
    if (account === undefined) throw new PlatformError('PERMISSION_DENIED', 'The password of this account is not changed here.', { fix: 'Change it where the account is.' })
    return account
  }

  return {
    async problemOf(principal, tenant, next) {
      return passwordProblem(next, (await find(principal, tenant)).login)
    },

    async change({ tenant, principal, current, next, ip }) {
      if (passwords.isFull) throw tooManyAtOnce()
      const { id, login, name, password_hash: hashed } = await find(principal, tenant)
      const problem = passwordProblem(next, login)
      if (problem !== undefined) throw new PlatformError('ACCOUNT_INVALID', describePasswordProblem(problem), { fix: 'Choose another.', fields: { next: describePasswordProblem(problem) } })
      const attempt = await throttle.admit([tenant.id], login, ip)
      let matches: boolean
      try {
        matches = await passwords.matches(hashed, current.slice(0, 1_000))
      } catch (error) {
        await attempt.undone()
        throw error
      }
      const by = { kind: 'account', id, name } as const
      if (!matches) {
        await audit.record({ tenantId: tenant.id, actor: by, action: 'login.failed', target: id, detail: { ip } })
        throw new PlatformError('LOGIN_FAILED', 'The current password is wrong.', { fix: 'Check it and try again.', fields: { current: 'This is not the current password.' } })
      }
      await storage.platformTransaction((tx) => attempt.succeeded(tx, tenant.id))
      await accounts.setPassword(tenant.id, id, next, by)
      return sessions.open(tenant.id, id)
    },
  }
}
