import { admit, afterFailure, afterNothing, afterPass, isStale, type BreakerState } from './breaker.ts'
import type { BreakerRules } from './rules.ts'

/** Calls of one tenant into one plugin that are not tried just now. */
export interface OpenBreaker {
  readonly tenantId: string
  readonly pluginId: string
  /** In milliseconds since the Unix epoch. */
  readonly since: number
  /** When a call is let through to see; in the past while nobody has called. */
  readonly until: number
  /** Code of the last failure and where it was. */
  readonly why: string
}

/** How a call went. */
export type CallOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly why: string }
  /** It says nothing about the plugin. */
  | { readonly kind: 'nothing' }

/** The breakers of this process. Where nothing fails there is none, and nothing to look up. */
export class Breakers {
  readonly #now: () => number
  readonly #rules: BreakerRules | undefined
  readonly #states = new Map<string, BreakerState>()
  #changed: () => void = () => undefined

  /** @param rules - `undefined` for none at all: every call goes through */
  constructor(now: () => number, rules: BreakerRules | undefined) {
    this.#now = now
    this.#rules = rules
  }

  /** Called when one comes or goes, in whatever state. */
  onChange(listener: () => void): void {
    this.#changed = listener
  }

  get isEmpty(): boolean {
    return this.#states.size === 0
  }

  /** Asks for a call to be let through. @returns whether it is the one that shows how things are; or since when, and until when, it is refused */
  admit(tenantId: string, pluginId: string): boolean | { readonly since: number; readonly retryAt: number } {
    const key = keyOf(tenantId, pluginId)
    const state = this.#states.get(key)
    if (state === undefined || this.#rules === undefined) return false
    const admission = admit(state, this.#now(), this.#rules)
    switch (admission.kind) {
      case 'pass': return false
      case 'refuse': return admission
      case 'probe':
        this.#states.set(key, admission.state)
        return true
      default: return admission satisfies never
    }
  }

  /** A call that was let through has ended. */
  ended(tenantId: string, pluginId: string, isProbe: boolean, outcome: CallOutcome): void {
    if (this.#rules === undefined) return
    const key = keyOf(tenantId, pluginId)
    const before = this.#states.get(key)
    if (before === undefined && outcome.kind !== 'failed') return
    const after = next(before, outcome, this.#now(), isProbe, this.#rules)
    if (after === undefined) this.#states.delete(key)
    else this.#states.set(key, after)
    if ((before === undefined) !== (after === undefined)) this.#changed()
  }

  /** Those that are open, of longest ago first. */
  open(tenantId?: string): readonly OpenBreaker[] {
    return [...this.#states].flatMap(([key, state]) => {
      const [tenant = '', pluginId = ''] = key.split(' ')
      if (state.kind === 'closed' || (tenantId !== undefined && tenant !== tenantId)) return []
      return [{ tenantId: tenant, pluginId, since: state.since, until: state.kind === 'open' ? state.until : state.probeAt, why: state.why }]
    }).toSorted((a, b) => a.since - b.since)
  }

  /** Closes those of a plugin, of a tenant, or of both: somebody has changed what may have been wrong. */
  close({ tenantId, pluginId }: { readonly tenantId?: string; readonly pluginId?: string }): void {
    const size = this.#states.size
    for (const key of this.#states.keys()) {
      const [tenant, plugin] = key.split(' ')
      if ((pluginId === undefined || plugin === pluginId) && (tenantId === undefined || tenant === tenantId)) this.#states.delete(key)
    }
    if (this.#states.size !== size) this.#changed()
  }

  /** Forgets what was counted too long ago to matter. */
  sweep(): void {
    if (this.#rules === undefined || this.isEmpty) return
    const now = this.#now()
    for (const [key, state] of this.#states) if (isStale(state, now, this.#rules)) this.#states.delete(key)
    this.#changed()
  }
}

function next(before: BreakerState | undefined, outcome: CallOutcome, now: number, isProbe: boolean, rules: BreakerRules): BreakerState | undefined {
  switch (outcome.kind) {
    case 'failed': return afterFailure(before, now, outcome.why, isProbe, rules)
    case 'passed': return before === undefined ? undefined : afterPass(before, now, isProbe, rules)
    case 'nothing': return before === undefined ? undefined : afterNothing(before, now, isProbe)
    default: return outcome satisfies never
  }
}

function keyOf(tenantId: string, pluginId: string): string {
  return `${tenantId} ${pluginId}`
}
