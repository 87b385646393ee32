import type { Gate, Grounds } from './check.ts'
import type { PackageSubject } from './subject.ts'

/** What every gate is opened with. */
export interface OpenOptions {
  /** For all that is drawn by lot. */
  readonly seed: number
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal
  /** Says what is being done, for who waits. */
  readonly say: (what: string) => void
  /** Gates that were opened before in this run and still stand, each with what it came to: what one has gone through already another need not go through again. @defaultValue none */
  readonly standing?: Standing
}

/** Gates that stand, each with its ground or why there is none. Who borrows one does not close it. */
export type Standing = { readonly [G in Gate]?: Opened<Grounds[G]> }

/** The ground of a gate, or why there is none. */
export type Opened<Ground> =
  | { readonly ground: Ground; close(): Promise<void> }
  /**
   * `plugin`: its checks are skipped, and stand in the way as not looked at, but for the one named `toldBy`, which fails with what is missing.
   * `machine`: the run ends with 2.
   */
  | { readonly missing: string; readonly fix: string; readonly blame: 'plugin' | 'machine'; readonly toldBy?: string }

/**
 * Opens the ground of a gate: once for all its checks, and anew for each check that is `fresh`. Whatever it opened is closed by `close`, also when a
 * check failed; that of all checks at the end of the run, those opened last first. What it throws is an error of the harness.
 */
export type GateOpener<G extends Gate = Gate> = (subject: PackageSubject, options: OpenOptions) => Promise<Opened<Grounds[G]>>

/** The openers of all gates. A gate without one is not looked at, and its checks say so. */
export type GateOpeners = { readonly [G in Gate]?: GateOpener<G> }
