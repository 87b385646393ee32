import type { Manifest } from '@liberacces/sdk/host'
import { sql } from 'kysely'
import semver from 'semver'
import { planInstallations, planWhatCan, type Wish } from '../catalogue/plan.ts'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { InstallationRow } from '../storage/platform-tables.ts'
import type { StoreKey } from '../storage/storage.ts'
import { sharedWith, type LifecycleParts } from './lifecycle-parts.ts'
import { loadSeveral } from './load-several.ts'
import { migrationsOf } from './migrations-of.ts'
import type { Modules } from './modules.ts'
import { releaseName } from './release-name.ts'
import type { Snapshot } from './snapshots.ts'
import { SYSTEM } from './system-actor.ts'
import { requireConsent } from './upgrade-plan.ts'

/** As much of an installation as starting it takes. */
export type Installed = Pick<InstallationRow, 'tenant_id' | 'plugin_id' | 'version' | 'digest'>

/**
 * Puts into memory what runs at every tenant, also what another node is moving just now. Only releases that some tenant is to run are loaded.
 * What has moved on is brought along where no other node runs it meanwhile.
 */
export async function startAll(parts: LifecycleParts): Promise<void> {
  const { active, peers } = parts
  const bringsAlong = await peers.isAlone()
  for (const { own, tenantIds } of await bySignature(parts)) {
    const byShared = new Map<string, Modules>()
    // What has moved on is brought along tenant by tenant; tenants that run what they ran share one answer.
    const hasMovedOn = bringsAlong && own.some((row) => successorOf(parts, row) !== undefined)
    for (const tenantId of tenantIds) {
      const contracts = sharedWith(parts, tenantId)
      const shared = contracts.size === 0 ? '' : [...contracts].sort().join(' ')
      const known = hasMovedOn ? undefined : byShared.get(shared)
      const found = known ?? active.share(await startable(parts, tenantId, own.map((row) => ({ ...row, tenant_id: tenantId })), { bringsAlong }))
      byShared.set(shared, found)
      active.setShared(tenantId, found)
    }
  }
}

/**
 * Tenants by what they have installed. Put together in the database: most tenants have the same, and a row for each of a hundred thousand
 * installations would be the most expensive part of a start.
 */
async function bySignature({ storage }: LifecycleParts): Promise<readonly { readonly own: readonly Omit<Installed, 'tenant_id'>[]; readonly tenantIds: readonly string[] }[]> {
  const [array, pair] = storage.dialect === 'postgres' ? ['json_agg', 'json_build_array'] : ['json_group_array', 'json_array']
  const { rows } = await sql<{ readonly own: string; readonly tenants: string }>`
    select own, cast(${sql.raw(array)}(tenant_id) as text) as tenants from (
      select tenant_id, cast(${sql.raw(array)}(${sql.raw(pair)}(plugin_id, version, digest)) as text) as own
      from (
        select tenant_id, plugin_id, version, digest from installation
        where state = 'active' or (state in ('upgrading', 'rolling-back') and exists (select 1 from operation where operation.tenant_id = installation.tenant_id and operation.plugin_id = installation.plugin_id and node_id is not null))
        order by tenant_id, plugin_id
      ) as active group by tenant_id
    ) as installed group by own`.execute(storage.platform)
  return rows.map(({ own, tenants }) => ({
    own: (JSON.parse(own) as readonly (readonly [string, string, string | null])[]).map(([pluginId, version, digest]) => ({ plugin_id: pluginId, version, digest })),
    tenantIds: JSON.parse(tenants) as readonly string[],
  }))
}

/**
 * Starts again what could not run at a tenant, now that a release has come: its schedules too.
 * @returns ids of the plugins that run again
 */
export async function heal(parts: LifecycleParts, tenantId: string): Promise<readonly string[]> {
  const { rows, active, ports } = parts
  const own = (await rows.list(tenantId)).filter(({ state }) => state === 'active')
  const before = active.modules(tenantId)
  if (own.every(({ plugin_id: id }) => before.byId.has(id))) return []
  const releases = await startable(parts, tenantId, own, { bringsAlong: await parts.peers.isAlone() })
  active.set(tenantId, releases)
  const healed = releases.filter(({ manifest }) => !before.byId.has(manifest.id))
  for (const release of healed) await ports.activated(tenantId, release)
  return healed.map(({ manifest }) => manifest.id)
}

/** Why an installed plugin does not run. */
export function whyLeftOut(parts: LifecycleParts, tenantId: string, row: Installed): string {
  const { catalogue, active } = parts
  const { plugin_id: id, version, digest } = row
  if (catalogue.manifest(id, version) === undefined) return `The release ${version} of "${id}" is not in the catalogue. Install it again.`
  if (isOther(parts, row)) return `The release ${version} of "${id}" in the catalogue is another than the one that ran here, whose digest is ${digest ?? ''}.`
  const wishes = [...active.modules(tenantId).releases.map(({ manifest }) => ({ id: manifest.id, range: manifest.version })), { id, range: version }]
  const plan = planInstallations(catalogue.manifests, wishes, sharedWith(parts, tenantId))
  return plan.ok ? 'It could not run at the last start; switch it on again.' : plan.problems.map((problem) => problem.message).join(' ')
}

/**
 * Of the installed releases, those that can run: a missing or broken one costs only itself and who needs it. One that has moved
 * on to another version since is brought along first, where that is wanted: its migrations have not run yet.
 */
