import { sql } from 'kysely'
import type { AuditActor } from '../audit/audit.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { PlatformError } from '../errors.ts'
import { sharedWith, type LifecycleParts } from './lifecycle-parts.ts'
import { migrationsOf } from './migrations-of.ts'
import type { Modules } from './modules.ts'
import { planSwitchOn } from './planned.ts'
import { releaseName } from './release-name.ts'
import { switchOn } from './switch-on.ts'

/** Tenants of one transaction: some 20 ms in which nothing else runs. */
const BATCH = 250

/** A tenant at which not everything could be switched on. */
export interface NotEnabled {
  readonly tenantId: string
  readonly error: PlatformError
}

/** How switching on for many went. */
export interface EnabledMany {
  /** Tenants at which all plugins are on now. */
  readonly tenants: number
  readonly problems: readonly NotEnabled[]
}

/** What it is told besides who and what. */
export interface EnableManyOptions {
  /** Called before the first tenants and after each batch. */
  readonly progress?: (done: number, total: number) => void
}

/** Runs a change while no other one of these tenants runs. */
export type Exclusively = <Result>(tenantIds: readonly string[], change: () => Promise<Result>) => Promise<Result>

/**
 * Switches plugins on for many tenants, with consent to all they ask for. Tenants in the same position are planned once; those where
 * the plugins were never on cost only rows, some hundreds in each transaction, because their stores are made when first used. The
 * others are switched on one by one. What a stop leaves undone, the same call does when it is made again.
 */
export async function enableMany(parts: LifecycleParts, exclusively: Exclusively, tenantIds: readonly string[], pluginIds: readonly string[], by: AuditActor, { progress }: EnableManyOptions = {}): Promise<EnabledMany> {
  const problems: NotEnabled[] = []
  let done = 0
  progress?.(0, tenantIds.length)
  for (const group of samePosition(parts, tenantIds)) {
    for (let first = 0; first < group.length; first += BATCH) {
      const batch = group.slice(first, first + BATCH)
      problems.push(...await exclusively(batch, () => enableBatch(parts, batch, pluginIds, by)))
      await parts.outside.reached?.('enable-many:batch')
      done += batch.length
      progress?.(done, tenantIds.length)
    }
  }
  return { tenants: tenantIds.length - problems.length, problems }
}

/** Tenants that run the same and are shared the same, for which one plan holds. */
function samePosition(parts: LifecycleParts, tenantIds: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<Modules, Map<string, string[]>>()
  for (const tenantId of tenantIds) {
    const modules = parts.active.modules(tenantId)
    const ofModules = groups.get(modules) ?? new Map<string, string[]>()
    groups.set(modules, ofModules)
    const shared = [...sharedWith(parts, tenantId)].sort().join(' ')
    const group = ofModules.get(shared)
    if (group === undefined) ofModules.set(shared, [tenantId])
    else group.push(tenantId)
  }
  return [...groups.values()].flatMap((group) => [...group.values()])
}

async function enableBatch(parts: LifecycleParts, batch: readonly string[], pluginIds: readonly string[], by: AuditActor): Promise<readonly NotEnabled[]> {
  const { ports, active, catalogue, storage } = parts
  const problems: NotEnabled[] = []
  const attempt = async (tenantIds: readonly string[], change: () => unknown): Promise<boolean> => {
    try {
      await change()
      return true
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error
      problems.push(...tenantIds.map((tenantId) => ({ tenantId, error })))
      return false
    }
  }
  const known = new Set((await storage.platform.selectFrom('installation').select('tenant_id').distinct()
    .where('plugin_id', 'in', [...pluginIds]).where('tenant_id', 'in', sql<string>`(select value from json_each(${JSON.stringify(batch)}))`).execute()).map((row) => row.tenant_id))
  const fresh: string[] = []
  for (const tenantId of batch.filter((id) => !known.has(id))) {
    if (await attempt([tenantId], () => { for (const pluginId of pluginIds) ports.requireEntitled(tenantId, pluginId) })) fresh.push(tenantId)
  }
  const [example] = fresh
  if (example !== undefined) {
    await attempt(fresh, async () => {
      const running = active.modules(example).releases
      const order = planSwitchOn({ available: catalogue.manifests, running: running.map(({ manifest }) => manifest), shared: sharedWith(parts, example) }, pluginIds.map((id) => ({ id, range: '*' })))
      await ports.requireStartable?.(order.filter(({ id }) => pluginIds.includes(id)))
      await active.withLoaded(order, async (loaded) => {
        const added = loaded.filter(({ manifest }) => pluginIds.includes(manifest.id))
        // Before anything is written: what fails in a new store fails for all of them.
        for (const release of added) await storage.migrate({ tenantId: example, pluginId: release.manifest.id }, migrationsOf(release))
        await write(parts, fresh, added, by)
        for (const tenantId of fresh) active.set(tenantId, loaded)
        for (const release of added) {
          if (ports.activatedMany !== undefined) await ports.activatedMany(fresh, release)
          else for (const tenantId of fresh) await ports.activated(tenantId, release)
        }
      })
    })
  }
  for (const tenantId of known) {
    await attempt([tenantId], () => switchOn(parts, tenantId, pluginIds.map((id) => ({ id, range: '*' })), by, { refuse: [] }))
  }
  return problems
}

/** They are on, they agreed to it, and it is on record: all of it or nothing. There is no step in between that a stop could interrupt. */
async function write(parts: LifecycleParts, tenantIds: readonly string[], releases: readonly LoadedRelease[], by: AuditActor): Promise<void> {
  const { storage, outside, consents, audit } = parts
  await storage.platformTransaction(async (tx) => {
    for (const { manifest } of releases) {
      const { version, digest } = releaseName(parts, manifest)
      await sql`insert into installation (tenant_id, plugin_id, version, digest, state, since, error)
        select value, ${manifest.id}, ${version}, ${digest ?? null}, 'active', ${outside.now()}, null from json_each(${JSON.stringify(tenantIds)})`.execute(tx)
      await consents.acceptMany(tenantIds, manifest, by, tx)
      await audit.recordMany(by, tenantIds.map((tenantId) => ({ tenantId, action: 'plugin.enabled', target: manifest.id, detail: { version } })), tx)
    }
  })
}
