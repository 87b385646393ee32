import type { Localized } from '@liberacces/sdk'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { changedAmong, type Reloadable } from '../nodes/reloadable.ts'
import type { Storage } from '../storage/storage.ts'
import { effectivePermissions, holdsByDefault, type Decisions } from './effective-permissions.ts'
import { ACCOUNTS_MANAGE, BUILT_IN_ROLES, KERNEL_PERMISSIONS, POOL_ADMIN, POOL_ADMIN_TITLE, TENANTS_MANAGE, type Permission } from './kernel-permissions.ts'

/** A role that accounts of a tenant can hold. */
export interface Role {
  readonly id: string
  readonly title: Localized
  /** `plugin`: named by an active plugin, gone when the plugin is; `custom`: made by the administrator. */
  readonly origin: 'built-in' | 'plugin' | 'custom'
}

/** Whether a role shall hold a permission. */
export interface Decision {
  readonly role: string
  /** Full name, `<plugin id>/<permission>`. */
  readonly permission: string
  readonly granted: boolean
}

/** Roles of a tenant and what they may do. */
export interface Roles {
  /** Built-in ones first, then those of plugins and of the administrator by id. */
  list(tenantId: string): Promise<readonly Role[]>
  /** Every permission that exists on a tenant: the kernel's and those of active plugins. */
  available(tenantId: string): readonly Permission[]
  /** Another object after the tenant's active plugins have changed, and with them the permissions that exist. From memory. */
  basis(tenantId: string): object
  /** What a set of roles may do. From memory after the first question; roles that are not known give nothing. */
  permissionsOf(tenantId: string, roles: readonly string[]): Promise<ReadonlySet<string>>
  /**
   * Makes a role that holds nothing yet.
   * @param role - id of 1 to 60 of a-z, 0-9 and `-`, dots between; title of 1 to 100 characters
   * @throws PlatformError `ROLE_INVALID` when it exists or is described wrongly
   */
  create(tenantId: string, role: { readonly id: string; readonly title: string }, by: AuditActor): Promise<void>
  /** Gives a role that an administrator made another title of 1 to 100 characters. @throws PlatformError `ROLE_UNKNOWN` for any other, `ROLE_INVALID` */
  rename(tenantId: string, role: string, title: string, by: AuditActor): Promise<void>
  /** Deletes a role that an administrator made; accounts lose it. @throws PlatformError `ROLE_UNKNOWN` for any other */
  delete(tenantId: string, role: string, by: AuditActor): Promise<void>
  /**
   * Grants and takes permissions, all or none; what is so already is left alone. Each change is audited.
   * @throws PlatformError `ROLE_UNKNOWN`, `PERMISSION_UNKNOWN`, `PERMISSION_DENIED` for what nobody can hand out or take away
   */
  decide(tenantId: string, decisions: readonly Decision[], by: AuditActor): Promise<void>
  /** Forgets what is held in memory of a tenant. Only needed where its rows changed by other ways than this. */
  invalidate(tenantId: string): void
  /** Decisions in memory. */
  readonly held: Reloadable
}

/** What roles are made from. */
export interface RolesOptions {
  readonly storage: Storage
  readonly audit: Audit
  /** Permissions of a tenant's active plugins. The same array as long as nothing changed: the cache goes by that. */
  readonly declared: (tenantId: string) => readonly Permission[]
  /** Titles that a tenant's active plugins give to the roles they name. @defaultValue none: such roles are shown by their ids */
  readonly titles?: (tenantId: string) => ReadonlyMap<string, Localized>
  /** Whether a tenant is the Pool. */
  readonly isPool: (tenantId: string) => boolean
}

const NO_DECISIONS: Decisions = new Map()
const ROLE_ID = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*$/

const NO_TITLES: ReadonlyMap<string, Localized> = new Map()

