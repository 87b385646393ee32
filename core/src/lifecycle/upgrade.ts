import type { AuditActor } from '../audit/audit.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { InstallationRow } from '../storage/platform-tables.ts'
import { checkAll } from './check-release.ts'
import type { Operation } from './journal.ts'
import { aboutKey, type LifecycleParts } from './lifecycle-parts.ts'
import { migrationsOf } from './migrations-of.ts'
import type { PlannedMove } from './planned.ts'
import { rehearseMove } from './rehearse-move.ts'
import { releaseName } from './release-name.ts'
import { planned, requireConsent, requireRunning } from './upgrade-plan.ts'

/** How an upgrade is done. */
export interface UpgradeOptions {
  /** Semver range; `*` takes the newest that fits. */
  readonly range: string
  /** Accepts, in the name of `by`, whatever scopes the release asks for. @defaultValue false: it waits for consent */
  readonly acceptScopes?: boolean
  readonly by: AuditActor
  /** Told of each step that may take long, in words, as it begins. */
  readonly step?: ((what: string) => void) | undefined
}

/** How an upgrade went. */
export interface Upgraded {
  /** `unchanged`: what ran was the newest already. */
  readonly kind: 'upgraded' | 'unchanged'
  readonly from: string
  readonly to: string
  /** Names of the migrations that ran. */
  readonly migrations: readonly string[]
  readonly ms: number
}

/**
 * Moves a plugin of a tenant to another release: rehearses on a copy, shuts the gate, takes a snapshot, migrates, looks the data over,
 * swaps, and opens the gate. When anything fails the data is as it was and the old release runs on.
 * @throws PlatformError `PLUGIN_STATE`, `PLUGIN_DOWNGRADE`, every problem of the plan, `PLUGIN_CONSENT_NEEDED`, `PLUGIN_BUSY`, `DISK_SPACE_LOW`,
 * `MIGRATION_FAILED`, `PLUGIN_CALL_FAILED` of the release's own check
 */
export async function upgrade(parts: LifecycleParts, tenantId: string, pluginId: string, { range, acceptScopes = false, by, step }: UpgradeOptions): Promise<Upgraded> {
  const start = performance.now()
  const row = await requireRunning(parts, tenantId, pluginId)
  const move = planned(parts, tenantId, pluginId, range, row)
  const done = (kind: Upgraded['kind'], to: string, migrations: readonly string[]): Upgraded => ({ kind, from: row.version, to, migrations, ms: Math.round(performance.now() - start) })
  if (move === undefined) return done('unchanged', row.version, [])
  await parts.ports.requireStartable?.([move.target])
  if (!acceptScopes) await requireConsent(parts, tenantId, move.target, by)
  return parts.active.withLoaded([move.target], async ([release]) => {
    if (release === undefined) throw new Error('Nothing was loaded.')
    step?.('rehearsing on a copy of the data')
    await rehearseMove(parts, tenantId, release)
    const migrations = await perform(parts, tenantId, move, release, row, acceptScopes, by, step)
    return done('upgraded', move.target.version, migrations)
  })
}

async function perform(parts: LifecycleParts, tenantId: string, { target, order }: PlannedMove, release: LoadedRelease, row: InstallationRow, acceptScopes: boolean, by: AuditActor, step: UpgradeOptions['step']): Promise<readonly string[]> {
  const { rows, journal, gates, snapshots, outside, active, peers, drainMs } = parts
  const key = { tenantId, pluginId: target.id }
  const before = active.modules(tenantId).byId.get(target.id)
  const from = { version: row.version, digest: row.digest ?? undefined }
  let operation: Operation = { ...key, kind: 'upgrade', phase: 'begun', from, to: releaseName(parts, target), startedAt: outside.now(), by, detail: { acceptScopes } }
  await rows.move(tenantId, target.id, 'upgrade', { release: from, detail: { to: target.version } }, by, (tx) => journal.begin(operation, tx))
  let open: (() => void) | undefined
  let migrations: readonly string[] = []
  try {
    await outside.reached?.('upgrade:begun')
    step?.('waiting for calls under way to end')
    open = await gates.shut(tenantId, target.id, drainMs)
    await peers.keptOut(operation, drainMs)
    await outside.reached?.('upgrade:drained')
    step?.('copying the data to go back to')
    const { id: snapshotId } = await snapshots.take(key, from, 'upgrade')
    operation = await journal.advance(operation, { phase: 'snapshotted', snapshotId })
    await outside.reached?.('upgrade:snapshotted')
    step?.('migrating')
    migrations = await bringForward(parts, operation, release)
    active.put(tenantId, release, order.map(({ id }) => id))
  } catch (error) {
    await undo(parts, operation, before, error)
    throw error
  } finally {
    open?.()
  }
  await outside.reached?.('upgrade:swapped')
  if (before !== undefined) await active.letGo(before)
  await snapshots.prune(key)
  return migrations
}

