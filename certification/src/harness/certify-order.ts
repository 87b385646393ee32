import type { Level } from './check.ts'
import type { Progress } from './run-checks.ts'
import type { Report } from './report.ts'
import type { GivenFiles } from './subject.ts'

/** What is asked of a run. Plain data: it goes to another process. */
export interface CertifyOrder {
  /** As it was given; shown in reports. */
  readonly path: string
  /** Where relative paths start. Absolute. */
  readonly cwd: string
  readonly grade: Level
  /** Ids of checks; all when left out. */
  readonly only?: readonly string[] | undefined
  /** @defaultValue 1 */
  readonly seed: number
  readonly given: GivenFiles
  /** Known findings that shall not block, for an author who is at it. A certifier gives none. */
  readonly baseline?: string | undefined
  /** What a certifier decided to let pass, until when. */
  readonly waivers?: string | undefined
  /** Today, for the dates of waivers, in ISO format. */
  readonly today: string
}

/** What the process of a run says to the one that started it. */
export type CertifyMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'report'; readonly report: Report }
  /** A wrong use, not a fault of the plugin or of the harness. */
  | { readonly kind: 'refused'; readonly message: string; readonly fix: string }
  | { readonly kind: 'broken'; readonly message: string }
