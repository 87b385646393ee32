import type { Manifest } from '@liberacces/sdk/host'
import type { Ground, GroundOptions } from './ground.ts'
import type { Lab } from './lab.ts'
import type { Tour } from './tour.ts'

/** How a ground of one check's own departs from the one that all share. */
export type FreshOptions = Pick<GroundOptions, 'env' | 'reached'>

/** A plugin on a throw-away kernel, as the checks of gate kernel see it. */
export interface KernelStage {
  readonly manifest: Manifest
  /** The archive under test. */
  readonly archive: Buffer
  /** What is in it, by path. */
  readonly files: ReadonlyMap<string, Buffer>
  /** The archive of the version before, where it was given. */
  readonly previous: Buffer | undefined
  readonly seed: number
  /** What is wrong with the description of its partners, which are not played then. */
  readonly wrongPartners: readonly string[]
  /** Where the plugin runs, and why there when that is not in a process of its own. */
  readonly runtime: { readonly kind: 'process' | 'inline'; readonly why: string }
  /** How long it took to install and to switch on, in milliseconds. */
  readonly took: { readonly installMs: number; readonly enableMs: number }
  /**
   * Everything that a plugin offers gone through once, for all checks that only look. What is on its ground must not be changed.
   * @throws whatever kept it from being gone through; each who asks is told the same
   */
  tour(): Promise<Tour>
  /** A filled platform that checks may change, one after the other: each puts back what it changed, or says that it is the last. */
  lab(): Promise<Lab>
  /** A platform of one's own with the plugin on at both tenants, and nothing done yet. Who asks closes it. */
  fresh(options?: FreshOptions): Promise<Ground>
  /** One with another archive of the same plugin, on at both tenants. Who asks closes it. */
  install(archive: Buffer): Promise<Ground>
}