/** From the snapshot to the swap on record. Safe to run again after a crash at any point. */
async function bringForward(parts: LifecycleParts, operation: Operation, release: LoadedRelease): Promise<readonly string[]> {
  const { tenantId, pluginId, to, from, by, detail } = operation
  const { storage, rows, journal, ports, outside } = parts
  const { applied } = await storage.migrate({ tenantId, pluginId }, migrationsOf(release))
  await outside.reached?.('upgrade:migrated')
  await checkAll(parts, tenantId, release, storage)
  await outside.reached?.('upgrade:checked')
  await ports.activated(tenantId, release)
  await rows.move(tenantId, pluginId, 'upgraded', { release: to ?? releaseName(parts, release.manifest), detail: { from: from?.version ?? '', migrations: applied.length } }, by, async (tx) => {
    if (detail?.['acceptScopes'] === true) await parts.consents.accept(tenantId, release.manifest, {}, by, tx)
    await journal.end(operation, tx)
  })
  return applied
}

/** Everything as before the upgrade. Where that fails too, the plugin stays off and the next start tries again. */
async function undo(parts: LifecycleParts, operation: Operation, before: LoadedRelease | undefined, cause: unknown): Promise<void> {
  const { tenantId, pluginId } = operation
  const { active, ports, storage, log } = parts
  try {
    await putBack(parts, operation, cause instanceof Error ? cause.message : String(cause))
    if (before !== undefined) {
      // A store that is not made yet is expected to be made for the release that was to come.
      await storage.migrate({ tenantId, pluginId }, migrationsOf(before))
      await ports.activated(tenantId, before)
    }
  } catch (error) {
    active.remove(tenantId, pluginId)
    log.error({ ...aboutKey(operation), err: error }, 'an upgrade failed and could not be undone: the plugin is off until the next start, which tries again')
  }
}

/** The data, and then the state, of before. */
async function putBack({ rows, journal, snapshots }: LifecycleParts, operation: Operation, why: string): Promise<void> {
  const { tenantId, pluginId, from, by, snapshotId } = operation
  const snapshot = snapshotId === undefined ? undefined : await snapshots.find(snapshotId)
  if (snapshot !== undefined) await snapshots.restore(snapshot)
  await rows.move(tenantId, pluginId, 'upgrade-undone', { release: from ?? { version: '' }, error: why }, by, (tx) => journal.end(operation, tx))
  if (snapshot !== undefined) await snapshots.drop(snapshot)
  await snapshots.sweep(operation)
}

/** Finishes an upgrade that a stop interrupted when its snapshot is there; else, or when that fails, undoes it. Before anything is served. */
export async function resumeUpgrade(parts: LifecycleParts, operation: Operation): Promise<void> {
  const { log, active } = parts
  const about = { ...aboutKey(operation), from: operation.from?.version, to: operation.to?.version, phase: operation.phase }
  if (operation.phase === 'snapshotted') {
    try {
      await active.withLoaded([{ id: operation.pluginId, version: operation.to?.version ?? '' }], async ([release]) => {
        if (release !== undefined) await bringForward(parts, operation, release)
      })
      await parts.snapshots.prune(operation)
      log.warn(about, 'an upgrade that a stop interrupted is finished')
      return
    } catch (error) {
      log.warn({ ...about, err: error }, 'an upgrade that a stop interrupted could not be finished and is undone')
    }
  }
  await putBack(parts, operation, 'A stop interrupted the upgrade.')
  log.warn(about, 'an upgrade that a stop interrupted is undone')
}
