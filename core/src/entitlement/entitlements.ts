import type { Audit, AuditActor, AuditDetail } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { changedAmong, type Reloadable } from '../nodes/reloadable.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { Tenants } from '../tenancy/tenants.ts'
import { allows, granting, policyFrom, policyText, revoking, UNRESTRICTED, type PluginRule, type Policy } from './policy.ts'
import { QUOTA_KINDS, QUOTA_MAX, type QuotaKind } from './quota-kind.ts'

/**
 * What the Pool lets each tenant use, and how much. Inherited down the tree: no tenant may more than any above it. Questions are answered
 * from memory; changes are written first, one at a time, and audited.
 */
export interface Entitlements {
  /** Whether a plugin may be switched on at a tenant. */
  mayUse(tenantId: string, pluginId: string): boolean
  /** @throws PlatformError `PLUGIN_NOT_ENTITLED`, naming whose decision it is, where {@link mayUse} says no */
  requireUse(tenantId: string, pluginId: string): void
  /** Whose decision keeps a plugin from a tenant: the nearest of it and those above; `undefined` when it may be used. */
  barredBy(tenantId: string, pluginId: string): Tenant | undefined
  /** Most of a kind that a tenant may use, in the unit of {@link QuotaKind}: its own quota or a smaller one above. `undefined` for no limit. */
  quota(tenantId: string, kind: QuotaKind): number | undefined
  /** What was decided for this tenant itself. Equal policies are one object. */
  policyOf(tenantId: string): Policy
  /** Tenants for which something was decided. */
  decided(): readonly string[]
  /**
   * Lets a tenant and those below it use plugins that were kept from it.
   * @throws PlatformError `PLUGIN_NOT_ENTITLED` where a tenant above may not use one; nothing is changed then
   */
  grant(tenant: Tenant, pluginIds: readonly string[], by: AuditActor): Promise<void>
  /** Keeps plugins from a tenant and those below it. Does not switch off what is on: see `withdraw`. */
  revoke(tenant: Tenant, pluginIds: readonly string[], by: AuditActor): Promise<void>
  /** Decides anew which plugins a tenant and those below it may use. */
  decide(tenant: Tenant, rule: PluginRule, by: AuditActor): Promise<void>
  /**
   * Sets quotas of a tenant, which hold for each one below it too; `undefined` takes one away.
   * @throws PlatformError `QUOTA_INVALID` for what is no whole number from 0
   */
  setQuotas(tenant: Tenant, quotas: Readonly<Partial<Record<QuotaKind, number | undefined>>>, by: AuditActor): Promise<void>
  /** The tenant is gone. */
  forget(tenantId: string): void
  /** Policies in memory. */
  readonly held: Reloadable
}

interface Deps {
  readonly storage: Storage
  readonly audit: Audit
  readonly tenants: Pick<Tenants, 'byId' | 'ancestorsOf'>
}

