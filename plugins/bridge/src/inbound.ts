import { CLOUD_EVENT_TYPE, readBinaryCloudEvent, readCloudEvent, type CloudEventReading } from '@liberacces/sdk'
import type { InMessage, Verdict } from './bus/bus.ts'
import type { BridgeContext } from './bridge-types.ts'
import { contractFor } from './route.ts'
import { listRoutes } from './store/routes.ts'

/** Brings a message of a queue in as an event, once by source and id: its receipt and the event are written together. What cannot be understood is poison. */
export async function takeIn(c: BridgeContext, queue: string, message: InMessage): Promise<Verdict> {
  const reading = readMessage(message)
  if (!reading.ok) return poison(`No CloudEvent: ${Object.entries(reading.problems).map(([name, what]) => (name === '' ? what : `${name}: ${what}`)).join(' ')}`)
  const { event } = reading
  const type = contractFor(await listRoutes(c.db), queue, event.type)
  if (type === undefined) return poison(`Nobody chose ${event.type} for the queue "${queue}".`)
  try {
    await c.transaction(async (tx) => {
      const known = await tx.selectFrom('received').select('event_id').where('source', '=', event.source).where('event_id', '=', event.id).executeTakeFirst()
      if (known !== undefined) return
      await tx.insertInto('received').values({ source: event.source, event_id: event.id, received_at: c.now().toISOString() }).execute()
      await tx.publish({ type, data: event.data })
    })
  } catch (error) {
    const { code, message: text = '' } = error as { readonly code?: string; readonly message?: string }
    if (code === 'EVENT_INVALID' || code === 'EVENT_UNKNOWN') return poison(text)
    // Ours to mend, such as a full quota: the message stays on the bus.
    throw error
  }
  return { kind: 'done' }
}

/** Structured mode, or binary mode: attributes in headers `cloudEvents:` or `cloudEvents_` (CloudEvents, AMQP binding, section 3.1.3). */
function readMessage({ contentType, headers, body, id, type }: InMessage): CloudEventReading {
  if ((contentType.split(';')[0] ?? '').trim().toLowerCase() === CLOUD_EVENT_TYPE) {
    try {
      return readCloudEvent(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown)
    } catch {
      return { ok: false, problems: { '': 'The body is no JSON in UTF-8.' } }
    }
  }
  const attributes = Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => {
    const [, attribute] = /^cloudEvents[:_](.+)$/.exec(name) ?? []
    return attribute === undefined ? [] : [[attribute, value]]
  }))
  return readBinaryCloudEvent({ ...(id === undefined ? {} : { id }), ...(type === undefined ? {} : { type }), ...attributes }, contentType, body)
}

function poison(reason: string): Verdict {
  return { kind: 'poison', reason }
}
