import { CLOUD_EVENT_BATCH_TYPE, CLOUD_EVENT_TYPE, cloudEventJson, type CloudEvent } from '@liberacces/sdk'
import type { Format } from './endpoint.ts'

/** What is posted. */
export interface Payload {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Events as an endpoint wants them.
 * @param events - one, or several for `batch`
 */
export function payloadOf(format: Format, events: readonly CloudEvent[]): Payload {
  const [event] = events
  if (event === undefined) throw new TypeError('There is no event to write.')
  switch (format) {
    case 'standard': {
      const { id, type, source, subject, time, data } = event
      return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ type, timestamp: time, id, source, ...(subject === undefined ? {} : { subject }), data }) }
    }
    case 'structured': return { headers: { 'content-type': `${CLOUD_EVENT_TYPE}; charset=utf-8` }, body: JSON.stringify(cloudEventJson(event)) }
    case 'batch': return { headers: { 'content-type': `${CLOUD_EVENT_BATCH_TYPE}; charset=utf-8` }, body: JSON.stringify(events.map(cloudEventJson)) }
    case 'binary': {
      const { data, datacontenttype = 'application/json', ...attributes } = event
      const headers = Object.entries(cloudEventJson({ ...attributes, data: undefined })).flatMap(([name, value]) => (typeof value === 'string' ? [[`ce-${name}`, headerValue(value)]] : []))
      return { headers: { ...Object.fromEntries(headers) as Readonly<Record<string, string>>, 'content-type': datacontenttype }, body: JSON.stringify(data) }
    }
    default: return format satisfies never
  }
}

/** Percent-encoded as CloudEvents' HTTP binding says (section 3.1.3.2): all but printable ASCII, and space, quote and percent sign. */
function headerValue(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x21-\x7e]|["%]/gu, (character) => encodeURIComponent(character))
}

/** The value of such a header. */
export function readHeaderValue(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
