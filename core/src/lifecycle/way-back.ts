import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { migrationsIn } from '../storage/sqlite/place-store-file.ts'
import { fingerprintOf } from '../storage/sqlite/store-fingerprint.ts'
import type { CopySource, StoreKey } from '../storage/storage.ts'
import { checkAll } from './check-release.ts'
import { copiesFolder, onCopy } from './copies.ts'
import type { LifecycleParts } from './lifecycle-parts.ts'
import { migrationsOf } from './migrations-of.ts'
import type { Snapshot } from './snapshots.ts'

/**
 * How data goes back to an older release. `code`: both releases know the same tables, nothing is done to the data. `down`: the
 * migrations are taken back, and what was written since stays. `snapshot`: the data of then is put back, and what was written since is lost.
 */
export type WayBack =
  | { readonly kind: 'code' }
  | { readonly kind: 'down'; readonly migrations: readonly string[] }
  | { readonly kind: 'snapshot'; readonly why: string; readonly losesChanges: boolean }

/** What a way back leads from and to. */
export interface Journey {
  readonly key: StoreKey
  /** What runs; `undefined` when it is not there to ask. */
  readonly current: LoadedRelease | undefined
  readonly target: LoadedRelease
  /** The data as it is now. */
  readonly now: Snapshot
  /** The data as it was when the target ran last. */
  readonly earlier: Snapshot
}

/**
 * Finds the way back that loses least. Migrations are taken back only where each has a `down`, and where doing so on a copy leads to just the
 * tables of then: a `down` that does nothing is none. Nothing is changed but copies.
 */
export async function findWayBack(parts: LifecycleParts, journey: Journey): Promise<WayBack> {
  const { target, now, earlier } = journey
  if (!now.hasStore) return { kind: 'code' }
  await parts.snapshots.bring(earlier)
  const before = Object.keys(target.plugin.migrations ?? {})
  const later = migrationsIn(parts.snapshots.databasePath(now)).filter((name) => !before.includes(name))
  if (later.length === 0) return { kind: 'code' }
  const why = await whyNotDown(parts, journey, later)
  if (why === undefined) return { kind: 'down', migrations: later }
  return { kind: 'snapshot', why, losesChanges: await hasChanged(parts, journey) }
}

async function whyNotDown(parts: LifecycleParts, { key, current, target, now, earlier }: Journey, later: readonly string[]): Promise<string | undefined> {
  const migrations = current === undefined ? {} : migrationsOf(current)
  const unknown = later.filter((name) => typeof migrations[name]?.down !== 'function')
  if (unknown.length > 0) return `The release that runs cannot take back ${unknown.join(', ')}.`
  try {
    const reverted = await onCopy(parts, key, async (copy) => {
      await copy.revert(migrations, later)
      await checkAll(parts, key.tenantId, target, copy)
      return await copy.shape()
    }, sourceOf(parts, now))
    return reverted === await shapeOf(parts, key, target, earlier) ? undefined : `Taking back ${later.join(', ')} does not lead to the tables of ${target.manifest.version}.`
  } catch (error) {
    rethrowDiskError(error)
    return error instanceof Error ? error.message : String(error)
  }
}

/** Whether anything was written since: whether the data of now is another than the data of then, brought forward once more. When in doubt, yes. */
async function hasChanged(parts: LifecycleParts, { key, current, now, earlier }: Journey): Promise<boolean> {
  if (current === undefined) return true
  const path = join(copiesFolder(parts.dataFolder), `${now.id}.then.sqlite`)
  try {
    await onCopy(parts, key, async (copy) => {
      await copy.migrate(migrationsOf(current))
      await copy.copyTo(path)
    }, sourceOf(parts, earlier))
    const [was, is] = await Promise.all([fingerprintOf(path), fingerprintOf(parts.snapshots.databasePath(now))])
    return was.content !== is.content
  } catch (error) {
    rethrowDiskError(error)
    return true
  } finally {
    await rm(path, { force: true })
  }
}

/** The tables of then; where nothing had been stored, those that the release makes. */
async function shapeOf(parts: LifecycleParts, key: StoreKey, target: LoadedRelease, earlier: Snapshot): Promise<string> {
  return await onCopy(parts, key, async (copy) => {
    if (!earlier.hasStore) await copy.migrate(migrationsOf(target))
    return await copy.shape()
  }, sourceOf(parts, earlier))
}

/** That there is no room for a copy says nothing about the ways back. */
function rethrowDiskError(error: unknown): void {
  if (error instanceof PlatformError && (error.code === 'DISK_SPACE_LOW' || error.code === 'DISK_UNWRITABLE')) throw error
}

function sourceOf({ snapshots }: LifecycleParts, snapshot: Snapshot): CopySource {
  return snapshot.hasStore ? { path: snapshots.databasePath(snapshot) } : 'nothing'
}
