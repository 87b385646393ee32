import { CLOUD_EVENT_BATCH_TYPE, CLOUD_EVENT_TYPE, RawBody, readBinaryCloudEvent, readCloudEvent, Type, type CloudEvent, type CloudEventReading, type RawContent, type Static } from '@liberacces/sdk'
import { wants } from './endpoint.ts'
import { readHeaderValue } from './payload.ts'
import type { WebhookContext, WebhookRegistrar } from './webhook-types.ts'

/** Largest request, in bytes, and most events in it. */
const MOST_BYTES = 1_048_576
const MOST_EVENTS = 500
/** An event of the stage of certification. */
const EXAMPLE = JSON.stringify({ specversion: '1.0', id: 'example-1', source: '//partenaire.example', type: 'fr.liberacces.certification.said/v1', data: { text: 'Bonjour' } })

const Outcome = Type.Object({
  id: Type.Union([Type.String(), Type.Null()]),
  source: Type.Union([Type.String(), Type.Null()]),
  /** HTTP status of this event alone: 202 taken, 200 known already, 4xx refused. */
  status: Type.Integer(),
  /** Its id on this platform, when it was taken. */
  event: Type.Optional(Type.String()),
  /** Problem details (RFC 9457), when it was refused. */
  problem: Type.Optional(Type.Object({ type: Type.String(), title: Type.String(), status: Type.Integer(), detail: Type.String(), code: Type.String(), fields: Type.Optional(Type.Record(Type.String(), Type.String())) })),
})
type Outcome = Static<typeof Outcome>

/** CloudEvents over HTTP, in: structured, batch and binary mode, for accounts that may hand events over. */
export function registerReceiver(k: WebhookRegistrar): void {
  k.route({
    method: 'POST', path: '/evenements', audience: 'admin', permission: 'event.receive', summary: 'Hand over CloudEvents (structured, batch or binary mode)', timeoutMs: 30_000,
    body: RawBody({ types: [CLOUD_EVENT_TYPE, CLOUD_EVENT_BATCH_TYPE, 'application/json'], maxBytes: MOST_BYTES, headers: ['ce-*'], examples: [EXAMPLE] }),
    response: { 202: Type.Object({ results: Type.Array(Outcome) }), 200: Type.Object({ results: Type.Array(Outcome) }), 207: Type.Object({ results: Type.Array(Outcome) }), 400: Type.Object({ results: Type.Array(Outcome) }), 413: Type.Object({ results: Type.Array(Outcome) }), 422: Type.Object({ results: Type.Array(Outcome) }) },
  }, async (c, { body }) => {
    const readings = readBody(body)
    if (readings.length > MOST_EVENTS) return c.reply(413, { results: [refused(undefined, 413, 'TOO_MANY', `A batch has at most ${MOST_EVENTS} events.`)] })
    const results: Outcome[] = []
    for (const reading of readings) results.push(reading.ok ? await take(c, reading.event) : refused(undefined, 400, 'EVENT_MALFORMED', Object.entries(reading.problems).map(([name, what]) => (name === '' ? what : `${name}: ${what}`)).join(' '), reading.problems))
    const statuses = new Set(results.map(({ status }) => status))
    const [only] = statuses
    // One answer for all where it is the same for all; else each has its own (207, as WebDAV does).
    const status = statuses.size === 1 && (only === 200 || only === 202 || only === 400 || only === 422) ? only : statuses.size === 0 ? 400 : [...statuses].every((each) => each < 300) ? 202 : 207
    return c.reply(status, { results })
  })
}

function readBody({ type, bytes, headers }: RawContent): readonly CloudEventReading[] {
  const [mediaType = ''] = type.toLowerCase().split(';')
  if (mediaType.trim() === CLOUD_EVENT_TYPE || mediaType.trim() === CLOUD_EVENT_BATCH_TYPE) {
    const isBatch = mediaType.trim() === CLOUD_EVENT_BATCH_TYPE
    let value: unknown
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
    } catch {
      return [{ ok: false, problems: { '': 'The body is no JSON in UTF-8.' } }]
    }
    if (!isBatch) return [readCloudEvent(value)]
    return Array.isArray(value) ? value.map(readCloudEvent) : [{ ok: false, problems: { '': 'A batch is a JSON array.' } }]
  }
  const attributes = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.slice('ce-'.length), readHeaderValue(value)]))
  return [readBinaryCloudEvent(attributes, type, bytes)]
}

/** Brings one in, once: its receipt and the event are written together. */
async function take(c: WebhookContext, event: CloudEvent): Promise<Outcome> {
  if (!wants(c.settings.accepts, event.type)) return refused(event, 422, 'EVENT_NOT_ACCEPTED', `This organisation takes no ${event.type} from outside.`)
  try {
    return await c.transaction(async (tx): Promise<Outcome> => {
      const known = await tx.selectFrom('received').select('event_id').where('source', '=', event.source).where('event_id', '=', event.id).executeTakeFirst()
      if (known !== undefined) return { id: event.id, source: event.source, status: 200 }
      await tx.insertInto('received').values({ source: event.source, event_id: event.id, event_type: event.type, received_at: c.now().toISOString() }).execute()
      const id = await tx.publish({ type: event.type, data: event.data })
      return { id: event.id, source: event.source, status: 202, event: id }
    })
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message?: string }
    if (code === 'EVENT_INVALID' || code === 'EVENT_UNKNOWN') return refused(event, 422, code, message ?? '')
    throw error
  }
}

function refused(event: CloudEvent | undefined, status: number, code: string, detail: string, fields?: Readonly<Record<string, string>>): Outcome {
  return {
    id: event?.id ?? null, source: event?.source ?? null, status,
    problem: { type: `/docs/errors#${code}`, title: 'The event was not taken.', status, detail, code, ...(fields === undefined ? {} : { fields: { ...fields } }) },
  }
}
