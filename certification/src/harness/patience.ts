import type { Progress } from './run-checks.ts'

/** What a check may take beyond its own time before all is stopped: it is then not only slow, it keeps its process from everything else. */
const GRACE_MS = 5_000

/**
 * How long a run may say nothing after what it has just said, in milliseconds. While a check runs its own time counts, also after it has said what it is doing.
 * @param before - the same, before that was said
 * @param silenceMs - while no check runs
 */
export function patienceAfter(progress: Progress, before: number, silenceMs: number): number {
  switch (progress.kind) {
    case 'start': return progress.timeoutMs + GRACE_MS
    case 'say': return before
    case 'gate':
    case 'end': return silenceMs
    default: return progress satisfies never
  }
}
