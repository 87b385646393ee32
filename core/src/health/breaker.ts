import { growingPause, type BreakerRules } from './rules.ts'

/**
 * The calls of one tenant into one plugin, as far as they are going wrong. Where nothing has gone wrong of late there is no state at all.
 * Times are in milliseconds since the Unix epoch.
 */
export type BreakerState =
  /** Calls go through; what has failed since the first failure is counted. */
  | { readonly kind: 'closed'; readonly since: number; readonly failures: number; readonly passed: number }
  /** No call goes through before `until`. */
  | { readonly kind: 'open'; readonly since: number; readonly until: number; readonly turn: number; readonly why: string }
  /** One call was let through to see whether it goes well. */
  | { readonly kind: 'half-open'; readonly since: number; readonly probeAt: number; readonly turn: number; readonly why: string }

/** Whether a call may go through. */
export type Admission =
  | { readonly kind: 'pass' }
  /** It is the one that shows how things are. @see afterPass @see afterFailure @see afterNothing */
  | { readonly kind: 'probe'; readonly state: BreakerState }
  | { readonly kind: 'refuse'; readonly since: number; readonly retryAt: number }

/** Asks to be let through. */
export function admit(state: BreakerState, now: number, rules: BreakerRules): Admission {
  switch (state.kind) {
    case 'closed': return { kind: 'pass' }
    case 'open':
      // A clock that was put back keeps nobody waiting for longer than the longest pause.
      if (now < state.until && state.until - now <= rules.longestPauseMs) return { kind: 'refuse', since: state.since, retryAt: state.until }
      break
    case 'half-open': {
      const givenUpAt = state.probeAt + rules.probeMs
      if (now >= state.probeAt && now < givenUpAt) return { kind: 'refuse', since: state.since, retryAt: Math.min(givenUpAt, now + rules.firstPauseMs) }
      break
    }
    default: return state satisfies never
  }
  return { kind: 'probe', state: { kind: 'half-open', since: state.since, probeAt: now, turn: state.turn, why: state.why } }
}

/**
 * A call failed.
 * @param isProbe - whether it was the one that was let through to see
 * @param why - for the people who look at it; nothing of what a person wrote
 */
export function afterFailure(state: BreakerState | undefined, now: number, why: string, isProbe: boolean, rules: BreakerRules): BreakerState {
  if (state !== undefined && state.kind !== 'closed') {
    // What began before it opened and fails only now says nothing new.
    if (!isProbe || state.kind === 'open') return state
    const turn = state.turn + 1
    return { kind: 'open', since: state.since, until: now + growingPause(turn, rules), turn, why }
  }
  const isOver = state === undefined || now - state.since >= rules.withinMs || now < state.since
  const counted = isOver ? { kind: 'closed' as const, since: now, failures: 1, passed: 0 } : { ...state, failures: state.failures + 1 }
  if (counted.failures < rules.failures || counted.failures < rules.share * (counted.failures + counted.passed)) return counted
  return { kind: 'open', since: now, until: now + growingPause(0, rules), turn: 0, why }
}

/** A call went well, or was answered by the plugin as it should be. @returns `undefined` when nothing is wrong any more */
export function afterPass(state: BreakerState, now: number, isProbe: boolean, rules: BreakerRules): BreakerState | undefined {
  if (state.kind !== 'closed') return isProbe ? undefined : state
  return isStale(state, now, rules) ? undefined : { ...state, passed: state.passed + 1 }
}

/** A call ended without saying anything about the plugin, such as by a refusal of the kernel. The next one may try. */
export function afterNothing(state: BreakerState, now: number, isProbe: boolean): BreakerState {
  if (!isProbe || state.kind !== 'half-open') return state
  return { kind: 'open', since: state.since, until: now, turn: state.turn, why: state.why }
}

/** Whether what was counted is too long ago to matter. */
export function isStale(state: BreakerState, now: number, { withinMs }: Pick<BreakerRules, 'withinMs'>): boolean {
  return state.kind === 'closed' && (now - state.since >= withinMs || now < state.since)
}
