import { DerivedOrigin } from '../runtime/derived-origin.ts'
import type { RunCall } from '../runtime/run-call.ts'
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
        (outside) => ports.fetch(from, new DerivedOrigin(by, { traceparent: outside }), accepted, url, init)),
    }, release, new DerivedOrigin(origin, { traceparent: inside }), call, event, body))
  }
}
