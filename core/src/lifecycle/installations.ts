import type { Manifest } from '@liberacces/sdk/host'
import semver from 'semver'
import type { AuditActor, Audit } from '../audit/audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { planInstallations, planWhatCan, type Wish } from '../catalogue/plan.ts'
import type { Consents } from '../consent/consents.ts'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { InstallationRow } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import { migrationsOf } from './migrations-of.ts'
import { modulesOf, type Modules } from './modules.ts'

/** A plugin's state for one tenant, as administrators see it. */
export interface Installation {
  readonly pluginId: string
  readonly version: string
  readonly state: InstallationRow['state']
  /** Milliseconds since the Unix epoch. */
  readonly since: number
  readonly error: string | undefined
}

/** What the lifecycle tells the rest of the kernel. */
export interface InstallationPorts {
  /** A release is about to be active for a tenant; its schedules start here. Doing it twice is harmless. */
  activated(tenantId: string, release: LoadedRelease): Promise<void>
  /** @throws PlatformError `PLUGIN_NOT_ENTITLED` when the Pool does not let a tenant use a plugin. In memory */
  requireEntitled(tenantId: string, pluginId: string): void
  /** A plugin is off for a tenant. Doing it twice is harmless. */
  deactivated(tenantId: string, pluginId: string): Promise<void>
  /**
   * Contracts that the tenant above shares with this one: here they count as provided. What the tenant's own plugins provide goes first.
   * @defaultValue none
   */
  sharedContracts?(tenantId: string): ReadonlySet<string>
  /**
   * Plugins of other tenants that need what this one shares with them, in words for a refusal: `"fr.example.news" of CCAS d’Aytré`.
   * @param contracts - what is about to end here
   * @defaultValue none
   */
  neededElsewhere?(tenantId: string, contracts: readonly string[]): readonly string[]
}

/** Which plugin runs where. Every change is planned first, audited, and survives a crash: the next start resumes it. */
export interface Installations {
  /** Active releases of a tenant, indexed. In memory; never touches the database. */
  modules(tenantId: string): Modules
  list(tenantId: string): Promise<readonly Installation[]>
  /**
   * Switches a plugin on, without restart, with consent to all it asks for. Doing it twice is harmless.
   * @param range - semver range of acceptable versions
   * @param refuse - optional scopes to refuse
   * @throws PlatformError `PLUGIN_NOT_ENTITLED`, or every problem of the plan, or `MIGRATION_FAILED`; nothing is switched on then
   */
  enable(tenantId: string, pluginId: string, range: string, by: AuditActor, refuse?: readonly string[]): Promise<Installation>
  /** Switches several on, those first that others of them need. Planned as one: all are wanted, or none is touched. */
  enableTogether(tenantId: string, pluginIds: readonly string[], by: AuditActor): Promise<readonly Installation[]>
  /**
   * Switches a plugin off and keeps its data. Requests under way finish.
   * @throws PlatformError `PLUGIN_NEEDED` while others need it
   */
  disable(tenantId: string, pluginId: string, by: AuditActor): Promise<Installation>
  /** Forgets a tenant that is being deleted, with all plugin data. */
  dropTenant(tenantId: string): Promise<void>
}

/** What who switches a plugin on refuses of its optional scopes; all else is agreed to. */
interface FirstConsent {
  readonly refuse: readonly string[]
}

interface Deps {
  readonly storage: Storage
  readonly catalogue: Catalogue
  readonly outside: Outside
  readonly audit: Audit
  readonly consents: Consents
  readonly ports: InstallationPorts
  readonly log: { warn(detail: object, message: string): void }
}

const NONE = modulesOf([])
const NOTHING_SHARED: ReadonlySet<string> = new Set()
const SYSTEM: AuditActor = { kind: 'system', id: 'system', name: 'LiberAccès' }

