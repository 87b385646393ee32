import type { Waiver } from '@liberacces/core'
import type { Finding, Gate, Level } from './check.ts'
import type { HarnessDigest } from './harness-digest.ts'
import type { InputDigest } from './input-digests.ts'

/** What became of a check. */
export type Status = 'pass' | 'fail' | 'skip' | 'error' | 'review'

/** One check in a report. */
export interface CheckRow {
  readonly id: string
  readonly status: Status
  readonly level: Level
  readonly gate: Gate
  readonly title: string
  /** What is wrong first of all, why it was skipped, or how it failed itself; empty when it passed. */
  readonly message: string
  /** What to do about it; empty when there is nothing to do. */
  readonly fix: string
  readonly evidence: readonly string[]
  readonly file?: string
  readonly line?: number
  readonly ms: number
  /** Whether it stands in the way of the grade that was asked for. */
  readonly blocks: boolean
  /** Whatever the grade, no label is given while it fails. */
  readonly forLabel?: true
  /** It was skipped because its gate did not open: it does apply, and nobody has looked. */
  readonly unopened?: true
  /** Why a failure does not block although its level would: a waiver, the baseline, or a check that is not enforced yet. */
  readonly spared?: string
  /** All that is wrong; the first is {@link message}. */
  readonly findings: readonly Finding[]
  /** What shows it again. */
  readonly replay: string
}

export type Verdict = 'pass' | 'fail' | 'error' | 'review'

/** The plugin that a report is of. What it says of itself stands there only as far as it is text. */
export interface ReportedPlugin {
  readonly id: string
  readonly version: string
  /** `sha256-<base64>` of the archive, or `none`. */
  readonly digest: string
  readonly title?: { readonly fr: string; readonly en?: string }
  readonly publisher?: string
}

/** What a run found. */
export interface Report {
  readonly plugin: ReportedPlugin
  /** When it was made, ISO 8601. */
  readonly date: string
  /** The harness that made it: its version, and `sha256-<base64>` over its code. */
  readonly harness: HarnessDigest
  /** What was given beside the plugin. */
  readonly inputs: readonly InputDigest[]
  readonly verdict: Verdict
  /** The one asked for. */
  readonly grade: Level
  /** The highest one that nothing stands in the way of, of those whose checks all ran; `none` when not even bronze. */
  readonly reached: Level | 'none'
  readonly seed: number
  /** Version of the catalogue of checks, and `sha256-<base64>` of what it says. */
  readonly catalogue: { readonly version: string; readonly digest: string }
  /** Version of the platform that the plugin ran in. */
  readonly platform: string
  /** Why the harness could not do all of its work; empty when it could. */
  readonly troubles: readonly Trouble[]
  /** The checks that ran, when not all were asked for. */
  readonly only?: readonly string[]
  /** The plugin ran in the process of the harness, as the one who ran it allowed: it could do there what it liked, also to this report. */
  readonly inline?: true
  /** The findings that a baseline spared; a certifier takes no report that has one. */
  readonly baseline?: { readonly spared: number }
  readonly waivers: readonly Waiver[]
  readonly checks: readonly CheckRow[]
}

/** What the engine finds; when, by which harness and with what beside it is for the one who runs it to add. */
export type RanReport = Omit<Report, 'date' | 'harness' | 'inputs'>

/** Something that kept the harness from its work. */
export interface Trouble {
  readonly message: string
  readonly fix: string
}

/** Exit codes of the command line. */
export const EXITS: Readonly<Record<Verdict, number>> = { pass: 0, fail: 1, error: 2, review: 3 }
