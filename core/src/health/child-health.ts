import type { Blame } from '../process/child.ts'
import { afterCrash } from './after-crash.ts'
import type { CrashVerdict, HealthChange, ReleaseHealth, ReleaseState } from './health.ts'
import type { PingRules, RestartRules } from './rules.ts'

/** What the health of one release reaches. */
interface ChildHealthPorts {
  now(): number
  /** What keeps it from running, if anything does. */
  halted(): 'stopped' | 'quarantined' | undefined
  /** It is down, or no more. */
  changed(): void
  /** It crashed: to be put on record. @param counts - it was its own doing */
  crashed(at: number, why: string, counts: boolean): void
  /** It crashed too often: no node is to run it. */
  quarantine(why: string): void
}

type Child = { readonly kind: 'none' | 'starting' | 'ready' } | { readonly kind: 'backing-off'; readonly since: number; readonly until: number }

/** See {@link ReleaseHealth}. What it decides follows from {@link afterCrash}; here is only what has happened so far. */
export class ChildHealth implements ReleaseHealth {
  readonly #ports: ChildHealthPorts
  readonly #rules: RestartRules & Pick<PingRules, 'mostMissed'>
  #crashes: readonly number[]
  #child: Child = { kind: 'none' }
  #missed = 0
  #restarts = 0
  #wasHalted: boolean
  lastCrash: { readonly at: number; readonly why: string } | undefined
  #listeners: readonly ((change: HealthChange) => void)[] = []

  /** @param crashes - those on record that still count, in milliseconds since the Unix epoch */
  constructor(ports: ChildHealthPorts, rules: RestartRules & Pick<PingRules, 'mostMissed'>, crashes: readonly number[]) {
    this.#ports = ports
    this.#rules = rules
    this.#crashes = crashes
    this.#wasHalted = ports.halted() !== undefined
  }

  get state(): ReleaseState {
    const halted = this.#ports.halted()
    if (halted !== undefined) return halted
    switch (this.#child.kind) {
      case 'none':
      case 'starting': return 'starting'
      case 'ready': return 'ready'
      case 'backing-off': return this.#ports.now() < this.#child.until ? 'backing-off' : 'starting'
      default: return this.#child satisfies never
    }
  }

  get mayStart(): boolean {
    return this.state === 'starting' && this.#child.kind !== 'starting'
  }

  get restartAt(): number | undefined {
    return this.state === 'backing-off' && this.#child.kind === 'backing-off' ? this.#child.until : undefined
  }

  /** Since when it backs off. */
  get downSince(): number | undefined {
    return this.#child.kind === 'backing-off' ? this.#child.since : undefined
  }

  /** Children that were started again in this process. */
  get restarts(): number {
    return this.#restarts
  }

  waited(): void {
    if (this.#child.kind === 'backing-off') this.#child = { ...this.#child, until: Math.min(this.#child.until, this.#ports.now()) }
  }

  started(): void {
    if (this.#child.kind === 'backing-off') this.#restarts += 1
    this.#become({ kind: 'starting' })
  }

  ready(): void {
    this.#become({ kind: 'ready' })
  }

  answered(): void {
    this.#missed = 0
  }

  missedPing(): boolean {
    this.#missed += 1
    return this.#missed >= this.#rules.mostMissed
  }

  crashed(why: string, blame: Blame = 'own'): CrashVerdict {
    const now = this.#ports.now()
    const halted = this.#ports.halted()
    this.lastCrash = { at: now, why }
    // A child that is ended because it was stopped has not crashed.
    if (halted !== undefined) {
      this.#become({ kind: 'none' })
      return { kind: halted }
    }
    if (blame !== 'own') {
      if (blame === 'unsure') this.#ports.crashed(now, why, false)
      this.#become({ kind: 'backing-off', since: now, until: now })
      return { kind: 'restart', at: now }
    }
    const { crashes, verdict } = afterCrash(this.#crashes, now, this.#rules)
    this.#crashes = crashes
    this.#ports.crashed(now, why, true)
    if (verdict.kind === 'quarantine') {
      this.#become({ kind: 'none' })
      this.#ports.quarantine(`${crashes.length} crashes within ${Math.round(this.#rules.withinMs / 60_000)} min; the last one: ${why}`)
      return { kind: 'quarantined' }
    }
    this.#become({ kind: 'backing-off', since: now, until: verdict.at })
    return verdict
  }

  ended(): void {
    this.#become({ kind: 'none' })
  }

  watch(listener: (change: HealthChange) => void): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => { this.#listeners = this.#listeners.filter((other) => other !== listener) }
  }

  /** What may run has changed. */
  haltsChanged(): void {
    const isHalted = this.#ports.halted() !== undefined
    if (isHalted === this.#wasHalted) return
    this.#wasHalted = isHalted
    // Whoever lets it run again knows of its crashes.
    if (!isHalted) this.#crashes = []
    // Whatever child there was is ended now, or is not waited for any more: the next one need not wait until it is gone.
    this.#become({ kind: 'none' })
    this.#tell(isHalted ? 'halt' : 'resume')
  }

  /** An operator wants another child. */
  restart(): void {
    this.#become({ kind: 'none' })
    this.#tell('restart')
  }

  #become(child: Child): void {
    this.#child = child
    this.#missed = 0
    this.#ports.changed()
  }

  #tell(change: HealthChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}