/** Reads what runs where, resumes what a crash interrupted, and answers from memory from then on. */
export async function openInstallations({ storage, catalogue, outside, audit, consents, ports, log }: Deps): Promise<Installations> {
  const active = new Map<string, Modules>()
  const shared = new Map<string, Modules>()
  const busy = new Map<string, Promise<unknown>>()

  const share = (releases: readonly LoadedRelease[]): Modules => {
    const signature = releases.map((release) => `${release.manifest.id}@${release.manifest.version}`).join(' ')
    const known = shared.get(signature) ?? modulesOf(releases)
    shared.set(signature, known)
    return known
  }

  const modules = (tenantId: string): Modules => active.get(tenantId) ?? NONE
  const sharedWith = (tenantId: string): ReadonlySet<string> => ports.sharedContracts?.(tenantId) ?? NOTHING_SHARED

  // What is no longer loaded must not come back through an index that still knows it, nor be kept in memory by one.
  catalogue.onUnloaded((gone) => {
    for (const [signature, known] of shared) if (known.releases.includes(gone)) shared.delete(signature)
  })

  /** Changes under way that were given a release, by `id@version`: it must stay until they are over. */
  const holders = new Map<string, number>()
  const hold = (key: string, by: 1 | -1): void => { holders.set(key, (holders.get(key) ?? 0) + by) }

  /** Lets a release go that nobody runs or is about to run. */
  const letGo = async ({ manifest: { id, version } }: LoadedRelease): Promise<void> => {
    if ((holders.get(`${id}@${version}`) ?? 0) > 0) return
    for (const { byId } of active.values()) if (byId.get(id)?.manifest.version === version) return
    await catalogue.unload(id, version)
  }

  /** One change at a time per tenant; other tenants go on. */
  const exclusively = async <Result>(tenantId: string, change: () => Promise<Result>): Promise<Result> => {
    const before = busy.get(tenantId) ?? Promise.resolve()
    const mine = before.then(change, change)
    busy.set(tenantId, mine)
    try {
      return await mine
    } finally {
      if (busy.get(tenantId) === mine) busy.delete(tenantId)
    }
  }

  const write = async (tenantId: string, pluginId: string, row: Pick<InstallationRow, 'version' | 'state' | 'error'>, by: AuditActor, action: string): Promise<Installation> => {
    const since = outside.now()
    await storage.platformTransaction(async (tx) => {
      await tx.insertInto('installation').values({ tenant_id: tenantId, plugin_id: pluginId, since, ...row })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id']).doUpdateSet({ since, ...row })).execute()
      await audit.record({ tenantId, actor: by, action, target: pluginId, detail: { version: row.version, ...(row.error === null ? {} : { error: row.error }) } }, tx)
    })
    return { pluginId, version: row.version, state: row.state, since, error: row.error ?? undefined }
  }

  const remove = (tenantId: string, pluginId: string): void => {
    active.set(tenantId, share(modules(tenantId).releases.filter((release) => release.manifest.id !== pluginId)))
  }

  /** From `activating` to `active`, or to `migration-failed`. Safe to run again after a crash at any point. */
  const activate = async (tenantId: string, release: LoadedRelease, order: readonly string[], by: AuditActor): Promise<Installation> => {
    const { id, version } = release.manifest
    await migrate(tenantId, release, by)
    // Before it counts as active: whoever asks again after a failure here comes by here again. Until then its runs find nothing to run.
    await ports.activated(tenantId, release)
    const done = await write(tenantId, id, { version, state: 'active', error: null }, by, 'plugin.enabled')
    const before = modules(tenantId).byId.get(id)
    const others = modules(tenantId).releases.filter((other) => other.manifest.id !== id)
    active.set(tenantId, share([...others, release].sort((a, b) => order.indexOf(a.manifest.id) - order.indexOf(b.manifest.id))))
    if (before !== undefined && before !== release) await letGo(before)
    return done
  }

  /** Plans, loads what the plan names, and keeps it loaded while `body` runs. What it left without a user is let go. */
  const withPlanned = async <Result>(tenantId: string, wishes: readonly Wish[], body: (order: readonly LoadedRelease[]) => Promise<Result>): Promise<Result> => {
    const plan = planInstallations(catalogue.manifests, wishes, sharedWith(tenantId))
    if (!plan.ok) throw problemsAsOne(plan.problems)
    const keys = plan.order.map(({ id, version }) => `${id}@${version}`)
    const loaded: LoadedRelease[] = []
    for (const key of keys) hold(key, 1)
    try {
      for (const { id, version } of plan.order) loaded.push(await catalogue.load(id, version))
      return await body(loaded)
    } finally {
      for (const key of keys) hold(key, -1)
      for (const release of loaded) await letGo(release)
    }
  }

  /**
   * @param consent - of who switches on, having seen the list; `undefined` where nobody looks
   * @throws PlatformError `PLUGIN_CONSENT_NEEDED`
   */
  const switchOn = async (tenantId: string, wishes: readonly Wish[], by: AuditActor, consent: FirstConsent | undefined): Promise<readonly Installation[]> => {
    for (const { id } of wishes) ports.requireEntitled(tenantId, id)
    const running = modules(tenantId).releases
    const wanted = new Set(wishes.map((wish) => wish.id))
    const kept = running.filter((release) => !wanted.has(release.manifest.id)).map((release) => ({ id: release.manifest.id, range: release.manifest.version }))
    return withPlanned(tenantId, [...kept, ...wishes], (order) => switchOnInOrder(tenantId, order, wanted, by, consent))
  }

  const switchOnInOrder = async (tenantId: string, order: readonly LoadedRelease[], wanted: ReadonlySet<string>, by: AuditActor, consent: FirstConsent | undefined): Promise<readonly Installation[]> => {
    const running = modules(tenantId).releases
    const current = await installations.list(tenantId)
    const done: Installation[] = []
    for (const release of order.filter((one) => wanted.has(one.manifest.id))) {
      const { id, version } = release.manifest
      const known = current.find((one) => one.pluginId === id)
      if (known?.state === 'active' && running.includes(release)) {
        done.push(known)
        continue
      }
      // Another version of what runs already widens what was agreed to; who switches on what was off has seen the list.
      if (consent === undefined || running.some((other) => other.manifest.id === id)) await requireConsent(tenantId, release, by)
      else await consents.accept(tenantId, release.manifest, consent, by)
      await write(tenantId, id, { version, state: 'activating', error: null }, by, 'plugin.enabling')
      done.push(await activate(tenantId, release, order.map((one) => one.manifest.id), by))
    }
    return done
  }

  const requireConsent = async (tenantId: string, { manifest }: LoadedRelease, by: AuditActor): Promise<void> => {
    const missing = await consents.missing(tenantId, manifest)
    if (missing.required.length + missing.optional.length > 0) throw await consents.wait(tenantId, manifest, missing, by)
  }

  const installations: Installations = {
    modules,
    async list(tenantId) {
      const rows = await storage.platform.selectFrom('installation').selectAll().where('tenant_id', '=', tenantId).orderBy('plugin_id').execute()
      const running = modules(tenantId)
      return rows.map((row) => {
        const isLeftOut = row.state === 'active' && !running.byId.has(row.plugin_id)
        return {
          pluginId: row.plugin_id, version: row.version, since: row.since,
          state: isLeftOut ? 'degraded' : row.state,
          error: isLeftOut ? whyLeftOut(tenantId, running, row.plugin_id) : (row.error ?? undefined),
        }
      })
    },
    enable: async (tenantId, pluginId, range, by, refuse = []) => {
      const [done] = await exclusively(tenantId, () => switchOn(tenantId, [{ id: pluginId, range }], by, { refuse }))
      if (done === undefined) throw new Error(`The plan for "${pluginId}" left it out.`)
      return done
    },
    enableTogether: (tenantId, pluginIds, by) => exclusively(tenantId, () => switchOn(tenantId, pluginIds.map((id) => ({ id, range: '*' })), by, { refuse: [] })),
    disable: (tenantId, pluginId, by) => exclusively(tenantId, async () => {
      const release = modules(tenantId).byId.get(pluginId)
      if (release === undefined) {
        const known = (await installations.list(tenantId)).find((one) => one.pluginId === pluginId)
        if (known === undefined) throw new PlatformError('PLUGIN_UNKNOWN', `Plugin "${pluginId}" was never switched on here.`, { fix: 'See `liberacces plugin list` for the ids.' })
        // Once more: it may have failed after the state was written.
        await ports.deactivated(tenantId, pluginId)
        if (known.state === 'inactive') return known
        return write(tenantId, pluginId, { version: known.version, state: 'inactive', error: null }, by, 'plugin.disabled')
      }
      const { provides } = release.manifest
      const shared = sharedWith(tenantId)
      const here = modules(tenantId).releases.filter((other) =>
        Object.keys(other.manifest.requires).some((need) => need === pluginId || (provides.includes(need) && !shared.has(need))))
      const dependants = [...here.map((other) => `"${other.manifest.id}"`), ...(ports.neededElsewhere?.(tenantId, provides) ?? [])]
      if (dependants.length > 0) {
        throw new PlatformError('PLUGIN_NEEDED', `Plugin "${pluginId}" is needed by ${dependants.join(' and ')}.`, { fix: 'Switch those off first.' })
      }
      const done = await write(tenantId, pluginId, { version: release.manifest.version, state: 'inactive', error: null }, by, 'plugin.disabled')
      remove(tenantId, pluginId)
      await ports.deactivated(tenantId, pluginId)
      await letGo(release)
      return done
    }),
    dropTenant: (tenantId) => exclusively(tenantId, async () => {
      const { releases } = modules(tenantId)
      for (const release of releases) await ports.deactivated(tenantId, release.manifest.id)
      active.delete(tenantId)
      for (const release of releases) await letGo(release)
      for (const { pluginId } of await installations.list(tenantId)) await storage.drop({ tenantId, pluginId })
      await storage.platform.deleteFrom('installation').where('tenant_id', '=', tenantId).execute()
    }),
  }

  await load()
  return installations

  async function load(): Promise<void> {
    const rows = await storage.platform.selectFrom('installation').select(['tenant_id', 'plugin_id', 'version', 'state']).where('state', 'in', ['active', 'activating']).execute()
    const byTenant = new Map<string, typeof rows>()
    for (const row of rows) byTenant.set(row.tenant_id, [...(byTenant.get(row.tenant_id) ?? []), row])
    const bySignature = new Map<string, Modules>()
    for (const [tenantId, own] of byTenant) {
      const settled = own.filter((row) => row.state === 'active')
      const signature = [...settled.map((row) => `${row.plugin_id}@${row.version}`), ...sharedWith(tenantId)].sort().join(' ')
      // What has moved on is brought along tenant by tenant; tenants that run what they ran share one answer.
      const known = settled.some((row) => successorOf(row) !== undefined) ? undefined : bySignature.get(signature)
      const found = known ?? share(await startable(tenantId, settled))
      bySignature.set(signature, found)
      active.set(tenantId, found)
    }
    for (const row of rows.filter((one) => one.state === 'activating')) await resume(row)
  }

  /** Finishes an activation that a stop interrupted, or takes it back where nothing could finish it any more. */
  async function resume({ tenant_id: tenantId, plugin_id: pluginId }: Pick<InstallationRow, 'tenant_id' | 'plugin_id'>): Promise<void> {
    const about = { tenant: tenantId, plugin: pluginId }
    log.warn(about, 'resuming an activation that a stop interrupted')
    try {
      await exclusively(tenantId, () => switchOn(tenantId, [{ id: pluginId, range: '*' }], SYSTEM, undefined))
    } catch (error) {
      log.warn({ ...about, err: error }, 'the activation could not be resumed')
      if (error instanceof PlatformError && error.code !== 'MIGRATION_FAILED') {
        const { version } = (await installations.list(tenantId)).find((one) => one.pluginId === pluginId) ?? { version: '' }
        await write(tenantId, pluginId, { version, state: 'inactive', error: error.message }, SYSTEM, 'plugin.enable-failed')
      }
    }
  }

  /**
   * Of the installed releases, those that can run: a missing or broken one costs only itself and who needs it. One that has moved
   * on to another version since is brought along first: its migrations have not run yet.
   */
  async function startable(tenantId: string, rows: readonly Pick<InstallationRow, 'plugin_id' | 'version'>[]): Promise<readonly LoadedRelease[]> {
    const wishes: Wish[] = []
    for (const row of rows) {
      const same = await loadedOrNot(row.plugin_id, row.version)
      const next = successorOf(row)
      const successor = next === undefined ? undefined : await loadedOrNot(next.id, next.version)
      const release = same ?? (successor !== undefined && await bringAlong(tenantId, successor) ? successor : undefined)
      if (release !== undefined) wishes.push({ id: row.plugin_id, range: release.manifest.version })
      else if (successor === undefined) log.warn({ plugin: row.plugin_id, version: row.version }, 'an installed plugin is not in the catalogue and stays off')
    }
    const { order, left } = planWhatCan(catalogue.manifests, wishes, sharedWith(tenantId))
    for (const { wish, problems } of left) for (const problem of problems) log.warn({ plugin: wish.id, code: problem.code }, `stays off: ${problem.message}`)
    return order.flatMap((manifest) => catalogue.release(manifest.id, manifest.version) ?? [])
  }

  /** The newest release of a plugin, where the installed one is gone and this one comes after it. Never an older one: it would not know the tables. */
  function successorOf({ plugin_id: pluginId, version }: Pick<InstallationRow, 'plugin_id' | 'version'>): Manifest | undefined {
    if (catalogue.manifest(pluginId, version) !== undefined) return undefined
    return catalogue.find(pluginId).find((manifest) => semver.gt(manifest.version, version))
  }

  /** A release that is known and cannot be loaded costs only those who run it, at a start too. */
  async function loadedOrNot(pluginId: string, version: string): Promise<LoadedRelease | undefined> {
    if (catalogue.manifest(pluginId, version) === undefined) return undefined
    try {
      return await catalogue.load(pluginId, version)
    } catch (error) {
      log.warn({ plugin: pluginId, version, err: error }, 'an installed release cannot be loaded and stays off')
      return undefined
    }
  }

  async function bringAlong(tenantId: string, release: LoadedRelease): Promise<boolean> {
    const { id, version } = release.manifest
    try {
      await requireConsent(tenantId, release, SYSTEM)
      await migrate(tenantId, release, SYSTEM)
      await write(tenantId, id, { version, state: 'active', error: null }, SYSTEM, 'plugin.updated')
      return true
    } catch (error) {
      log.warn({ tenant: tenantId, plugin: id, version, err: error }, 'a new release could not bring the data along and stays off')
      return false
    }
  }

  /** @throws PlatformError `MIGRATION_FAILED`, with the installation marked so */
  async function migrate(tenantId: string, release: LoadedRelease, by: AuditActor): Promise<void> {
    const { id, version } = release.manifest
    try {
      await storage.migrate({ tenantId, pluginId: id }, migrationsOf(release))
    } catch (cause) {
      if (cause instanceof PlatformError) await write(tenantId, id, { version, state: 'migration-failed', error: cause.message }, by, 'plugin.enable-failed')
      throw cause
    }
  }

  function whyLeftOut(tenantId: string, running: Modules, pluginId: string): string {
    const wishes = [...running.releases.map((release) => ({ id: release.manifest.id, range: release.manifest.version })), { id: pluginId, range: '*' }]
    const plan = planInstallations(catalogue.manifests, wishes, sharedWith(tenantId))
    return plan.ok ? 'It could not run at the last start; switch it on again.' : plan.problems.map((problem) => problem.message).join(' ')
  }
}

/** One error that carries every problem of a plan. */
function problemsAsOne(problems: readonly PlatformError[]): PlatformError {
  const [first, ...rest] = problems
  if (first === undefined) throw new Error('A plan failed without a problem.')
  if (rest.length === 0) return first
  return new PlatformError(first.code, problems.map((problem) => problem.message).join(' '), { fix: [...new Set(problems.map((problem) => problem.fix))].join(' ') })
}
