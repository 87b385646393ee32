import type { Kysely } from 'kysely'
import { v7 } from 'uuid'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import { containsText } from '../storage/contains-text.ts'
import type { AccountRow, PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { ApiTokens } from './api-tokens.ts'
import { isEmail } from './email.ts'
import { POOL_ADMIN } from './kernel-permissions.ts'
import { describePasswordProblem, passwordProblem } from './password-rules.ts'
import type { Passwords } from './passwords.ts'
import { roleUnknown, type Roles } from './roles.ts'
import type { Sessions } from './sessions.ts'

/** Someone who can log in at one tenant. */
export interface Account {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly email: string | undefined
  /** Whether it was shown that the address is this person's: the Pool said so. */
  readonly emailProven: boolean
  readonly status: 'active' | 'disabled'
  /** In the order of their ids. */
  readonly roles: readonly string[]
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  /** Milliseconds since the Unix epoch; `undefined` when never. */
  readonly lastLoginAt: number | undefined
}

/** How an administrator describes an account that is to be made. */
export interface NewAccount {
  /** 3 to 100 of a-z, 0-9, `.`, `_`, `@` and `-`; capitals are made small. Unique on the tenant. */
  readonly login: string
  /** 1 to 200 characters. */
  readonly name: string
  readonly email?: string
  /** 12 to 200 characters. */
  readonly password: string
  readonly roles?: readonly string[]
}

/** Which accounts to list. */
export interface AccountQuery {
  /** Part of a login, name or email. */
  readonly search?: string
  /** 1 to 500. @defaultValue 100 */
  readonly limit?: number
  /** @defaultValue 0 */
  readonly offset?: number
}

/**
 * Accounts of tenants. Every method names the tenant: an account of another one is `ACCOUNT_UNKNOWN`.
 * An account with the role `pool-admin` is changed by others of that role, the operator or the platform alone.
 */
export interface Accounts {
  /** @throws PlatformError `ACCOUNT_INVALID`, `ACCOUNT_EXISTS`, `ROLE_UNKNOWN` */
  create(tenantId: string, wish: NewAccount, by: AuditActor): Promise<Account>
  get(tenantId: string, id: string): Promise<Account | undefined>
  findByLogin(tenantId: string, login: string): Promise<Account | undefined>
  /** In the order of names, with the number of all that fit. */
  list(tenantId: string, query?: AccountQuery): Promise<{ readonly accounts: readonly Account[]; readonly total: number }>
  /** Nobody logs in with it any more; its sessions and tokens end. @throws PlatformError `ACCOUNT_UNKNOWN` */
  disable(tenantId: string, id: string, by: AuditActor): Promise<void>
  /** @throws PlatformError `ACCOUNT_UNKNOWN` */
  enable(tenantId: string, id: string, by: AuditActor): Promise<void>
  /** Sets another password; all sessions and tokens of the account end. @throws PlatformError `ACCOUNT_UNKNOWN`, `ACCOUNT_INVALID` */
  setPassword(tenantId: string, id: string, password: string, by: AuditActor): Promise<void>
  /** Replaces all roles; in force with the next request. @throws PlatformError `ACCOUNT_UNKNOWN`, `ROLE_UNKNOWN`, `PERMISSION_DENIED` */
  setRoles(tenantId: string, id: string, roles: readonly string[], by: AuditActor): Promise<void>
  /** An empty email takes it away. @throws PlatformError `ACCOUNT_UNKNOWN`, `ACCOUNT_INVALID` */
  updateProfile(tenantId: string, id: string, profile: { readonly name?: string; readonly email?: string }, by: AuditActor): Promise<void>
}

/** What accounts are made from. */
export interface AccountsOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly passwords: Passwords
  readonly roles: Roles
  readonly sessions: Sessions
  readonly apiTokens: ApiTokens
  /**
   * Runs each change of a tenant's accounts, which calls `check` at the end of its transaction; may refuse it there.
   * @defaultValue lets everything pass
   */
  readonly watch?: <Result>(tenantId: string, by: AuditActor, write: (check: (tx: Kysely<PlatformTables>) => Promise<void>) => Promise<Result>) => Promise<Result>
}

const LOGIN = /^[a-z0-9._@-]{3,100}$/

/** A login as it is stored, or `undefined` when it can be none. */
export function parseLogin(text: string): string | undefined {
  const login = text.trim().toLowerCase()
  return LOGIN.test(login) ? login : undefined
}

