import type { RunCall } from '../runtime/run-call.ts'
import type { Origin } from '../runtime/runtime.ts'
import { tracedStore } from './trace-statements.ts'
import { inSpan, type SpanAttributes, type Tracer } from './tracer.ts'

/** Each call as a span, and what it does with its data and with the outside as spans below. */
export function traced(run: RunCall, tracer: Tracer): RunCall {
  return (ports, release, origin, call, event, body) => {
    const about: SpanAttributes = { 'liberacces.tenant': origin.tenant.info.slug, 'liberacces.plugin': release.manifest.id, 'liberacces.release': release.manifest.version }
    // Without the event's id: names are few.
    const [what = call.what] = call.what.split(' of event ')
    return inSpan(tracer, [`${release.manifest.id} ${what}`, event === undefined ? 'internal' : 'consumer', origin.traceparent, { ...about, ...(event === undefined ? {} : { 'messaging.message.id': event.eventId }) }], (inside) => run({
      ...ports,
      store: (tenantId, pluginId) => tracedStore(ports.store(tenantId, pluginId), tracer, inside, about),
      fetch: (from, by, accepted, url, init) => inSpan(tracer, ['fetch', 'client', inside, { ...about, 'server.address': URL.canParse(url) ? new URL(url).hostname : undefined, 'http.request.method': init.method ?? 'GET' }],
        (outside) => ports.fetch(from, new OriginInTrace(by, outside), accepted, url, init)),
    }, release, new OriginInTrace(origin, inside), call, event, body))
  }
}

/** The same, further down in the trace. */
class OriginInTrace implements Origin {
  readonly tenant
  readonly principal
  readonly locale
  readonly traceparent: string
  readonly tracestate
  readonly cause
  readonly trail
  readonly passage
  readonly clocks
  readonly reads
  readonly beyondQuotas
  readonly #outer: Origin

  constructor(outer: Origin, traceparent: string) {
    this.tenant = outer.tenant
    this.principal = outer.principal
    this.locale = outer.locale
    this.traceparent = traceparent
    this.tracestate = outer.tracestate
    this.cause = outer.cause
    this.trail = outer.trail
    this.passage = outer.passage
    this.clocks = outer.clocks
    this.reads = outer.reads
    this.beyondQuotas = outer.beyondQuotas
    this.#outer = outer
  }

  // Asked for late: the signal of a request is made for who asks.
  get signal(): AbortSignal | undefined {
    return this.#outer.signal
  }
}
