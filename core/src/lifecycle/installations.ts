import { findMigrationsIn } from './find-migrations.ts'
import { join } from 'node:path'
import type { AuditActor, Audit } from '../audit/audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Wish } from '../catalogue/plan.ts'
import type { Consents } from '../consent/consents.ts'
import type { Locks } from '../locks/locks.ts'
import type { Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { Gates } from '../runtime/gates.ts'
import type { FileStore } from '../storage/files.ts'
import type { InstallationRow } from '../storage/platform-tables.ts'
import { OWN_FILES } from '../storage/own-files.ts'
import type { SharedFiles } from '../storage/shared-files.ts'
import type { FindMigrations, Storage } from '../storage/storage.ts'
import { ActiveReleases } from './active-releases.ts'
import { sweepCopies } from './copies.ts'
import { enableMany, type EnabledMany, type EnableManyOptions } from './enable-many.ts'
import { Following } from './following.ts'
import { createInstallationRows, type ReleaseCount } from './installation-rows.ts'
import { createJournal, type Journal, type Operation } from './journal.ts'
import type { InstallationPorts, LifecycleLog, LifecycleParts } from './lifecycle-parts.ts'
import { lockOf, type Lock } from './lock.ts'
import type { Modules } from './modules.ts'
import { NO_PEERS, type Peers } from './peers.ts'
import { rehearse, type Rehearsal, type RehearsalOptions } from './rehearsal.ts'
import { resumeRollback, rollBack, type RollbackOptions, type RolledBack } from './rollback.ts'
import { createSnapshots, type Snapshots } from './snapshots.ts'
import { heal, startAll, whyLeftOut } from './start.ts'
import { resumeSwitchOff, switchOff } from './switch-off.ts'
import { resumeSwitchOn, switchOn, type FirstConsent } from './switch-on.ts'
import { rehearseAll, upgradeAll, type AllOptions, type WaveDeps } from './upgrade-all.ts'
import { resumeUpgrade, upgrade, type Upgraded, type UpgradeOptions } from './upgrade.ts'
import type { WaveOutcome } from './wave.ts'

/** A plugin's state for one tenant, as administrators see it. */
export interface Installation {
  readonly pluginId: string
  readonly version: string
  /** `sha256-<base64>` of the release's archive, where it came in one. */
  readonly digest?: string
  readonly state: InstallationRow['state']
  /** Milliseconds since the Unix epoch. */
  readonly since: number
  readonly error: string | undefined
}

/** Which plugin runs where. Every change is planned first, audited, and survives a crash: the next start resumes it. */
export interface Installations {
  /** Active releases of a tenant, indexed. In memory; never touches the database. */
  modules(tenantId: string): Modules
  list(tenantId: string): Promise<readonly Installation[]>
  /** What a tenant runs, exactly. */
  lockOf(tenantId: string): Promise<Lock>
  /**
   * Switches a plugin on, without restart, with consent to all it asks for. Doing it twice is harmless. Data that is there from before keeps its version unless the range says otherwise.
   * @param range - semver range of acceptable versions
   * @param refuse - optional scopes to refuse
   * @throws PlatformError `PLUGIN_NOT_ENTITLED`, or every problem of the plan, or `PLUGIN_DOWNGRADE`, `MIGRATION_FAILED`; nothing is switched on then.
   * `PLUGIN_STATE` when it runs in a version outside of the range: that takes an upgrade
   */
  enable(tenantId: string, pluginId: string, range: string, by: AuditActor, refuse?: readonly string[]): Promise<Installation>
  /** Switches several on, those first that others of them need. Planned as one: all are wanted, or none is touched. */
  enableTogether(tenantId: string, pluginIds: readonly string[], by: AuditActor): Promise<readonly Installation[]>
  /** See {@link enableMany}. */
  enableMany(tenantIds: readonly string[], pluginIds: readonly string[], by: AuditActor, how?: EnableManyOptions): Promise<EnabledMany>
  /**
   * Switches a plugin off and keeps its data. Requests under way finish.
   * @throws PlatformError `PLUGIN_NEEDED` while others need it
   */
  disable(tenantId: string, pluginId: string, by: AuditActor): Promise<Installation>
  /** See {@link upgrade}. No request fails meanwhile, and other tenants do not notice. */
  upgrade(tenantId: string, pluginId: string, options: UpgradeOptions): Promise<Upgraded>
  /** See {@link rehearse}. */
  rehearse(tenantId: string, pluginId: string, options: RehearsalOptions): Promise<Rehearsal>
  /** See {@link rollBack}. */
  rollback(tenantId: string, pluginId: string, options: RollbackOptions): Promise<RolledBack>
  /** See {@link upgradeAll}. */
  upgradeAll(pluginId: string, options: UpgradeOptions & AllOptions<Upgraded>): Promise<readonly WaveOutcome<Upgraded>[]>
  /** See {@link rehearseAll}. */
  rehearseAll(pluginId: string, options: RehearsalOptions & AllOptions<Rehearsal>): Promise<readonly WaveOutcome<Rehearsal>[]>
  /** Tenants at which a plugin is on, whether it can run or not. */
  tenantsWith(pluginId: string): Promise<readonly string[]>
  /** At how many tenants each release is on, by plugin and version. */
  counts(): Promise<readonly ReleaseCount[]>
  /** Forgets a tenant that is being deleted, with all plugin data. */
  dropTenant(tenantId: string): Promise<void>
  /** For operations of other folders, such as purging: one change at a time for each tenant. */
  exclusively<Result>(tenantId: string, change: () => Promise<Result>): Promise<Result>
  /** {@link Installations.exclusively} of several tenants at once, each named once. */
  exclusivelyAll<Result>(tenantIds: readonly string[], change: () => Promise<Result>): Promise<Result>
  /** When what lacked a release that has come meanwhile runs again. */
  healed(): Promise<void>
  /** Finishes or undoes what nodes that died, or operations that failed here, have left. What cannot be brought to an end now comes again. */
  takeOver(): Promise<void>
  /** For another storage that takes this one's data over. */
  readonly findMigrations: FindMigrations
  readonly journal: Journal
  readonly snapshots: Snapshots
  /** What runs, in memory. */
  readonly held: Reloadable
}

/** What resumes or undoes operations of one kind that a stop interrupted; before anything is served. */
export type Resumer = (operation: Operation) => Promise<void>

/** What the lifecycle is made from. */
export interface InstallationsOptions {
  readonly storage: Storage
  /** So that of the changes of one tenant one runs at a time, on whatever node. */
  readonly locks: Locks
  readonly files: FileStore
  readonly catalogue: Catalogue
  readonly outside: Outside
  readonly audit: Audit
  readonly consents: Consents
  readonly gates: Gates
  readonly ports: InstallationPorts
  readonly log: LifecycleLog
  readonly dataFolder: string
  /** For the kinds of operations that are done elsewhere. */
  readonly resumers?: Readonly<Partial<Record<Operation['kind'], Resumer>>>
  /** Longest wait for calls under way, in milliseconds. */
  readonly drainMs: number
  /** @defaultValue there are no other nodes */
  readonly peers?: Peers
  /** Where other nodes find what lies in the data folder. @defaultValue there are no others */
  readonly shared?: SharedFiles
}

/** Reads what runs where, resumes what a crash interrupted, and answers from memory from then on. */
export async function openInstallations(options: InstallationsOptions): Promise<Installations> {
  const { storage, files, catalogue, outside, audit, consents, gates, ports, log, dataFolder, resumers = {}, drainMs, locks, peers = NO_PEERS, shared = OWN_FILES } = options
  const active = new ActiveReleases(catalogue, log, ports.changed)
  const findMigrations = findMigrationsIn(catalogue, active)
  storage.findMigrations(findMigrations)
  const rows = createInstallationRows({ storage, outside, audit })
  const journal = createJournal(storage, peers.own)
  const snapshots = createSnapshots({ storage, files, outside, folder: join(dataFolder, 'snapshots'), shared })
  const parts: LifecycleParts = { storage, files, catalogue, outside, audit, gates, consents, ports, log, rows, journal, active, snapshots, peers, dataFolder, drainMs }
  const following = new Following(parts)
  const exclusively = <Result>(tenantId: string, change: () => Promise<Result>): Promise<Result> => locks.withLock(lockName(tenantId), () => following.holding([tenantId], change))
  const exclusivelyAll = <Result>(tenantIds: readonly string[], change: () => Promise<Result>): Promise<Result> => locks.withLocks(tenantIds.map(lockName), () => following.holding(tenantIds, change))
  /** While something may end that satellites run on, nothing is switched on there. */
  const withServed = <Result>(tenantId: string, change: () => Promise<Result>): Promise<Result> => {
    const served = ports.servedBy?.(tenantId) ?? []
    return served.length === 0 ? exclusively(tenantId, change) : exclusivelyAll([tenantId, ...served], change)
  }

  const shown = (row: InstallationRow): Installation => {
    const isLeftOut = row.state === 'active' && !active.modules(row.tenant_id).byId.has(row.plugin_id)
    return {
      pluginId: row.plugin_id, version: row.version, since: row.since, ...(row.digest === null ? {} : { digest: row.digest }),
      state: isLeftOut ? 'degraded' : row.state,
      error: isLeftOut ? whyLeftOut(parts, row.tenant_id, row) : (row.error ?? undefined),
    }
  }
  const enable = async (tenantId: string, wishes: readonly Wish[], by: AuditActor, consent: FirstConsent): Promise<readonly Installation[]> =>
    (await exclusively(tenantId, () => switchOn(parts, tenantId, wishes, by, consent))).map(shown)
  const tenantsWith = async (pluginId: string): Promise<readonly string[]> =>
    (await storage.platform.selectFrom('installation').select('tenant_id').where('plugin_id', '=', pluginId).where('state', '=', 'active').orderBy('tenant_id').execute()).map((row) => row.tenant_id)

  const resume: Readonly<Record<Operation['kind'], Resumer | undefined>> = {
    enable: (operation) => resumeSwitchOn(parts, operation),
    disable: (operation) => resumeSwitchOff(parts, operation),
    upgrade: (operation) => resumeUpgrade(parts, operation),
    rollback: (operation) => resumeRollback(parts, operation),
    archive: resumers.archive,
    purge: resumers.purge,
  }
  /** Nobody waits any more in front of the gate of what could be brought to no end. */
  const abandon = async (operation: Operation): Promise<void> => {
    if (peers.own !== undefined && await journal.find(operation.tenantId, operation.pluginId) !== undefined) await journal.abandon(operation)
  }
  const resumeAll = async (operations: readonly Operation[]): Promise<void> => {
    for (const operation of operations) {
      try {
        await resume[operation.kind]?.(operation)
      } catch (error) {
        await abandon(operation)
        log.error({ tenant: operation.tenantId, plugin: operation.pluginId, kind: operation.kind, phase: operation.phase, err: error }, 'an operation that a stop interrupted could be neither finished nor undone; the plugin stays off')
      }
    }
  }

  await sweepCopies({ storage, dataFolder })
  await peers.takeOver({ nobodys: true })
  const interrupted = (await journal.open()).filter(({ node }) => node === peers.own)
  // What moves data comes first: who needs a plugin that was being moved is started with it.
  await resumeAll(interrupted.filter(({ kind }) => kind !== 'enable'))
  await startAll(parts)
  await resumeAll([...interrupted.filter(({ kind }) => kind === 'enable'), ...await rows.activatingWithoutJournal()])
  if (peers.own !== undefined) await following.reload(undefined)
  const healAll = async (pluginId: string, version: string): Promise<void> => {
    const lacking = await storage.platform.selectFrom('installation').select('tenant_id').where('plugin_id', '=', pluginId).where('version', '=', version).where('state', '=', 'active').execute()
    for (const { tenant_id: tenantId } of lacking.filter((row) => !active.modules(row.tenant_id).byId.has(pluginId))) {
      // In memory alone: other nodes see to theirs.
      const healed = await locks.withLock(lockName(tenantId), () => heal(parts, tenantId))
      if (healed.length > 0) log.warn({ tenant: tenantId, plugins: healed }, 'what lacked a release runs again')
    }
  }
  let healing: Promise<void> = Promise.resolve()
  catalogue.onAdded(({ id, version }) => {
    healing = healing.then(() => healAll(id, version)).catch((error: unknown) => { log.error({ plugin: id, err: error }, 'what lacked a release could not be started again') })
  })

  const wave: WaveDeps = {
    tenantsWith,
    upgrade: (tenantId, pluginId, how) => withServed(tenantId, () => upgrade(parts, tenantId, pluginId, how)),
    rehearse: (tenantId, pluginId, how) => exclusively(tenantId, () => rehearse(parts, tenantId, pluginId, how)),
  }

  return {
    modules: (tenantId) => active.modules(tenantId),
    list: async (tenantId) => (await rows.list(tenantId)).map(shown),
    lockOf: (tenantId) => lockOf(parts, tenantId),
    async enable(tenantId, pluginId, range, by, refuse = []) {
      const [done] = await enable(tenantId, [{ id: pluginId, range }], by, { refuse })
      if (done === undefined) throw new Error(`The plan for "${pluginId}" left it out.`)
      return done
    },
    enableTogether: (tenantId, pluginIds, by) => enable(tenantId, pluginIds.map((id) => ({ id, range: '*' })), by, { refuse: [] }),
    enableMany: (tenantIds, pluginIds, by, how) => enableMany(parts, exclusivelyAll, tenantIds, pluginIds, by, how),
    disable: async (tenantId, pluginId, by) => shown(await withServed(tenantId, () => switchOff(parts, tenantId, pluginId, by))),
    upgrade: wave.upgrade,
    rehearse: wave.rehearse,
    upgradeAll: (pluginId, how) => upgradeAll(wave, pluginId, how),
    rehearseAll: (pluginId, how) => rehearseAll(wave, pluginId, how),
    rollback: (tenantId, pluginId, how) => withServed(tenantId, () => rollBack(parts, tenantId, pluginId, how)),
    tenantsWith,
    counts: () => rows.counts(),
    dropTenant: (tenantId) => exclusively(tenantId, async () => {
      const { releases } = active.modules(tenantId)
      for (const release of releases) await ports.deactivated(tenantId, release.manifest.id)
      active.forget(tenantId)
      for (const release of releases) await active.letGo(release)
      for (const row of await rows.list(tenantId)) await storage.drop({ tenantId, pluginId: row.plugin_id })
      await snapshots.dropAll({ tenantId })
      await storage.platform.deleteFrom('operation').where('tenant_id', '=', tenantId).execute()
      await storage.platform.deleteFrom('installation').where('tenant_id', '=', tenantId).execute()
    }),
    exclusively,
    exclusivelyAll,
    healed: () => healing,
    takeOver: () => following.takeOver((tenantId, change) => exclusively(tenantId, change), (operation) => resume[operation.kind]),
    journal,
    findMigrations,
    snapshots,
    held: { tables: ['installation', 'operation'], reload: (changed) => following.reload(changed) },
  }
}

/** What is locked while something changes about which plugins run on a tenant. */
function lockName(tenantId: string): string {
  return `lifecycle/${tenantId}`
}
