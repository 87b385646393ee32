import type { Grade } from '@liberacces/core'
import type { BrowserStage } from '../browser/browser-stage.ts'
import type { KernelStage } from '../kernel/kernel-stage.ts'
import type { PackageSubject, SourceSubject } from './subject.ts'

/** The grade at which a check blocks. All checks run and are reported at every grade: safety is not a tier. */
export type Level = Grade

/** Where a check stands in the order of a run, and what it is given. */
export const GATES = ['package', 'static', 'kernel', 'browser', 'nightly'] as const
export type Gate = (typeof GATES)[number]

/** The first part of a check's id. */
export const CATEGORIES = ['MAN', 'LIC', 'SEC', 'CAP', 'TEN', 'LIF', 'EVT', 'API', 'A11Y', 'I18N', 'UX', 'GDP', 'PRF', 'OPS', 'DOC'] as const
export type Category = (typeof CATEGORIES)[number]

/** What the checks of each gate are given. */
export interface Grounds {
  readonly package: PackageSubject
  readonly static: SourceSubject
  readonly kernel: KernelStage
  readonly browser: BrowserStage
  readonly nightly: KernelStage
}

/** A text for people: the mayor's page is French, the developer's parts are English. */
export interface Bilingual {
  readonly fr: string
  readonly en: string
}

/** One thing that is wrong. The command that shows it again is added by the engine. */
export interface Finding {
  /** What is wrong, in one sentence. */
  readonly message: string
  /** What to do about this one. */
  readonly fix: string
  /** Path within the folder or the archive, with `/`. */
  readonly file?: string
  /** From 1. */
  readonly line?: number
  /** What was seen: requests, rows, excerpts. May be empty. */
  readonly evidence: readonly string[]
}

/** What a check found. A check that threw, or ran past its time, has no outcome: that is an error of the harness. */
export type Outcome =
  | { readonly status: 'pass'; readonly evidence?: readonly string[] }
  | { readonly status: 'fail'; readonly findings: readonly [Finding, ...Finding[]] }
  /** It does not apply to this plugin, and why. */
  | { readonly status: 'skip'; readonly why: string }
  /** What a person has to look at. */
  | { readonly status: 'review'; readonly items: readonly [string, ...string[]] }

/** One promise that a plugin is held to. Its id never changes meaning and is never used again. */
export interface Check<G extends Gate = Gate> {
  readonly id: `${Category}-${string}`
  /** Version of the catalogue that brought it. */
  readonly since: string
  readonly level: Level
  readonly gate: G
  /** `shadow` is run and reported, and never counts; `advisory` is shown as wrong and does not block; `enforced` blocks. */
  readonly maturity: 'shadow' | 'advisory' | 'enforced'
  readonly title: Bilingual
  /** Why it matters. */
  readonly rationale: Bilingual
  /** How to mend what it finds, in general. */
  readonly howToFix: string
  /** The same few lines, wrong and right. */
  readonly example: { readonly bad: string; readonly good: string }
  readonly refs?: { readonly rgaa?: readonly string[]; readonly cwe?: readonly number[]; readonly article?: string }
  /** Longest it may take, in milliseconds; past it, it is an error of the harness, not of the plugin. */
  readonly timeoutMs: number
  /** Whether it needs ground of its own, which nobody else is given afterwards. @defaultValue false */
  readonly fresh?: boolean
  /** Whether no label of any grade is given while it fails, and no waiver helps. @defaultValue false */
  readonly forLabel?: boolean
  /** @param signal - aborted when its time is up or the run is stopped */
  run(ground: Grounds[G], signal: AbortSignal): Promise<Outcome>
}

/** A check of any gate. */
export type AnyCheck = { readonly [G in Gate]: Check<G> }[Gate]