/** Roles on the kernel's tables. */
export function createRoles({ storage, audit, declared, titles = () => NO_TITLES, isPool }: RolesOptions): Roles {
  const decisionsOf = new Map<string, Promise<Decisions>>()
  /** Tenants with the same plugins and no decisions share their sets; all others have their own. */
  const shared = new WeakMap<readonly Permission[], Map<string, ReadonlySet<string>>>()
  const own = new WeakMap<Decisions, { readonly declared: readonly Permission[]; readonly sets: Map<string, ReadonlySet<string>> }>()

  const available = (tenantId: string): readonly Permission[] =>
    [...KERNEL_PERMISSIONS.filter(({ permission }) => permission !== TENANTS_MANAGE || isPool(tenantId)), ...declared(tenantId)]

  const decisions = (tenantId: string): Promise<Decisions> => {
    const known = decisionsOf.get(tenantId)
    if (known !== undefined) return known
    const loading = loadDecisions(tenantId)
    decisionsOf.set(tenantId, loading)
    loading.catch(() => { if (decisionsOf.get(tenantId) === loading) decisionsOf.delete(tenantId) })
    return loading
  }

  const setsOf = (tenantId: string, decided: Decisions): Map<string, ReadonlySet<string>> => {
    const plugins = declared(tenantId)
    const mine = own.get(decided)
    const known = decided === NO_DECISIONS ? shared.get(plugins) : mine?.declared === plugins ? mine.sets : undefined
    if (known !== undefined) return known
    const sets = new Map<string, ReadonlySet<string>>()
    if (decided === NO_DECISIONS) shared.set(plugins, sets)
    else own.set(decided, { declared: plugins, sets })
    return sets
  }

  const list = async (tenantId: string): Promise<readonly Role[]> => {
    const roles = new Map<string, Role>()
    for (const [id, title] of Object.entries(BUILT_IN_ROLES)) roles.set(id, { id, title, origin: 'built-in' })
    if (isPool(tenantId)) roles.set(POOL_ADMIN, { id: POOL_ADMIN, title: POOL_ADMIN_TITLE, origin: 'built-in' })
    const rows = await storage.platform.selectFrom('role').select(['id', 'title']).where('tenant_id', '=', tenantId).orderBy('id').execute()
    const named = [...new Set(declared(tenantId).flatMap((each) => each.roles))].filter((id) => id !== POOL_ADMIN).sort()
    for (const id of named) if (!roles.has(id)) roles.set(id, { id, title: titles(tenantId).get(id) ?? { fr: rows.find((row) => row.id === id)?.title ?? id }, origin: 'plugin' })
    for (const { id, title } of rows) if (!roles.has(id)) roles.set(id, { id, title: { fr: title }, origin: 'custom' })
    return [...roles.values()]
  }

  const invalidate = (tenantId: string): void => { decisionsOf.delete(tenantId) }

  return {
    list,
    available,
    basis: declared,
    invalidate,
    held: {
      tables: ['role_permission'],
      // They are read again when somebody asks.
      reload: async (changed) => { for (const id of changedAmong(decisionsOf, changed)) invalidate(id) },
    },

    async permissionsOf(tenantId, roles) {
      const decided = await decisions(tenantId)
      const sets = setsOf(tenantId, decided)
      const pool = isPool(tenantId)
      // No role is called so: "pool" and "tenant-admin" of a commune are not "tenant-admin" of the Pool.
      const key = `${pool ? 'pool' : 'tenant'}\n${[...roles].sort().join('\n')}`
      const known = sets.get(key)
      if (known !== undefined) return known
      const held = effectivePermissions(available(tenantId), roles, decided, pool)
      sets.set(key, held)
      return held
    },

    async create(tenantId, { id, title }, by) {
      const fields: Record<string, string> = {}
      if (id.length > 60 || !ROLE_ID.test(id)) fields['id'] = `"${id}" is no role: 1 to 60 of a-z, 0-9 and "-", with dots between, such as agent.school.`
      else if (id === POOL_ADMIN || (await list(tenantId)).some((role) => role.id === id)) fields['id'] = `There is a role "${id}" already.`
      if (title.trim() === '' || title.length > 100) fields['title'] = 'A title has 1 to 100 characters.'
      if (Object.keys(fields).length > 0) throw new PlatformError('ROLE_INVALID', `The role cannot be made: ${Object.values(fields).join(' ')}`, { fix: 'Correct what is named.', fields })
      await storage.platformTransaction(async (tx) => {
        await tx.insertInto('role').values({ tenant_id: tenantId, id, title: title.trim() }).execute()
        await audit.record({ tenantId, actor: by, action: 'role.created', target: id, detail: { title: title.trim() } }, tx)
      })
    },

    async rename(tenantId, role, text, by) {
      const before = ownRole(await list(tenantId), role)
      const title = text.trim()
      if (title === '' || title.length > 100) throw new PlatformError('ROLE_INVALID', `The role "${role}" cannot be called that.`, { fix: 'Give a title of 1 to 100 characters.', fields: { title: 'A title has 1 to 100 characters.' } })
      if (title === before.title.fr) return
      await storage.platformTransaction(async (tx) => {
        await tx.updateTable('role').set({ title }).where('tenant_id', '=', tenantId).where('id', '=', role).execute()
        await audit.record({ tenantId, actor: by, action: 'role.renamed', target: role, detail: { from: before.title.fr, to: title } }, tx)
      })
    },

    async delete(tenantId, role, by) {
      ownRole(await list(tenantId), role)
      await storage.platformTransaction(async (tx) => {
        await tx.deleteFrom('role').where('tenant_id', '=', tenantId).where('id', '=', role).execute()
        await tx.deleteFrom('role_permission').where('tenant_id', '=', tenantId).where('role', '=', role).execute()
        await tx.deleteFrom('guest_role').where('satellite_id', '=', tenantId).where('role', '=', role).execute()
        await tx.deleteFrom('account_role').where('role', '=', role)
          .where('account_id', 'in', (accounts) => accounts.selectFrom('account').select('id').where('tenant_id', '=', tenantId)).execute()
        await audit.record({ tenantId, actor: by, action: 'role.deleted', target: role }, tx)
      })
      invalidate(tenantId)
    },

    async decide(tenantId, wishes, by) {
      const known = new Set((await list(tenantId)).map(({ id }) => id))
      const permissions = new Map(available(tenantId).map((each) => [each.permission, each]))
      const decided = await decisions(tenantId)
      const changes = wishes.flatMap((wish) => {
        const permission = permissions.get(wish.permission)
        if (!known.has(wish.role)) throw roleUnknown(wish.role)
        if (permission === undefined) {
          throw new PlatformError('PERMISSION_UNKNOWN', `There is no permission "${wish.permission}" here.`, { fix: 'Check its name, and whether its plugin is switched on.' })
        }
        const byDefault = holdsByDefault(wish.role, permission)
        if ((decided.get(wish.role)?.get(wish.permission) ?? byDefault) === wish.granted) return []
        refuseFixed(wish)
        return [{ ...wish, byDefault }]
      })
      if (changes.length === 0) return
      await storage.platformTransaction(async (tx) => {
        for (const { role, permission, granted, byDefault } of changes) {
          await tx.deleteFrom('role_permission').where('tenant_id', '=', tenantId).where('role', '=', role).where('permission', '=', permission).execute()
          // Back to the default is no decision: a later release of the plugin may change it.
          if (granted !== byDefault) await tx.insertInto('role_permission').values({ tenant_id: tenantId, role, permission, granted: granted ? 1 : 0 }).execute()
          await audit.record({ tenantId, actor: by, action: granted ? 'permission.granted' : 'permission.taken', target: role, detail: { permission } }, tx)
        }
      })
      invalidate(tenantId)
    },
  }

  async function loadDecisions(tenantId: string): Promise<Decisions> {
    const rows = await storage.platform.selectFrom('role_permission').select(['role', 'permission', 'granted']).where('tenant_id', '=', tenantId).execute()
    if (rows.length === 0) return NO_DECISIONS
    const found = new Map<string, Map<string, boolean>>()
    for (const { role, permission, granted } of rows) {
      const ofRole = found.get(role) ?? new Map<string, boolean>()
      found.set(role, ofRole.set(permission, granted === 1))
    }
    return found
  }
}

