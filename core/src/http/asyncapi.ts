import type { LoadedRelease } from '../runtime/release.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { plainSchema } from './json-schema.ts'
import { versionOf } from './openapi.ts'

type Json = Readonly<Record<string, unknown>>

/** The events that a tenant's applications emit, as an AsyncAPI 3.0 document. Each is a CloudEvent (1.0, JSON). Pure. */
export function asyncApiOf(tenant: Tenant, releases: readonly LoadedRelease[]): Json {
  const emitted = releases.flatMap((release) => (release.plugin.emits ?? []).map((event) => ({ manifest: release.manifest, event })))
    .toSorted((a, b) => a.event.id.localeCompare(b.event.id))
  return {
    asyncapi: '3.0.0',
    info: { title: `LiberAccès – ${tenant.info.name}`, version: versionOf(releases), description: 'The events of the applications that this organisation has enabled.' },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(emitted.map(({ event }) => [keyOf(event.id), { address: event.id, messages: { event: { $ref: `#/components/messages/${keyOf(event.id)}` } } }])),
    operations: Object.fromEntries(emitted.map(({ manifest, event }) => [`emit_${keyOf(event.id)}`, {
      action: 'send',
      channel: { $ref: `#/channels/${keyOf(event.id)}` },
      messages: [{ $ref: `#/channels/${keyOf(event.id)}/messages/event` }],
      tags: [{ name: manifest.id }],
    }])),
    components: {
      messages: Object.fromEntries(emitted.map(({ manifest, event }) => [keyOf(event.id), {
        name: event.id,
        contentType: 'application/cloudevents+json',
        payload: envelope(manifest.id, event.id, plainSchema(event.schema)),
      }])),
    },
  }
}

/** A CloudEvent that carries this event's data. */
function envelope(source: string, type: string, data: Json): Json {
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', minLength: 1 },
      source: { const: source },
      type: { const: type },
      subject: { type: 'string' },
      time: { type: 'string', format: 'date-time' },
      traceparent: { type: 'string' },
      data,
    },
  }
}

/** An id as a key of the document, which takes letters, digits, `.`, `-` and `_`. */
function keyOf(eventId: string): string {
  return eventId.replace('/', '.')
}
