import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { InstallationRow } from '../storage/platform-tables.ts'
import type { Operation } from './journal.ts'
import { aboutKey, situationAt, type LifecycleParts } from './lifecycle-parts.ts'
import { migrationsOf } from './migrations-of.ts'
import { planMove } from './planned.ts'
import { releaseName } from './release-name.ts'
import type { Snapshot } from './snapshots.ts'
import { requireRunning } from './upgrade-plan.ts'
import { findWayBack, type WayBack } from './way-back.ts'

/** How a rollback is done. */
export interface RollbackOptions {
  /** Goes back also where what was written since the upgrade is lost. @defaultValue false: it is refused then */
  readonly discardChanges?: boolean
  readonly by: AuditActor
  /** Told of each step that may take long, in words, as it begins. */
  readonly step?: ((what: string) => void) | undefined
}

/** How a rollback went. */
export interface RolledBack {
  readonly from: string
  readonly to: string
  readonly way: WayBack['kind']
  /** Migrations that were taken back. */
  readonly migrations: readonly string[]
  /** Whether what was written since the upgrade is gone. */
  readonly lostChanges: boolean
  /** When the data was taken that runs now, in milliseconds since the Unix epoch; only with the way `snapshot`. */
  readonly dataOf?: number
  readonly ms: number
}

/**
 * Puts a plugin of a tenant back to the release before the last upgrade, with data that this release knows: by taking migrations back where
 * that works, else from the snapshot. When anything fails the data is as it was and the newer release runs on.
 * @throws PlatformError `ROLLBACK_IMPOSSIBLE`, `ROLLBACK_LOSES_DATA`, `PLUGIN_STATE`, every problem of the plan, `PLUGIN_BUSY`, `DISK_SPACE_LOW`, `LABEL_…` of the release to go back to
 */
export async function rollBack(parts: LifecycleParts, tenantId: string, pluginId: string, { discardChanges = false, by, step }: RollbackOptions): Promise<RolledBack> {
  const start = performance.now()
  const row = await requireRunning(parts, tenantId, pluginId)
  const earlier = await requireTarget(parts, row)
  const { target, order } = planMove(situationAt(parts, tenantId), pluginId, earlier.release.version)
  await parts.ports.requireStartable?.([target])
  return parts.active.withLoaded([target], async ([release]) => {
    if (release === undefined) throw new Error('Nothing was loaded.')
    const way = await perform(parts, row, earlier, release, order.map(({ id }) => id), discardChanges, by, step)
    return {
      from: row.version, to: target.version, way: way.kind,
      migrations: way.kind === 'down' ? way.migrations : [],
      lostChanges: way.kind === 'snapshot' && way.losesChanges,
      ...(way.kind === 'snapshot' ? { dataOf: earlier.takenAt } : {}),
      ms: Math.round(performance.now() - start),
    }
  })
}

/** @throws PlatformError `ROLLBACK_IMPOSSIBLE` */
async function requireTarget({ snapshots, catalogue }: LifecycleParts, row: InstallationRow): Promise<Snapshot> {
  const kept = await snapshots.list({ tenantId: row.tenant_id, pluginId: row.plugin_id })
  const earlier = kept.find(({ reason, release }) => reason === 'upgrade' && release.version !== row.version)
  if (earlier === undefined) {
    throw new PlatformError('ROLLBACK_IMPOSSIBLE', `Nothing is kept of "${row.plugin_id}" here from before ${row.version}.`, { fix: 'One can go back as long as the snapshot of an upgrade is kept.' })
  }
  const { version, digest } = earlier.release
  if (catalogue.manifest(row.plugin_id, version) === undefined) {
    throw new PlatformError('ROLLBACK_IMPOSSIBLE', `The release before, ${version}, is no longer in the catalogue.`, {
      fix: digest === undefined ? `Put ${row.plugin_id} ${version} into the plugins folder again beside the one that runs, start anew, then roll back.` : `Install ${row.plugin_id} ${version} again, then roll back.`,
    })
  }
  if (digest !== undefined && catalogue.digest(row.plugin_id, version) !== digest) {
    throw new PlatformError('ROLLBACK_IMPOSSIBLE', `The release ${version} in the catalogue is not the one that ran: its digest is another.`, { fix: `Install the archive with the digest ${digest}.` })
  }
  return earlier
}

