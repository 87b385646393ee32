/** When a child is started again after it ended, and when no more. */
export interface RestartRules {
  /** So many crashes within {@link withinMs} and the release is put into quarantine: 1 or more. @defaultValue 3 */
  readonly mostCrashes: number
  /** In milliseconds. @defaultValue 3 600 000 */
  readonly withinMs: number
  /** Wait before the second restart of a row, in milliseconds; the first comes at once, each later one waits twice as long. @defaultValue 5 000 */
  readonly firstPauseMs: number
  /** Longest wait before a restart, in milliseconds. @defaultValue 60 000 */
  readonly longestPauseMs: number
}

/** How it is found out that a child hangs. */
export interface PingRules {
  /** In milliseconds. @defaultValue 30 000 */
  readonly everyMs: number
  /** So many pings in a row without an answer and the child counts as crashed: 1 or more. @defaultValue 3 */
  readonly mostMissed: number
}

/** When calls of one tenant into one plugin are no longer tried. */
export interface BreakerRules {
  /** Failures within {@link withinMs}, from which on it opens: 1 or more. @defaultValue 5 */
  readonly failures: number
  /** Share of the calls since the first failure that must have failed, above 0 and at most 1. @defaultValue 0.5 */
  readonly share: number
  /** In milliseconds. @defaultValue 60 000 */
  readonly withinMs: number
  /** For so long no call is tried once it has opened, in milliseconds; twice as long after each try that failed. @defaultValue 15 000 */
  readonly firstPauseMs: number
  /** In milliseconds. @defaultValue 300 000 */
  readonly longestPauseMs: number
  /** A try that has not ended by then is given up, in milliseconds: longer than any call may take. @defaultValue 120 000 */
  readonly probeMs: number
}

/** A plugin that crashes a third time within an hour is broken, not unlucky. */
export const RESTART_RULES: RestartRules = { mostCrashes: 3, withinMs: 3_600_000, firstPauseMs: 5_000, longestPauseMs: 60_000 }
/** A child that hangs is found out within two minutes. */
export const PING_RULES: PingRules = { everyMs: 30_000, mostMissed: 3 }
/** Five failures within a minute, if at least half of the calls failed; the first pause is short enough for a restart of what is called. */
export const BREAKER_RULES: BreakerRules = { failures: 5, share: 0.5, withinMs: 60_000, firstPauseMs: 15_000, longestPauseMs: 300_000, probeMs: 120_000 }

/** A pause that doubles from turn to turn. @param turn - 0 for the first */
export function growingPause(turn: number, { firstPauseMs, longestPauseMs }: Pick<RestartRules, 'firstPauseMs' | 'longestPauseMs'>): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(turn, 40))
}