/** @throws PlatformError `ROLE_UNKNOWN` for a role that an administrator did not make */
function ownRole(roles: readonly Role[], role: string): Role {
  const found = roles.find(({ id }) => id === role)
  if (found === undefined) throw roleUnknown(role)
  if (found.origin === 'custom') return found
  const why = found.origin === 'built-in' ? 'it is built in' : 'it comes with a plugin'
  throw new PlatformError('ROLE_UNKNOWN', `"${role}" is no role of the tenant's own: ${why}.`, { fix: 'Only roles that an administrator made are renamed and deleted.' })
}

/** There is no such role here. */
export function roleUnknown(role: string): PlatformError {
  return new PlatformError('ROLE_UNKNOWN', `There is no role "${role}" here.`, { fix: 'See the tenant\'s roles; `pool-admin` exists on the Pool alone.' })
}

/** Whether nobody decides about this: the page shows it, and lets it be. */
export function isFixed(role: string, permission: string): boolean {
  return permission === TENANTS_MANAGE || (permission === ACCOUNTS_MANAGE && (role === 'tenant-admin' || role === POOL_ADMIN))
}

function refuseFixed({ role, permission, granted }: Decision): void {
  if (permission === TENANTS_MANAGE) {
    throw new PlatformError('PERMISSION_DENIED', `"${permission}" is held by ${POOL_ADMIN} alone.`, { fix: `Give the person the role ${POOL_ADMIN}.` })
  }
  if (permission === ACCOUNTS_MANAGE && !granted && (role === 'tenant-admin' || role === POOL_ADMIN)) {
    throw new PlatformError('PERMISSION_DENIED', `"${permission}" cannot be taken from ${role}: nobody could give it back.`, { fix: 'Take the role from the person instead.' })
  }
}