async function perform(parts: LifecycleParts, row: InstallationRow, earlier: Snapshot, release: LoadedRelease, order: readonly string[], discardChanges: boolean, by: AuditActor, step: RollbackOptions['step']): Promise<WayBack> {
  const { rows, journal, gates, snapshots, outside, active, peers, drainMs } = parts
  const key = { tenantId: row.tenant_id, pluginId: row.plugin_id }
  const current = active.modules(key.tenantId).byId.get(key.pluginId)
  const from = { version: row.version, digest: row.digest ?? undefined }
  let operation: Operation = { ...key, kind: 'rollback', phase: 'begun', from, to: releaseName(parts, release.manifest), startedAt: outside.now(), by }
  await rows.move(key.tenantId, key.pluginId, 'roll-back', { release: from, detail: { to: earlier.release.version } }, by, (tx) => journal.begin(operation, tx))
  let open: (() => void) | undefined
  let way: WayBack
  try {
    await outside.reached?.('rollback:begun')
    step?.('waiting for calls under way to end')
    open = await gates.shut(key.tenantId, key.pluginId, drainMs)
    await peers.keptOut(operation, drainMs)
    await outside.reached?.('rollback:drained')
    step?.('copying the data as it is now')
    // To come back to, should the way back fail; and what the way back is tried on.
    const now = await snapshots.take(key, from, 'rollback')
    await outside.reached?.('rollback:snapshotted')
    step?.('trying the way back on the copy')
    way = await findWayBack(parts, { key, current, target: release, now, earlier })
    if (way.kind === 'snapshot' && way.losesChanges && !discardChanges) {
      await snapshots.drop(now)
      throw new PlatformError('ROLLBACK_LOSES_DATA', `Going back to ${earlier.release.version} loses what was written since ${new Date(earlier.takenAt).toISOString()}: the tables cannot be taken back. ${way.why}`, {
        fix: 'To go back all the same, add --discard-changes.',
      })
    }
    operation = await journal.advance(operation, {
      phase: 'decided', snapshotId: now.id, detail: { way: way.kind, earlier: earlier.id, migrations: way.kind === 'down' ? way.migrations.join(' ') : '' },
    })
    await outside.reached?.('rollback:decided')
    step?.('bringing the data back')
    await bringBack(parts, operation, current)
    await parts.ports.activated(key.tenantId, release)
    await settle(parts, operation)
    active.put(key.tenantId, release, order)
  } catch (error) {
    await undo(parts, operation, current, error)
    throw error
  } finally {
    open?.()
  }
  await outside.reached?.('rollback:swapped')
  if (current !== undefined) await active.letGo(current)
  await tidy(parts, operation)
  return way
}

/** Brings the data back the way that was decided. Safe to run again after a crash at any point. */
async function bringBack({ storage, snapshots, outside }: LifecycleParts, operation: Operation, current: LoadedRelease | undefined): Promise<void> {
  const { tenantId, pluginId, detail } = operation
  switch (detail?.['way']) {
    case 'down':
      await storage.revert({ tenantId, pluginId }, current === undefined ? {} : migrationsOf(current), String(detail['migrations']).split(' '))
      break
    case 'snapshot': {
      const earlier = await snapshots.find(String(detail['earlier']))
      if (earlier === undefined) throw new Error('The snapshot to go back to is gone.')
      await snapshots.restore(earlier)
      break
    }
    default: break
  }
  await outside.reached?.('rollback:restored')
}

async function settle({ rows, journal }: LifecycleParts, operation: Operation): Promise<void> {
  const { tenantId, pluginId, from, to, by, detail } = operation
  await rows.move(tenantId, pluginId, 'rolled-back', { release: to ?? { version: '' }, detail: { from: from?.version ?? '', way: detail?.['way'] ?? '' } }, by, (tx) => journal.end(operation, tx))
}

/** The snapshots of what was gone back over are of no use any more. */
async function tidy({ snapshots }: LifecycleParts, operation: Operation): Promise<void> {
  const earlier = String(operation.detail?.['earlier'] ?? '')
  for (const snapshot of await snapshots.list({ tenantId: operation.tenantId, pluginId: operation.pluginId })) {
    if (snapshot.id >= earlier || snapshot.reason === 'rollback') await snapshots.drop(snapshot)
  }
  await snapshots.sweep(operation)
}

async function undo(parts: LifecycleParts, operation: Operation, current: LoadedRelease | undefined, cause: unknown): Promise<void> {
  try {
    await stay(parts, operation, cause instanceof Error ? cause.message : String(cause))
    if (current !== undefined) await parts.ports.activated(operation.tenantId, current)
  } catch (error) {
    parts.active.remove(operation.tenantId, operation.pluginId)
    parts.log.error({ ...aboutKey(operation), err: error }, 'a rollback failed and could not be undone: the plugin is off until the next start, which tries again')
  }
}

/** The data, and then the state, of before the rollback. */
async function stay({ rows, journal, snapshots }: LifecycleParts, operation: Operation, why: string): Promise<void> {
  const { tenantId, pluginId, from, by, snapshotId } = operation
  const now = snapshotId === undefined ? undefined : await snapshots.find(snapshotId)
  if (now !== undefined) await snapshots.restore(now)
  await rows.move(tenantId, pluginId, 'roll-back-undone', { release: from ?? { version: '' }, error: why }, by, (tx) => journal.end(operation, tx))
  for (const snapshot of await snapshots.list({ tenantId, pluginId })) if (snapshot.reason === 'rollback') await snapshots.drop(snapshot)
  await snapshots.sweep(operation)
}

/** Finishes a rollback that a stop interrupted when its way was decided; else, or when that fails, undoes it. Before anything is served. */
export async function resumeRollback(parts: LifecycleParts, operation: Operation): Promise<void> {
  const { log, active } = parts
  const about = { ...aboutKey(operation), from: operation.from?.version, to: operation.to?.version, phase: operation.phase }
  if (operation.phase === 'decided') {
    try {
      const current = { id: operation.pluginId, version: operation.from?.version ?? '' }
      await active.withLoaded(operation.detail?.['way'] === 'down' ? [current] : [], ([release]) => bringBack(parts, operation, release))
      await settle(parts, operation)
      await tidy(parts, operation)
      log.warn(about, 'a rollback that a stop interrupted is finished')
      return
    } catch (error) {
      log.warn({ ...about, err: error }, 'a rollback that a stop interrupted could not be finished and is undone')
    }
  }
  await stay(parts, operation, 'A stop interrupted the rollback.')
  log.warn(about, 'a rollback that a stop interrupted is undone')
}