export async function startable(parts: LifecycleParts, tenantId: string, rows: readonly Installed[], { bringsAlong }: { readonly bringsAlong: boolean }): Promise<readonly LoadedRelease[]> {
  const { catalogue, log } = parts
  const wishes: Wish[] = []
  const loaded = await loadWhatCan(parts, rows)
  for (const [index, row] of rows.entries()) {
    const same = loaded[index]
    const next = bringsAlong ? successorOf(parts, row) : undefined
    const [successor] = next === undefined ? [] : await loadWhatCan(parts, [{ ...row, version: next.version, digest: null }])
    const release = same ?? (successor !== undefined && await bringAlong(parts, tenantId, row, successor) ? successor : undefined)
    if (release !== undefined) wishes.push({ id: row.plugin_id, range: release.manifest.version })
    else if (successor === undefined) log.warn({ plugin: row.plugin_id, version: row.version }, 'an installed plugin is not in the catalogue and stays off')
  }
  const { order, left } = planWhatCan(catalogue.manifests.filter(({ id, version }) => wishes.every((wish) => wish.id !== id || wish.range === version)), wishes, sharedWith(parts, tenantId))
  for (const { wish, problems } of left) for (const problem of problems) log.warn({ plugin: wish.id, code: problem.code }, `stays off: ${problem.message}`)
  return order.flatMap((manifest) => catalogue.release(manifest.id, manifest.version) ?? [])
}

/** The newest release of a plugin, where the installed one is gone and this one comes after it. Never an older one: it would not know the tables. */
function successorOf({ catalogue }: LifecycleParts, { plugin_id: id, version, digest }: Omit<Installed, 'tenant_id'>): Manifest | undefined {
  // One that came in an archive is waited for: only what the plugins folder shipped moves on by itself.
  if (digest !== null || catalogue.manifest(id, version) !== undefined) return undefined
  return catalogue.find(id).find((manifest) => semver.gt(manifest.version, version))
}

/** Whether the catalogue has something else under the same name and version. */
function isOther({ catalogue }: LifecycleParts, { plugin_id: id, version, digest }: Installed): boolean {
  return digest !== null && catalogue.digest(id, version) !== digest
}

/** A release that is known and cannot be loaded costs only those who run it, at a start too. @returns in the order of the rows */
async function loadWhatCan(parts: LifecycleParts, rows: readonly Installed[]): Promise<readonly (LoadedRelease | undefined)[]> {
  const { catalogue, log } = parts
  const there = rows.filter((row) => catalogue.manifest(row.plugin_id, row.version) !== undefined && !isOther(parts, row))
  const outcomes = await Promise.allSettled(loadSeveral(catalogue, there.map(({ plugin_id: id, version }) => ({ id, version }))))
  const loaded = new Map(there.map((row, index) => [row, outcomes[index]]))
  return rows.map((row) => {
    const outcome = loaded.get(row)
    if (outcome?.status === 'rejected') log.warn({ plugin: row.plugin_id, version: row.version, err: outcome.reason }, 'an installed release cannot be loaded and stays off')
    return outcome?.status === 'fulfilled' ? outcome.value : undefined
  })
}

async function bringAlong(parts: LifecycleParts, tenantId: string, from: Installed, release: LoadedRelease): Promise<boolean> {
  const { storage, rows, snapshots, log } = parts
  const { id, version } = release.manifest
  const name = releaseName(parts, release.manifest)
  try {
    await requireConsent(parts, tenantId, release.manifest, SYSTEM)
  } catch (error) {
    // Its state stays: the next start after the consent brings it along.
    log.warn({ tenant: tenantId, plugin: id, version, err: error }, 'a new release asks for more than was agreed to and stays off')
    return false
  }
  let taken: Snapshot | undefined
  try {
    taken = await keepWayBack(parts, { tenantId, pluginId: id }, from)
  } catch (error) {
    // Nothing was touched: the next start tries again.
    log.error({ tenant: tenantId, plugin: id, version, err: error }, 'a new release stays off: what came before it could not be kept')
    return false
  }
  try {
    await storage.migrate({ tenantId, pluginId: id }, migrationsOf(release))
    await parts.outside.reached?.('start:migrated')
    await rows.move(tenantId, id, 'update', { release: name }, SYSTEM)
    await snapshots.prune({ tenantId, pluginId: id })
    return true
  } catch (error) {
    log.warn({ tenant: tenantId, plugin: id, version, err: error }, 'a new release could not bring the data along and stays off')
    if (error instanceof PlatformError) await rows.move(tenantId, id, 'update-failed', { release: name, error: error.message }, SYSTEM)
    // The data is as it was, and goes on changing: a later start takes it anew.
    if (taken !== undefined && error instanceof PlatformError && error.code === 'MIGRATION_FAILED') await snapshots.drop(taken)
    return false
  }
}

/** A snapshot from before the data is brought along, as an upgrade takes one; `undefined` when none was taken now. What stored nothing has nothing to go back to. */
async function keepWayBack({ storage, snapshots }: LifecycleParts, key: StoreKey, { version, digest }: Installed): Promise<Snapshot | undefined> {
  if (!(await storage.storesOf(key.tenantId)).some(({ pluginId }) => pluginId === key.pluginId)) return undefined
  // A start that was cut short took it already; by now the data may have been brought along.
  if ((await snapshots.list(key)).some(({ reason, release }) => reason === 'upgrade' && release.version === version)) return undefined
  return snapshots.take(key, { version, digest: digest ?? undefined }, 'upgrade')
}
