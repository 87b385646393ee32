import { afterCrash } from '../health/after-crash.ts'
import type { ChildrenHealth, CrashVerdict, ReleaseHealth, ReleaseState } from '../health/health.ts'
import type { Blame } from './child.ts'
import { PING_RULES, RESTART_RULES } from '../health/rules.ts'

/** Health that is kept in this process alone: where nobody else keeps it, as while an archive is looked at. */
export function plainHealth(now: () => number): ChildrenHealth {
  const known = new Map<string, ReleaseHealth>()
  return {
    pingEveryMs: PING_RULES.everyMs,
    of({ manifest: { id, version } }) {
      const key = `${id}@${version}`
      const health = known.get(key) ?? new PlainHealth(now)
      known.set(key, health)
      return health
    },
  }
}

class PlainHealth implements ReleaseHealth {
  readonly #now: () => number
  #crashes: readonly number[] = []
  #missed = 0
  state: ReleaseState = 'starting'
  restartAt: number | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  get mayStart(): boolean {
    return this.state !== 'quarantined'
  }

  waited(): void {
    this.restartAt = undefined
  }

  started(): void {
    this.state = 'starting'
    this.restartAt = undefined
    this.#missed = 0
  }

  ready(): void {
    this.state = 'ready'
  }

  answered(): void {
    this.#missed = 0
  }

  missedPing(): boolean {
    this.#missed += 1
    return this.#missed >= PING_RULES.mostMissed
  }

  crashed(_why: string, blame: Blame = 'own'): CrashVerdict {
    if (blame !== 'own') {
      this.state = 'backing-off'
      this.restartAt = this.#now()
      return { kind: 'restart', at: this.restartAt }
    }
    const { crashes, verdict } = afterCrash(this.#crashes, this.#now(), RESTART_RULES)
    this.#crashes = crashes
    if (verdict.kind === 'quarantine') {
      this.state = 'quarantined'
      return { kind: 'quarantined' }
    }
    this.state = 'backing-off'
    this.restartAt = verdict.at
    return verdict
  }

  ended(): void {
    this.state = 'stopped'
  }

  watch(): () => void {
    return () => undefined
  }
}
