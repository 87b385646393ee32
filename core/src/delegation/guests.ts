import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Accounts } from '../identity/accounts.ts'
import { POOL_ADMIN } from '../identity/kernel-permissions.ts'
import { roleUnknown, type Roles } from '../identity/roles.ts'
import type { Storage } from '../storage/storage.ts'
import type { Shares } from './shares.ts'

/** An account of the tenant above that was given roles on a satellite. */
export interface Guest {
  readonly accountId: string
  readonly login: string
  readonly name: string
  /** Whether it may log in at home, without which it may not here. */
  readonly active: boolean
  /** On the satellite. In the order of their ids. */
  readonly roles: readonly string[]
}

/** Accounts of the tenant above on satellites that share them. */
export interface Guests {
  /** In the order of names. Empty where no accounts are shared. */
  list(satelliteId: string): Promise<readonly Guest[]>
  /**
   * Gives an account of the tenant above these roles on a satellite, in place of those it had; none lets it in no more.
   * @param login - at home
   * @throws PlatformError `SHARE_UNKNOWN` where no accounts are shared, `ACCOUNT_UNKNOWN`, `ROLE_UNKNOWN`, `PERMISSION_DENIED` under a grant
   */
  setRoles(satelliteId: string, login: string, roles: readonly string[], by: AuditActor): Promise<void>
}

/** What guests are made from. */
export interface GuestsOptions {
  readonly storage: Storage
  readonly audit: Audit
  readonly accounts: Accounts
  readonly roles: Roles
  readonly shares: Shares
}

/** Guests on the kernel's tables. */
export function createGuests({ storage, audit, accounts, roles, shares }: GuestsOptions): Guests {
  return {
    async list(satelliteId) {
      const homeId = shares.accountsFrom(satelliteId)
      if (homeId === undefined) return []
      const rows = await storage.platform.selectFrom('guest_role').innerJoin('account', 'account.id', 'guest_role.account_id')
        .select(['account.id', 'account.login', 'account.name', 'account.status', 'guest_role.role'])
        .where('guest_role.satellite_id', '=', satelliteId).where('account.tenant_id', '=', homeId).orderBy('account.name').orderBy('account.id').orderBy('guest_role.role').execute()
      return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((own) => {
        const [first] = own
        return first === undefined ? [] : [{ accountId: first.id, login: first.login, name: first.name, active: first.status === 'active', roles: own.map(({ role }) => role) }]
      })
    },

    async setRoles(satelliteId, login, wanted, by) {
      if (by.grant !== undefined) throw new PlatformError('PERMISSION_DENIED', 'Only the tenant itself decides whom it lets in.', { fix: 'Ask one of its administrators.' })
      const homeId = shares.accountsFrom(satelliteId)
      if (homeId === undefined) throw new PlatformError('SHARE_UNKNOWN', 'No accounts of another tenant are shared here.', { fix: 'The tenant above must offer its accounts, and this one accept them.' })
      const account = await accounts.findByLogin(homeId, login)
      if (account === undefined) throw new PlatformError('ACCOUNT_UNKNOWN', `There is no account "${login}" on the tenant above.`, { fix: 'Check the login.', fields: { login: 'There is no such account.' } })
      const known = new Set((await roles.list(satelliteId)).map(({ id }) => id))
      const missing = wanted.find((role) => role === POOL_ADMIN || !known.has(role))
      if (missing !== undefined) throw roleUnknown(missing)
      const held = [...new Set(wanted)].sort()
      await storage.platformTransaction(async (tx) => {
        const before = await tx.selectFrom('guest_role').select('role').where('satellite_id', '=', satelliteId).where('account_id', '=', account.id).orderBy('role').execute()
        await tx.deleteFrom('guest_role').where('satellite_id', '=', satelliteId).where('account_id', '=', account.id).execute()
        for (const role of held) await tx.insertInto('guest_role').values({ satellite_id: satelliteId, account_id: account.id, role }).execute()
        if (held.length === 0) await tx.deleteFrom('session').where('tenant_id', '=', satelliteId).where('account_id', '=', account.id).execute()
        await audit.record({ tenantId: satelliteId, actor: by, action: 'guest.roles-changed', target: account.id, detail: { login: account.login, from: before.map(({ role }) => role).join(' '), to: held.join(' ') } }, tx)
      })
    },
  }
}
