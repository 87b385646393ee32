import type { Blame } from '../process/child.ts'

/** How a release that runs in a child is. */
export type ReleaseState =
  /** It answers. */
  | 'ready'
  /** Its child was started and has not said yet that it answers. */
  | 'starting'
  /** Its child ended, and the next one waits for its time. */
  | 'backing-off'
  /** It crashed too often; only an operator, or another release, ends that. */
  | 'quarantined'
  /** An operator stopped it. */
  | 'stopped'

/** What follows from a crash. Times are in milliseconds since the Unix epoch, by the platform's clock. */
export type CrashVerdict =
  | { readonly kind: 'restart'; readonly at: number }
  | { readonly kind: 'quarantined' }
  /** An operator stopped it meanwhile. */
  | { readonly kind: 'stopped' }

/**
 * The health of one release in one process. The supervisor of its child tells what happens, and is told what to do; it keeps no count itself.
 * Counts and quarantine outlive this process.
 */
export interface ReleaseHealth {
  readonly state: ReleaseState
  /** Whether a child may be started now. */
  readonly mayStart: boolean
  /** The pause before the next child is over: told by a timer, which may be a millisecond early by the clock, and which a clock that is set back does not hold up. */
  waited(): void
  /** A child was started. */
  started(): void
  /** The child has said that it answers. */
  ready(): void
  /** The child answered a ping. */
  answered(): void
  /** The child did not answer a ping. @returns whether it counts as hung: then it is to be ended, and {@link crashed} told */
  missedPing(): boolean
  /**
   * The child ended without having been asked to.
   * @param why - for the operator: `killed (SIGKILL)`, `out of memory (256 MB)`; no path, no secret
   * @param blame - where it shared a process: only its own doing counts against it; where nobody knows whose it was, it is put on record all the same
   */
  crashed(why: string, blame?: Blame): CrashVerdict
  /** The child was ended in good order, and a new one may be started. */
  ended(): void
  /** When the next child may be started, while it backs off. */
  readonly restartAt: number | undefined
  /**
   * Told when an operator, this node or another changes whether it may run: `halt` ends the child at once, `resume` starts one, `restart`
   * ends it and starts another. @returns ends the watch
   */
  watch(listener: (change: HealthChange) => void): () => void
}

/** What a child is to do now: see {@link ReleaseHealth.watch}. */
export type HealthChange = 'halt' | 'resume' | 'restart'

/** The health of all plugins, as the supervisor of children sees it. */
export interface ChildrenHealth {
  /** The health of a release; the same object each time. */
  of(release: { readonly manifest: { readonly id: string; readonly version: string } }): ReleaseHealth
  /** How often children are pinged, in milliseconds. */
  readonly pingEveryMs: number
}
