import type { Manifest } from '@liberacces/sdk/host'
import type { AuditActor } from '../audit/audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { PlatformError } from '../errors.ts'
import type { Installations } from '../lifecycle/installations.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { Tenants } from '../tenancy/tenants.ts'
import type { Entitlements } from './entitlements.ts'
import { allows, revoking, UNRESTRICTED, type PluginRule } from './policy.ts'

/** One plugin of the catalogue, as a tenant may use it or not. */
export interface PluginGrant {
  readonly pluginId: string
  readonly title: Manifest['title']
  readonly granted: boolean
  /** Whose decision keeps it away: this tenant's own, or that of one above. */
  readonly barredBy: Tenant | undefined
  readonly isOn: boolean
}

/** A tenant that has something on which a decision keeps from it. */
export interface Affected {
  readonly tenant: Tenant
  /** Those first that need others: so they can be switched off. */
  readonly pluginIds: readonly string[]
}

/** How to take something away. */
export interface Withdrawal {
  /** Switches off what is on at tenants, keeping its data. Without it such a decision is refused. */
  readonly disable: boolean
}

/** Who decides what tenants may use, for the command line and the console. */
export interface EntitlementDesk {
  /** Every plugin of the catalogue, and what a tenant's own rule names besides, by id. */
  grantsOf(tenant: Tenant): readonly PluginGrant[]
  /** What would be taken from whom. In memory. */
  affected(tenant: Tenant, rule: PluginRule): readonly Affected[]
  /** @throws PlatformError `PLUGIN_UNKNOWN` for an id that no release of the catalogue has, `PLUGIN_NOT_ENTITLED` */
  grant(tenant: Tenant, pluginIds: readonly string[], by: AuditActor): Promise<void>
  /**
   * Keeps plugins from a tenant and those below it.
   * @throws PlatformError `PLUGIN_IN_USE` while one of them is on somewhere there, unless it may be switched off; `PLUGIN_NEEDED` when what stays needs it;
   * `PLUGIN_UNKNOWN`. Nothing is changed then
   */
  revoke(tenant: Tenant, pluginIds: readonly string[], how: Withdrawal, by: AuditActor): Promise<readonly Affected[]>
  /** Lets a tenant use these and no others. Throws as {@link EntitlementDesk.grant} and {@link EntitlementDesk.revoke} do. */
  only(tenant: Tenant, pluginIds: readonly string[], how: Withdrawal, by: AuditActor): Promise<readonly Affected[]>
  /** Decides anew for a tenant and those below it, as {@link EntitlementDesk.revoke} does. */
  apply(tenant: Tenant, rule: PluginRule, how: Withdrawal, by: AuditActor): Promise<readonly Affected[]>
  /** Takes back what was decided for this tenant: it may use whatever those above it may. */
  reset(tenant: Tenant, by: AuditActor): Promise<void>
  /**
   * Carries out a tenant's move below another, and switches off there and below what the tenants above do not let them use.
   * @throws PlatformError `PLUGIN_NEEDED` when what stays needs it; nothing is changed then
   */
  move<Moved>(tenant: Tenant, parent: Tenant, by: AuditActor, change: () => Promise<Moved>): Promise<Moved>
  /** Switches off what is on and may not be: finishes what a stop interrupted. Called once, before anything is served. */
  enforce(): Promise<void>
}

interface Deps {
  readonly entitlements: Entitlements
  readonly tenants: Tenants
  readonly installations: Installations
  readonly catalogue: Catalogue
  /** Plugins of satellites that need these contracts from a tenant. */
  readonly needingBelow: (tenantId: string, contracts: readonly string[]) => readonly { readonly tenantId: string; readonly pluginId: string }[]
  readonly log: { warn(detail: object, message: string): void }
}

const SYSTEM: AuditActor = { kind: 'system', id: 'system', name: 'LiberAccès' }

