import type { Kysely } from 'kysely'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { ImpliedRoles } from '../identity/account-principal.ts'
import { isEmail } from '../identity/email.ts'
import { changedAmong, type Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenants } from '../tenancy/tenants.ts'
import type { IsPoolActor } from './pool-actor.ts'
import { resolveAdministrators, type Candidate, type Resolution } from './resolve-administrators.ts'
import type { Thresholds } from './thresholds.ts'

/** An account that could administer by its address, as the Pool sees it. */
export interface AddressHolder {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly proven: boolean
}

/** Who administers each tenant, and why. */
export interface Administrators {
  /** In memory after the first question. A resolution that differs from the one before is audited. */
  of(tenantId: string): Promise<Resolution>
  /** `tenant-admin` for accounts that administer without having been given the role. */
  readonly implied: ImpliedRoles
  /**
   * Runs a change of a tenant's accounts, and looks anew at who administers after it.
   * @param write - calls `check` at the end of its transaction
   * @throws PlatformError `ADMINISTRATOR_NEEDED` when somebody of the tenant would leave it without any
   */
  watch<Result>(tenantId: string, by: AuditActor, write: (check: (tx: Kysely<PlatformTables>) => Promise<void>) => Promise<Result>): Promise<Result>
  officialAddress(tenantId: string): Promise<string | undefined>
  /** Active accounts whose address is the official one, proven or not. */
  holdersOfAddress(tenantId: string): Promise<readonly AddressHolder[]>
  /**
   * Says which address is the tenant's official one; an empty one takes it away.
   * @throws PlatformError `TENANT_INVALID`, `TENANT_UNKNOWN`, `PERMISSION_DENIED` for anyone but the Pool
   */
  setOfficialAddress(tenantId: string, address: string, by: AuditActor): Promise<void>
  /** The Pool vouches that the address of an account is that person's. @throws PlatformError `ACCOUNT_UNKNOWN`, `ACCOUNT_INVALID` without an address, `PERMISSION_DENIED` */
  proveAddress(tenantId: string, accountId: string, by: AuditActor): Promise<void>
  /** Forgets what is held in memory of a tenant. Only needed where its rows changed by other ways than these. */
  invalidate(tenantId: string): void
  /** Resolutions in memory. */
  readonly held: Reloadable
}

/** What it is made from. */
export interface AdministratorsOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly tenants: Tenants
  readonly thresholds: Thresholds
  readonly isPoolActor: IsPoolActor
  readonly log: { warn(detail: object, message: string): void }
}

const SYSTEM: AuditActor = { kind: 'system', id: 'system', name: 'LiberAccès' }
const NONE: readonly string[] = []
const ADMIN: readonly string[] = ['tenant-admin']

interface Known {
  readonly threshold: number
  readonly resolution: Promise<Resolution>
}