/** Reads all policies into memory: one entry for each tenant of which something was decided, one object for equal ones. */
export async function openEntitlements({ storage, audit, tenants }: Deps): Promise<Entitlements> {
  const policies = new Map<string, Policy>()
  const shared = new Map<string, Policy>()
  let last: Promise<unknown> = Promise.resolve()
  const nothing = policyText(UNRESTRICTED)

  const share = (text: string): Policy => {
    const known = shared.get(text) ?? policyFrom(text)
    shared.set(text, known)
    return known
  }
  const held: Reloadable = {
    tables: ['entitlement'],
    async reload(changed) {
      const query = storage.platform.selectFrom('entitlement').select(['tenant_id', 'policy_json'])
      const rows = await (changed === undefined ? query : query.where('tenant_id', 'in', [...changed])).execute()
      const decided = new Set(rows.map((row) => row.tenant_id))
      for (const id of changedAmong(policies, changed)) if (!decided.has(id)) policies.delete(id)
      for (const { tenant_id: id, policy_json: text } of rows) policies.set(id, share(text))
    },
  }
  await held.reload(undefined)

  const policyOf = (tenantId: string): Policy => policies.get(tenantId) ?? UNRESTRICTED

  const barredBy = (tenantId: string, pluginId: string): Tenant | undefined => {
    if (policies.size === 0) return undefined
    const tenant = tenants.byId(tenantId)
    if (tenant === undefined) return undefined
    return [tenant, ...tenants.ancestorsOf(tenantId)].find(({ id }) => !allows(policyOf(id).plugins, pluginId))
  }

  /** Changes wait for each other, so that none undoes what another has just decided. */
  const exclusively = <Result>(change: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(change, change)
    last = mine.catch(() => undefined)
    return mine
  }

  const write = (tenant: Tenant, change: (before: Policy) => Policy, action: string, detail: AuditDetail, by: AuditActor): Promise<void> => exclusively(async () => {
    const text = policyText(change(policyOf(tenant.id)))
    if (text === policyText(policyOf(tenant.id))) return
    await storage.platformTransaction(async (tx) => {
      if (text === nothing) await tx.deleteFrom('entitlement').where('tenant_id', '=', tenant.id).execute()
      else await tx.insertInto('entitlement').values({ tenant_id: tenant.id, policy_json: text }).onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ policy_json: text })).execute()
      await audit.record({ tenantId: tenant.id, actor: by, action, target: tenant.id, detail }, tx)
    })
    if (text === nothing) policies.delete(tenant.id)
    else policies.set(tenant.id, share(text))
  })

  return {
    barredBy,
    policyOf,
    mayUse: (tenantId, pluginId) => barredBy(tenantId, pluginId) === undefined,
    requireUse(tenantId, pluginId) {
      const bar = barredBy(tenantId, pluginId)
      if (bar !== undefined) throw notEntitled(tenants.byId(tenantId) ?? bar, pluginId, bar)
    },
    decided: () => [...policies.keys()],
    quota(tenantId, kind) {
      if (policies.size === 0) return undefined
      let least: number | undefined
      let id: string | undefined = tenantId
      // No deeper than any tree is, so that damaged data do not keep it going round.
      for (let depth = 0; id !== undefined && depth < MAX_DEPTH; depth += 1) {
        const own = policies.get(id)?.quotas[kind]
        if (own !== undefined && (least === undefined || own < least)) least = own
        id = tenants.byId(id)?.parentId
      }
      return least
    },
    async grant(tenant, pluginIds, by) {
      for (const pluginId of pluginIds) {
        const bar = tenants.ancestorsOf(tenant.id).find(({ id }) => !allows(policyOf(id).plugins, pluginId))
        if (bar !== undefined) throw notEntitled(tenant, pluginId, bar)
      }
      await write(tenant, (before) => ({ ...before, plugins: granting(before.plugins, pluginIds) }), 'entitlement.granted', { plugins: pluginIds.join(', ') }, by)
    },
    revoke: (tenant, pluginIds, by) => write(tenant, (before) => ({ ...before, plugins: revoking(before.plugins, pluginIds) }), 'entitlement.revoked', { plugins: pluginIds.join(', ') }, by),
    decide: (tenant, rule, by) => write(tenant, (before) => ({ ...before, plugins: rule }), 'entitlement.decided', { rule: rule.kind, ...(rule.kind === 'all' ? {} : { plugins: [...rule.plugins].join(', ') }) }, by),
    async setQuotas(tenant, quotas, by) {
      const wrong = QUOTA_KINDS.filter((kind) => quotas[kind] !== undefined && !(Number.isSafeInteger(quotas[kind]) && quotas[kind] >= 0))
      if (wrong.length > 0) {
        throw new PlatformError('QUOTA_INVALID', `A quota is no whole number from 0: ${wrong.map((kind) => `${kind} = ${quotas[kind]}`).join(', ')}.`, {
          fix: `Give a whole number from 0 to ${QUOTA_MAX}.`, fields: Object.fromEntries(wrong.map((kind) => [kind, `A whole number from 0 to ${QUOTA_MAX}.`])),
        })
      }
      const named = QUOTA_KINDS.filter((kind) => kind in quotas)
      await write(tenant, (before) => {
        const merged: Partial<Record<QuotaKind, number>> = { ...before.quotas }
        for (const kind of named) {
          const value = quotas[kind]
          if (value === undefined) delete merged[kind]
          else merged[kind] = value
        }
        return { ...before, quotas: merged }
      }, 'quota.set', Object.fromEntries(named.map((kind) => [kind, quotas[kind] ?? null])), by)
    },
    forget: (tenantId) => {
      policies.delete(tenantId)
    },
    held,
  }
}

const MAX_DEPTH = 32

/** @param bar - whose decision it is */
function notEntitled(tenant: Tenant, pluginId: string, bar: Tenant): PlatformError {
  const whose = bar.id === tenant.id ? 'the Pool does not grant it to this tenant' : `the Pool does not grant it to ${bar.info.name}, above it`
  return new PlatformError('PLUGIN_NOT_ENTITLED', `Plugin "${pluginId}" is not there for ${tenant.info.name}: ${whose}.`, {
    fix: `The Pool grants it with \`liberacces entitlement grant ${pluginId} --tenant ${bar.info.slug}\`.`,
  })
}