/** The desk over what was decided and what is on. */
export function createEntitlementDesk({ entitlements, tenants, installations, catalogue, needingBelow, log }: Deps): EntitlementDesk {
  const named = (tenant: Tenant): readonly string[] => {
    const { plugins } = entitlements.policyOf(tenant.id)
    return plugins.kind === 'all' ? [] : [...plugins.plugins]
  }
  const requireKnown = (tenant: Tenant, pluginIds: readonly string[]): void => {
    const known = new Set([...catalogue.manifests.map(({ id }) => id), ...named(tenant)])
    const unknown = pluginIds.filter((id) => !known.has(id))
    if (unknown.length > 0) throw new PlatformError('PLUGIN_UNKNOWN', `There is no plugin ${unknown.map((id) => `"${id}"`).join(', ')} in the catalogue.`, { fix: 'See `liberacces plugin list` for the ids.' })
  }

  function* withBelow(tenant: Tenant): Generator<Tenant> {
    yield tenant
    for (const child of tenants.childrenOf(tenant.id)) yield* withBelow(child)
  }

  const barred = (tenant: Tenant, may: (pluginId: string) => boolean): readonly Affected[] => [...withBelow(tenant)].flatMap((one) => {
    const pluginIds = installations.modules(one.id).releases.map(({ manifest }) => manifest.id).filter((id) => !may(id)).toReversed()
    return pluginIds.length === 0 ? [] : [{ tenant: one, pluginIds }]
  })
  const affected = (tenant: Tenant, rule: PluginRule): readonly Affected[] => barred(tenant, (id) => allows(rule, id))

  const refuseNeeded = ({ tenant, pluginIds }: Affected, all: readonly Affected[]): void => {
    const going = new Set(pluginIds)
    const { releases } = installations.modules(tenant.id)
    const ending = releases.filter(({ manifest }) => going.has(manifest.id)).flatMap(({ manifest }) => [manifest.id, ...manifest.provides])
    const needing = releases.filter(({ manifest }) => !going.has(manifest.id) && Object.keys(manifest.requires).some((need) => ending.includes(need)))
    const staysOn = ({ tenantId, pluginId }: { readonly tenantId: string; readonly pluginId: string }): boolean =>
      !all.some((one) => one.tenant.id === tenantId && one.pluginIds.includes(pluginId))
    const [below] = needingBelow(tenant.id, ending).filter(staysOn)
    if (below !== undefined) {
      throw new PlatformError('PLUGIN_NEEDED', `"${below.pluginId}" of ${tenants.byId(below.tenantId)?.info.name ?? below.tenantId} would stay on and need what ${tenant.info.name} shares with it.`, { fix: 'Revoke that too, or have it switched off first.' })
    }
    if (needing.length === 0) return
    throw new PlatformError('PLUGIN_NEEDED', `At ${tenant.info.name} ${needing.map(({ manifest }) => `"${manifest.id}"`).join(' and ')} would stay on and need what is taken away.`, { fix: 'Revoke those too, or have them switched off first.' })
  }

  const switchOff = async (all: readonly Affected[], by: AuditActor): Promise<void> => {
    // Satellites first: what they run on is not taken from under them.
    for (const { tenant, pluginIds } of all.toReversed()) for (const pluginId of pluginIds) await installations.disable(tenant.id, pluginId, by)
  }

  /** Plans first; decides before it switches off, so that nobody switches on again in between, and a stop in between is finished by {@link EntitlementDesk.enforce}. */
  const withdraw = async (tenant: Tenant, rule: PluginRule, { disable }: Withdrawal, by: AuditActor, decide: () => Promise<void>): Promise<readonly Affected[]> => {
    const all = affected(tenant, rule)
    if (all.length > 0 && !disable) throw inUse(all)
    for (const one of all) refuseNeeded(one, all)
    await decide()
    await switchOff(all, by)
    return all
  }

  return {
    affected,
    async apply(tenant, rule, how, by) {
      if (rule.kind !== 'all') requireKnown(tenant, [...rule.plugins])
      return await withdraw(tenant, rule, how, by, () => entitlements.decide(tenant, rule, by))
    },
    grantsOf(tenant) {
      const titles = new Map(catalogue.manifests.map(({ id, title }) => [id, title]))
      const on = installations.modules(tenant.id).byId
      return [...new Set([...titles.keys(), ...named(tenant)])].toSorted().map((pluginId) => {
        const barredBy = entitlements.barredBy(tenant.id, pluginId)
        return { pluginId, title: titles.get(pluginId) ?? { fr: pluginId }, granted: barredBy === undefined, barredBy, isOn: on.has(pluginId) }
      })
    },
    async grant(tenant, pluginIds, by) {
      requireKnown(tenant, pluginIds)
      await entitlements.grant(tenant, pluginIds, by)
    },
    async revoke(tenant, pluginIds, how, by) {
      requireKnown(tenant, pluginIds)
      return await withdraw(tenant, revoking(entitlements.policyOf(tenant.id).plugins, pluginIds), how, by, () => entitlements.revoke(tenant, pluginIds, by))
    },
    async only(tenant, pluginIds, how, by) {
      requireKnown(tenant, pluginIds)
      const rule: PluginRule = { kind: 'only', plugins: new Set(pluginIds) }
      for (const above of tenants.ancestorsOf(tenant.id)) for (const id of pluginIds) entitlements.requireUse(above.id, id)
      return await withdraw(tenant, rule, how, by, () => entitlements.decide(tenant, rule, by))
    },
    reset: (tenant, by) => entitlements.decide(tenant, UNRESTRICTED.plugins, by),
    async move(tenant, parent, by, change) {
      const all = barred(tenant, (id) => entitlements.mayUse(parent.id, id))
      for (const one of all) refuseNeeded(one, all)
      const moved = await change()
      await switchOff(all, by)
      return moved
    },
    async enforce() {
      for (const id of entitlements.decided()) {
        const tenant = tenants.byId(id)
        const { plugins } = entitlements.policyOf(id)
        for (const { tenant: one, pluginIds } of tenant === undefined || plugins.kind === 'all' ? [] : affected(tenant, plugins).toReversed()) {
          for (const plugin of pluginIds) {
            log.warn({ tenant: one.id, plugin }, 'a plugin that the Pool no longer grants is switched off')
            await installations.disable(one.id, plugin, SYSTEM).catch((err: unknown) => { log.warn({ tenant: one.id, plugin, err }, 'it could not be switched off') })
          }
        }
      }
    },
  }
}

function inUse(all: readonly Affected[]): PlatformError {
  const shown = all.slice(0, 3).map(({ tenant, pluginIds }) => `${tenant.info.name} (${pluginIds.join(', ')})`)
  return new PlatformError('PLUGIN_IN_USE', `What would be taken away is switched on at ${all.length} ${all.length === 1 ? 'tenant' : 'tenants'}: ${shown.join('; ')}${all.length > 3 ? '…' : ''}.`, {
    fix: 'Repeat it with --disable: the plugins are then switched off there, and their data is kept.',
  })
}