/** Accounts on the kernel's tables. */
export function createAccounts({ storage, outside, audit, passwords, roles, sessions, apiTokens, watch = (_tenantId, _by, write) => write(async () => undefined) }: AccountsOptions): Accounts {
  const withRoles = async (rows: readonly AccountRow[]): Promise<readonly Account[]> => {
    if (rows.length === 0) return []
    const held = await storage.platform.selectFrom('account_role').selectAll().where('account_id', 'in', rows.map(({ id }) => id)).orderBy('role').execute()
    return rows.map((row) => ({
      id: row.id, login: row.login, name: row.name, email: row.email ?? undefined, emailProven: row.email_proven_at !== null, status: row.status,
      roles: held.flatMap((each) => (each.account_id === row.id ? each.role : [])),
      createdAt: row.created_at, lastLoginAt: row.last_login_at ?? undefined,
    }))
  }

  const get = async (tenantId: string, id: string): Promise<Account | undefined> => {
    const [account] = await withRoles(await storage.platform.selectFrom('account').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id).execute())
    return account
  }

  const find = async (tenantId: string, id: string): Promise<Account> => {
    const account = await get(tenantId, id)
    if (account === undefined) throw new PlatformError('ACCOUNT_UNKNOWN', 'There is no such account on this tenant.', { fix: 'See the tenant\'s accounts.' })
    return account
  }

  const checkRoles = async (tenantId: string, wanted: readonly string[]): Promise<readonly string[]> => {
    const known = new Set((await roles.list(tenantId)).map(({ id }) => id))
    const missing = wanted.find((role) => !known.has(role))
    if (missing !== undefined) throw roleUnknown(missing)
    return [...new Set(wanted)].sort()
  }

  /** Else whoever manages the accounts of the Pool's tenant could make itself its administrator. */
  const guardPoolAdmin = async (tenantId: string, involved: readonly string[], by: AuditActor): Promise<void> => {
    if (!involved.includes(POOL_ADMIN) || by.kind !== 'account') return
    if ((await get(tenantId, by.id))?.roles.includes(POOL_ADMIN) === true) return
    throw new PlatformError('PERMISSION_DENIED', `Only an account with the role ${POOL_ADMIN} may change one that has it, or hand it out.`, { fix: 'Ask an administrator of the Pool.' })
  }

  const change = async (tenantId: string, id: string, action: string, by: AuditActor, write: (tx: Kysely<PlatformTables>, account: Account) => Promise<Readonly<Record<string, string>> | undefined>): Promise<void> => {
    const account = await find(tenantId, id)
    await guardPoolAdmin(tenantId, account.roles, by)
    await watch(tenantId, by, (check) => storage.platformTransaction(async (tx) => {
      const detail = await write(tx, account)
      await audit.record({ tenantId, actor: by, action, target: id, detail: { login: account.login, ...detail } }, tx)
      await check(tx)
    }))
  }

  const endAll = async (id: string, tx: Kysely<PlatformTables>): Promise<void> => {
    await sessions.closeAll(id, tx)
    await apiTokens.revokeAll(id, tx)
  }

  return {
    get,

    async create(tenantId, wish, by) {
      const fields: Record<string, string> = {}
      const login = parseLogin(wish.login)
      if (login === undefined) fields['login'] = 'A login has 3 to 100 of a-z, 0-9, ".", "_", "@" and "-".'
      const problem = passwordProblem(wish.password, login ?? wish.login)
      if (problem !== undefined) fields['password'] = describePasswordProblem(problem)
      const { name, email } = checkProfile(wish, fields)
      if (login === undefined || name === undefined || Object.keys(fields).length > 0) throw invalid(fields)
      const held = await checkRoles(tenantId, wish.roles ?? [])
      await guardPoolAdmin(tenantId, held, by)
      const account: Account = {
        id: v7({ msecs: outside.now(), random: outside.randomBytes(16) }), login, name, email: email ?? undefined, emailProven: email !== null && email !== undefined && isPoolsWord(by),
        status: 'active', roles: held, createdAt: outside.now(), lastLoginAt: undefined,
      }
      const hashed = await passwords.hash(wish.password)
      await watch(tenantId, by, (check) => storage.platformTransaction(async (tx) => {
        if (await tx.selectFrom('account').select('id').where('tenant_id', '=', tenantId).where('login', '=', login).executeTakeFirst() !== undefined) {
          throw new PlatformError('ACCOUNT_EXISTS', `There is an account "${login}" already.`, { fix: 'Choose another login.', fields: { login: 'There is an account of that login already.' } })
        }
        await tx.insertInto('account').values({
          id: account.id, tenant_id: tenantId, login, name, email: email ?? null, password_hash: hashed, status: 'active', created_at: account.createdAt, last_login_at: null, email_proven_at: account.emailProven ? account.createdAt : null,
        }).execute()
        for (const role of held) await tx.insertInto('account_role').values({ account_id: account.id, role }).execute()
        await audit.record({ tenantId, actor: by, action: 'account.created', target: account.id, detail: { login, roles: held.join(' ') } }, tx)
        await check(tx)
      }))
      return account
    },

    async findByLogin(tenantId, text) {
      const login = parseLogin(text)
      if (login === undefined) return undefined
      const [account] = await withRoles(await storage.platform.selectFrom('account').selectAll().where('tenant_id', '=', tenantId).where('login', '=', login).execute())
      return account
    },

    async list(tenantId, { search, limit = 100, offset = 0 } = {}) {
      let query = storage.platform.selectFrom('account').where('tenant_id', '=', tenantId)
      const text = search?.trim() ?? ''
      if (text !== '') query = query.where(containsText(['name', 'login', 'email'], text))
      const { total } = await query.select((row) => row.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
      const rows = await query.selectAll().orderBy('name').orderBy('id').limit(Math.min(500, Math.max(1, Math.trunc(limit)))).offset(Math.max(0, Math.trunc(offset))).execute()
      return { accounts: await withRoles(rows), total: Number(total) }
    },

    disable: (tenantId, id, by) => change(tenantId, id, 'account.disabled', by, async (tx) => {
      await tx.updateTable('account').set({ status: 'disabled' }).where('id', '=', id).execute()
      await endAll(id, tx)
      return undefined
    }),

    enable: (tenantId, id, by) => change(tenantId, id, 'account.enabled', by, async (tx) => {
      await tx.updateTable('account').set({ status: 'active' }).where('id', '=', id).execute()
      return undefined
    }),

    async setPassword(tenantId, id, password, by) {
      const { login } = await find(tenantId, id)
      const problem = passwordProblem(password, login)
      if (problem !== undefined) throw invalid({ password: describePasswordProblem(problem) })
      const hashed = await passwords.hash(password)
      await change(tenantId, id, 'account.password-changed', by, async (tx) => {
        await tx.updateTable('account').set({ password_hash: hashed }).where('id', '=', id).execute()
        await endAll(id, tx)
        return undefined
      })
    },

    async setRoles(tenantId, id, wanted, by) {
      const held = await checkRoles(tenantId, wanted)
      const before = await find(tenantId, id)
      await guardPoolAdmin(tenantId, held, by)
      await change(tenantId, id, 'account.roles-changed', by, async (tx) => {
        await tx.deleteFrom('account_role').where('account_id', '=', id).execute()
        for (const role of held) await tx.insertInto('account_role').values({ account_id: id, role }).execute()
        return { from: before.roles.join(' '), to: held.join(' ') }
      })
    },

    async updateProfile(tenantId, id, profile, by) {
      const fields: Record<string, string> = {}
      const { name, email } = checkProfile(profile, fields)
      if (Object.keys(fields).length > 0) throw invalid(fields)
      await change(tenantId, id, 'account.profile-changed', by, async (tx, before) => {
        const after = email === undefined ? before.email ?? null : email
        // Another address is nobody's until it is proven; the Pool's word is proof.
        const proven = after === (before.email ?? null) ? {} : { email_proven_at: after !== null && isPoolsWord(by) ? outside.now() : null }
        await tx.updateTable('account').set({ name: name ?? before.name, email: after, ...proven }).where('id', '=', id).execute()
        return undefined
      })
    },
  }
}

/** Whoever runs the server vouches for what is written. An operator who was let in by a grant does not: what one does there must not outlast it. */
function isPoolsWord({ kind, grant }: AuditActor): boolean {
  return kind === 'operator' && grant === undefined
}

/** Name and email as they are stored: `undefined` where they were not given, `null` for an email that is taken away. */
function checkProfile(profile: { readonly name?: string; readonly email?: string }, fields: Record<string, string>): { readonly name: string | undefined; readonly email: string | null | undefined } {
  const name = profile.name?.trim()
  if (name !== undefined && (name === '' || name.length > 200)) fields['name'] = 'A name has 1 to 200 characters.'
  const email = profile.email?.trim()
  if (email === undefined || email === '') return { name, email: email === '' ? null : undefined }
  if (!isEmail(email)) fields['email'] = 'This is no email address.'
  return { name, email }
}

function invalid(fields: Readonly<Record<string, string>>): PlatformError {
  return new PlatformError('ACCOUNT_INVALID', `The account is described wrongly: ${Object.values(fields).join(' ')}`, { fix: 'Correct what is named.', fields })
}
