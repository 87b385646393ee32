import type { TSchema } from '@liberacces/sdk'
import { plainSchema } from './json-schema.ts'

type Json = Readonly<Record<string, unknown>>

/** What every event is on the wire: a CloudEvent 1.0 in JSON, with the extensions of distributed tracing. */
export const CLOUD_EVENT: Json = {
  type: 'object',
  description: 'CloudEvents 1.0, JSON event format, with the extension Distributed Tracing.',
  required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
  properties: {
    specversion: { type: 'string', const: '1.0' },
    id: { type: 'string', minLength: 1, description: 'With the source, the same when an event comes twice.' },
    source: { type: 'string', format: 'uri-reference', minLength: 1, description: 'The application that emitted it.' },
    type: { type: 'string', minLength: 1, description: 'Id of the contract, with its version.' },
    subject: { type: 'string', minLength: 1, description: 'Events of one type and subject come in the order in which they were emitted.' },
    time: { type: 'string', format: 'date-time', description: 'When it was emitted.' },
    datacontenttype: { type: 'string', const: 'application/json' },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
    tracestate: { type: 'string', description: 'W3C Trace Context.' },
    data: {},
  },
}

/** A contract's schema and, under their own names, those inside it that refer to themselves: refs lead into the document. */
export function componentSchemas(name: string, schema: TSchema): Readonly<Record<string, unknown>> {
  const components: Record<string, unknown> = {}
  const nameOf = (id: string): string => `${name}.${id.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}`
  const place = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(place)
    if (typeof value !== 'object' || value === null) return value
    const { $id, ...rest } = value as Json
    const placed = Object.fromEntries(Object.entries(rest).map(([key, each]) => [
      key, key === '$ref' && typeof each === 'string' ? `#/components/schemas/${nameOf(each)}` : VALUES.has(key) ? each : place(each),
    ]))
    if (typeof $id !== 'string') return placed
    components[nameOf($id)] = placed
    return { $ref: `#/components/schemas/${nameOf($id)}` }
  }
  const own = place(plainSchema(schema))
  return { ...components, [name]: own }
}

/** Keywords whose values are data, not schemas. */
const VALUES: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples', 'required'])
