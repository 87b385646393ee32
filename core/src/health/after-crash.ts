import { growingPause, type RestartRules } from './rules.ts'

/** What follows from a crash. */
export interface AfterCrash {
  /** Times of the crashes that count from now on, this one included; in milliseconds since the Unix epoch. */
  readonly crashes: readonly number[]
  readonly verdict: { readonly kind: 'restart'; readonly at: number } | { readonly kind: 'quarantine' }
}

/**
 * Decides what follows from a crash: the first one is made good at once, those that follow it after pauses that grow, and the last one
 * within the time of the rules by nobody.
 * @param before - times of earlier crashes, in any order
 * @param now - in milliseconds since the Unix epoch. Crashes that lie in its future count: a clock that was put back forgives nothing
 */
export function afterCrash(before: readonly number[], now: number, rules: RestartRules): AfterCrash {
  const crashes = [...crashesThatCount(before, now, rules), now]
  if (crashes.length >= rules.mostCrashes) return { crashes, verdict: { kind: 'quarantine' } }
  const pause = crashes.length === 1 ? 0 : growingPause(crashes.length - 2, rules)
  return { crashes, verdict: { kind: 'restart', at: now + pause } }
}

/** Those of some crashes that are not yet too long ago to count. */
export function crashesThatCount(crashes: readonly number[], now: number, { withinMs }: Pick<RestartRules, 'withinMs'>): readonly number[] {
  return crashes.filter((at) => now - at < withinMs)
}
