import type { Origin } from './runtime.ts'

/** A request to the outside that goes on in the trace of the call (W3C Trace Context), unless the plugin says of which trace it is. */
export function inTrace({ traceparent, tracestate }: Pick<Origin, 'traceparent' | 'tracestate'>, init: RequestInit): RequestInit {
  const headers = new Headers(init.headers)
  if (headers.has('traceparent')) return init
  headers.set('traceparent', traceparent)
  if (tracestate !== undefined) headers.set('tracestate', tracestate)
  return { ...init, headers }
}