/** Administrators on the kernel's tables. */
export function createAdministrators({ storage, outside, audit, tenants, thresholds, isPoolActor, log }: AdministratorsOptions): Administrators {
  const known = new Map<string, Known>()

  const resolve = async (tenantId: string, tx: Kysely<PlatformTables>): Promise<Resolution> => {
    const info = tenants.byId(tenantId)?.info
    if (info === undefined) return { rule: 'none', accountIds: [] }
    const official = await tx.selectFrom('governance').select('official_email').where('tenant_id', '=', tenantId).executeTakeFirst()
    const officialAddress = official?.official_email ?? undefined
    const rows = await tx.selectFrom('account').leftJoin('account_role', (join) => join.onRef('account_role.account_id', '=', 'account.id').on('account_role.role', 'in', ['tenant-admin', 'agent']))
      .select(['account.id', 'account.email', 'account.email_proven_at', 'account_role.role'])
      .where('account.tenant_id', '=', tenantId).where('account.status', '=', 'active')
      .where((where) => where.or([where('account_role.role', 'is not', null), ...(officialAddress === undefined ? [] : [where(where.fn('lower', ['account.email']), '=', officialAddress)])]))
      .execute()
    const candidates: Candidate[] = [...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => ({
      id, roles: own.flatMap(({ role }) => role ?? []), provenEmail: own.find(({ email_proven_at: at }) => at !== null)?.email?.toLowerCase(),
    }))
    return resolveAdministrators({ kind: info.kind, population: info.population, officialAddress, threshold: thresholds.current().population, candidates })
  }

  /** Tells the trail when it is not as it was. */
  const note = async (tenantId: string, resolution: Resolution): Promise<void> => {
    const said = JSON.stringify(resolution)
    const before = (await storage.platform.selectFrom('governance').select('resolution_json').where('tenant_id', '=', tenantId).executeTakeFirst())?.resolution_json ?? null
    if (before === said || (before === null && resolution.rule === 'none')) return
    await storage.platformTransaction(async (tx) => {
      await tx.insertInto('governance').values({ tenant_id: tenantId, resolution_json: said }).onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ resolution_json: said })).execute()
      const names = resolution.accountIds.length === 0 ? [] : await tx.selectFrom('account').select('name').where('id', 'in', resolution.accountIds.slice(0, 10)).orderBy('name').execute()
      await audit.record({ tenantId, actor: SYSTEM, action: 'administrators.resolved', target: tenantId, detail: { rule: resolution.rule, who: names.map(({ name }) => name).join(', ') } }, tx)
    })
  }

  const look = async (tenantId: string): Promise<Resolution> => {
    const resolution = await resolve(tenantId, storage.platform)
    try {
      await note(tenantId, resolution)
    } catch (error) {
      // A full disk must not keep those out who could make room.
      log.warn({ tenant: tenantId, err: error }, 'who administers could not be written down')
    }
    return resolution
  }

  const of = (tenantId: string): Promise<Resolution> => {
    const threshold = thresholds.current().population
    const entry = known.get(tenantId)
    if (entry !== undefined && entry.threshold === threshold) return entry.resolution
    const resolution = look(tenantId)
    const fresh = { threshold, resolution }
    known.set(tenantId, fresh)
    resolution.catch(() => { if (known.get(tenantId) === fresh) known.delete(tenantId) })
    return resolution
  }

  const refresh = async (tenantId: string): Promise<void> => {
    known.delete(tenantId)
    await of(tenantId)
  }

  const onlyPool = async (by: AuditActor): Promise<void> => {
    if (!await isPoolActor(by)) throw new PlatformError('PERMISSION_DENIED', 'Only the Pool says this of a tenant.', { fix: 'Ask an administrator of the Pool.' })
  }

  const officialAddress = async (tenantId: string): Promise<string | undefined> =>
    (await storage.platform.selectFrom('governance').select('official_email').where('tenant_id', '=', tenantId).executeTakeFirst())?.official_email ?? undefined

  return {
    of,
    officialAddress,
    invalidate: (tenantId) => { known.delete(tenantId) },
    held: {
      tables: ['governance', 'account', 'account_role', 'tenant'],
      // They are found again when somebody asks.
      reload: async (changed) => { for (const id of changedAmong(known, changed)) known.delete(id) },
    },

    async implied(tenantId, { id, roles }) {
      if (roles.includes('tenant-admin')) return NONE
      const { rule, accountIds } = await of(tenantId)
      return rule !== 'explicit' && accountIds.includes(id) ? ADMIN : NONE
    },

    async watch(tenantId, by, write) {
      const before = await of(tenantId)
      const guarded = before.rule !== 'none' && (by.kind === 'account' || by.grant !== undefined)
      const result = await write(async (tx) => {
        if (!guarded || (await resolve(tenantId, tx)).rule !== 'none') return
        throw new PlatformError('ADMINISTRATOR_NEEDED', `After this nobody would administer ${tenants.byId(tenantId)?.info.name ?? 'this tenant'}.`, {
          fix: 'Give somebody the role tenant-admin first.', fields: { role: 'Nobody would be left to administer.' },
        })
      })
      await refresh(tenantId)
      return result
    },

    async holdersOfAddress(tenantId) {
      const address = await officialAddress(tenantId)
      if (address === undefined) return []
      const rows = await storage.platform.selectFrom('account').select(['id', 'login', 'name', 'email_proven_at']).where('tenant_id', '=', tenantId).where('status', '=', 'active')
        .where((where) => where(where.fn('lower', ['email']), '=', address)).orderBy('name').orderBy('id').execute()
      return rows.map(({ id, login, name, email_proven_at: at }) => ({ id, login, name, proven: at !== null }))
    },

    async setOfficialAddress(tenantId, text, by) {
      await onlyPool(by)
      const tenant = tenants.byId(tenantId)
      if (tenant === undefined) throw new PlatformError('TENANT_UNKNOWN', 'There is no such tenant.', { fix: 'See `liberacces tenant list`.' })
      const address = text.trim().toLowerCase()
      if (address !== '' && !isEmail(address)) throw new PlatformError('TENANT_INVALID', `"${text}" is no e-mail address.`, { fix: 'Give one such as mairie@exemple.fr, or none.', fields: { address: 'This is no e-mail address.' } })
      const before = await officialAddress(tenantId)
      if ((before ?? '') === address) return
      await storage.platformTransaction(async (tx) => {
        const official_email = address === '' ? null : address
        await tx.insertInto('governance').values({ tenant_id: tenantId, official_email }).onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ official_email })).execute()
        await recordBoth(tx, tenantId, by, 'tenant.official-address', tenantId, { name: tenant.info.name, from: before ?? '', to: address })
      })
      await refresh(tenantId)
    },

    async proveAddress(tenantId, accountId, by) {
      await onlyPool(by)
      const account = await storage.platform.selectFrom('account').select(['login', 'email']).where('tenant_id', '=', tenantId).where('id', '=', accountId).executeTakeFirst()
      if (account === undefined) throw new PlatformError('ACCOUNT_UNKNOWN', 'There is no such account on this tenant.', { fix: 'See the tenant\'s accounts.' })
      const { login, email } = account
      if (email === null) throw new PlatformError('ACCOUNT_INVALID', `The account "${login}" has no address.`, { fix: 'Give it one first.' })
      await storage.platformTransaction(async (tx) => {
        await tx.updateTable('account').set({ email_proven_at: outside.now() }).where('id', '=', accountId).where('email', '=', email).execute()
        await recordBoth(tx, tenantId, by, 'account.address-proven', accountId, { login, email })
      })
      await refresh(tenantId)
    },
  }

  /** In the tenant's trail, where whoever acts for the Pool is an operator, and in the Pool's. */
  async function recordBoth(tx: Kysely<PlatformTables>, tenantId: string, by: AuditActor, action: string, target: string, detail: Readonly<Record<string, string>>): Promise<void> {
    const pool = tenants.pool()
    await audit.record({ tenantId, actor: by.kind === 'account' ? { ...by, kind: 'operator' } : by, action, target, detail }, tx)
    if (pool !== undefined && pool.id !== tenantId) await audit.record({ tenantId: pool.id, actor: by, action, target, detail: { ...detail, tenant: tenants.byId(tenantId)?.info.slug ?? '' } }, tx)
  }
}
