import type { Locale } from '@liberacces/sdk'
import type { Principal } from '../identity/principal.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { Cause } from '../events/cause.ts'
import type { CallLimit } from './call-limit.ts'
import type { CallTrail } from './call-trail.ts'
import type { Passage } from './gates.ts'
import type { Reads } from './reads.ts'
import type { Origin } from './runtime.ts'

/** On whose behalf one plugin calls another: the same person, from inside the first. */
export class NestedOrigin implements Origin {
  readonly tenant: Tenant
  readonly principal: Principal
  readonly locale: Locale
  readonly traceparent: string
  readonly tracestate: string | undefined
  readonly cause: Cause | undefined
  readonly trail: CallTrail | undefined
  readonly passage: Passage
  readonly clocks: readonly CallLimit[]
  readonly reads: Reads | undefined
  readonly beyondQuotas: boolean | undefined
  readonly #outer: Origin

  constructor(outer: Origin, passage: Passage, clocks: readonly CallLimit[]) {
    this.tenant = outer.tenant
    this.principal = outer.principal
    this.locale = outer.locale
    this.traceparent = outer.traceparent
    this.tracestate = outer.tracestate
    this.cause = outer.cause
    this.trail = outer.trail
    this.passage = passage
    this.clocks = clocks
    this.reads = outer.reads
    this.beyondQuotas = outer.beyondQuotas
    this.#outer = outer
  }

  // Asked for late: the signal of a request is made for who asks.
  get signal(): AbortSignal | undefined {
    return this.#outer.signal
  }
}
