import type { Catalogue } from '../catalogue/catalogue.ts'
import type { WallId } from '../process/box/wall.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { OpenBreaker } from './breakers.ts'
import type { CallFigures } from './call-times.ts'
import type { Crash } from './crash-log.ts'
import type { Halt } from './halts.ts'
import type { ReleaseState } from './health.ts'
import type { PluginHealth } from './plugin-health.ts'

/** How one release is in this process, for operators. */
export interface ReleaseReport extends CallFigures {
  readonly pluginId: string
  readonly version: string
  readonly runtime: 'inline' | 'process' | 'remote'
  readonly state: ReleaseState
  /** Of its child. */
  readonly pid: number | undefined
  /** Of its child, in bytes; of all of it, where it is shared. */
  readonly memoryBytes: number | undefined
  /** The group of plugins that share a process, where the operator put it in one. */
  readonly group: ReleaseGroup | undefined
  /** Which walls stand around its child. */
  readonly walls: readonly WallId[]
  /** Times its child was started again. */
  readonly restarts: number
  /** On whichever node it was. */
  readonly lastCrash: Crash | undefined
  readonly halt: Halt | undefined
  /** Of the plugin, for each tenant that is concerned. */
  readonly breakers: readonly OpenBreaker[]
}

/** A release's place in a group. */
export interface ReleaseGroup {
  readonly name: string
  /** It runs alone all the same, since the shared process ended while it was at work. */
  readonly isApart: boolean
  /** Who else is in its process just now. */
  readonly with: readonly { readonly pluginId: string; readonly version: string }[]
}

/** Crashes that are looked through for the last one of each release. */
const CRASHES = 500

/** How the releases are that are loaded here, or may not run. */
export async function reportReleases({ catalogue, health }: { readonly catalogue: Catalogue; readonly health: PluginHealth }): Promise<readonly ReleaseReport[]> {
  const crashes = await health.crashes.latest(CRASHES)
  const open = health.breakers.open()
  const known = catalogue.manifests.filter(({ id, version }) => catalogue.release(id, version) !== undefined || health.halts.find(id, version) !== undefined)
  const shared = catalogue.releases.filter(({ process }) => process?.group?.isApart === false)
  const groupOf = (release: LoadedRelease | undefined): ReleaseGroup | undefined => {
    const { group, pid } = release?.process ?? {}
    if (group === undefined) return undefined
    const others = group.isApart || pid === undefined ? [] : shared.filter((other) => other !== release && other.process?.pid === pid)
    return { ...group, with: others.map(({ manifest: { id, version } }) => ({ pluginId: id, version })) }
  }
  return Promise.all(known.map(async ({ id, version }): Promise<ReleaseReport> => {
    const release = catalogue.release(id, version)
    const halt = health.halts.find(id, version)
    const child = health.childOf(id, version)
    const runtime = catalogue.runtime(id, version)
    const { calls, failures, p50Ms, p95Ms } = release === undefined ? { calls: 0, failures: 0, p50Ms: undefined, p95Ms: undefined } : health.times.of(release)
    return {
      pluginId: id, version, calls, failures, p50Ms, p95Ms, halt,
      // What is reached by a loop, in tests, is in this process.
      runtime: runtime === undefined || runtime === 'loopback' ? 'inline' : runtime,
      state: halt?.kind ?? child?.state ?? 'ready',
      pid: release?.process?.pid,
      memoryBytes: await release?.process?.memory(),
      group: groupOf(release),
      walls: release?.process?.walls ?? [],
      restarts: child?.restarts ?? 0,
      lastCrash: crashes.find((crash) => crash.pluginId === id && crash.version === version),
      breakers: open.filter(({ pluginId }) => pluginId === id),
    }
  }))
}
