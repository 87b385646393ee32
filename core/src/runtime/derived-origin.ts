import type { Leaving } from './call-limit.ts'
import type { Origin } from './runtime.ts'

/** What is another than in the origin it comes from. */
export type OriginChanges = Partial<Pick<Origin, 'traceparent' | 'passage' | 'clocks'>>

/** The same person of the same tenant, further down: from inside another plugin, or within another span of the trace. */
export class DerivedOrigin implements Origin {
  readonly tenant
  readonly principal
  readonly locale
  readonly traceparent
  readonly tracestate
  readonly cause
  readonly trail
  readonly passage
  readonly clocks
  readonly reads
  readonly beyondQuotas
  readonly #outer: Origin

  constructor(outer: Origin, { traceparent = outer.traceparent, passage = outer.passage, clocks = outer.clocks }: OriginChanges) {
    this.tenant = outer.tenant
    this.principal = outer.principal
    this.locale = outer.locale
    this.traceparent = traceparent
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

  get leaving(): Leaving | undefined {
    return this.#outer.leaving
  }
}
