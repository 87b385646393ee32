import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { WaveOutcome } from './wave.ts'

/** Most tenants that a report names; the others are counted. */
const MOST_NAMED = 100

/** A tenant that a wave could not do. */
export interface WaveProblem {
  readonly tenantId: string
  readonly kind: 'failed' | 'waiting'
  /** What stood in the way: one of the platform's codes. Absent for what no error of ours says. */
  readonly code?: string
  readonly message: string
}

/** How a wave stands. */
export interface WaveReport {
  readonly kind: 'upgrade' | 'rehearsal'
  readonly pluginId: string
  /** A version, or the range that was asked for. */
  readonly to: string
  readonly by: AuditActor
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
  readonly endedAt?: number
  /** Tenants at which the plugin is on; unknown until the first is through. */
  readonly total?: number
  readonly through: number
  /** Upgraded, or rehearsed with a go. */
  readonly done: number
  readonly failed: number
  readonly waiting: number
  /** The first {@link MOST_NAMED} that failed or wait. */
  readonly problems: readonly WaveProblem[]
  /** Why the wave as a whole ended before its end. */
  readonly error?: string
}

/** The report with one more tenant. Pure. */
export function noted(report: WaveReport, { tenantId, state, result, error }: WaveOutcome<unknown>, through: number, total: number): WaveReport {
  const { go, problems: found = [] } = (result ?? {}) as { readonly go?: boolean; readonly problems?: readonly { readonly code: string; readonly message: string }[] }
  const refused = go === false
  const kind = state === 'waiting' ? 'waiting' : state === 'failed' || refused ? 'failed' : undefined
  if (kind === undefined) return { ...report, through, total, done: report.done + 1 }
  const message = refused ? found.map((problem) => problem.message).join(' ') : error instanceof Error ? error.message : String(error)
  const code = refused ? found[0]?.code : error instanceof PlatformError ? error.code : undefined
  const problems = report.problems.length < MOST_NAMED ? [...report.problems, { tenantId, kind, ...(code === undefined ? {} : { code }), message } as const] : report.problems
  return { ...report, through, total, problems, [kind]: report[kind] + 1 }
}
