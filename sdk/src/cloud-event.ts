import type { TenantInfo } from './context.ts'
import type { ReceivedEvent } from './event.ts'

/** An event as it travels outside (CloudEvents 1.0, JSON format). */
export interface CloudEvent {
  readonly specversion: '1.0'
  /** With `source`, the same for the same event however often it comes. */
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject?: string
  readonly time?: string
  readonly datacontenttype?: string
  readonly dataschema?: string
  readonly data: unknown
  /** Attributes beyond the standard's own. */
  readonly extensions: Readonly<Record<string, string>>
}

/** What was read: the event, or what is wrong, by attribute. */
export type CloudEventReading = { readonly ok: true; readonly event: CloudEvent } | { readonly ok: false; readonly problems: Readonly<Record<string, string>> }

/** Media type of one CloudEvent in the JSON format. */
export const CLOUD_EVENT_TYPE = 'application/cloudevents+json'
/** Media type of a list of them. */
export const CLOUD_EVENT_BATCH_TYPE = 'application/cloudevents-batch+json'

const ATTRIBUTE = /^[a-z0-9]{1,20}$/
const OWN = new Set(['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema', 'data', 'data_base64'])
const MOST_LENGTH = 2_000

/** An event of the platform as one of the outside. Its source says which tenant and plugin it is of: `urn:liberacces:<tenant>:<plugin>`. */
export function toCloudEvent(event: ReceivedEvent, tenant: Pick<TenantInfo, 'slug'>): CloudEvent {
  return {
    specversion: '1.0', id: event.id, source: `urn:liberacces:${tenant.slug}:${event.source}`, type: event.type,
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    time: event.time.toISOString(), datacontenttype: 'application/json', data: event.data, extensions: {},
  }
}

/** A CloudEvent in the JSON format (structured mode), as a value to be made text of. */
export function cloudEventJson({ extensions, ...event }: CloudEvent): Readonly<Record<string, unknown>> {
  return { ...event, ...extensions }
}

/** Reads a CloudEvent in the JSON format, whoever wrote it. Data that is not JSON is refused. */
export function readCloudEvent(value: unknown): CloudEventReading {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, problems: { '': 'A CloudEvent is a JSON object.' } }
  const given = value as Readonly<Record<string, unknown>>
  const problems: Record<string, string> = {}
  let data = given['data']
  if (given['data_base64'] !== undefined) {
    if (data !== undefined) problems['data_base64'] = 'There is either data or data_base64.'
    else data = readJsonBase64(given['data_base64'], problems)
  }
  return checked(given, data, problems)
}

/** Reads a CloudEvent in binary mode: attributes in headers, here without `ce-` or the like before their names; the body is the data. */
export function readBinaryCloudEvent(attributes: Readonly<Record<string, unknown>>, contentType: string, body: Uint8Array): CloudEventReading {
  const problems: Record<string, string> = {}
  const data = body.byteLength === 0 ? null : readJson(Buffer.from(body).toString('utf8'), 'data', problems)
  return checked({ ...attributes, ...(contentType === '' ? {} : { datacontenttype: contentType }) }, data, problems)
}

function checked(given: Readonly<Record<string, unknown>>, data: unknown, problems: Record<string, string>): CloudEventReading {
  if (given['specversion'] !== '1.0') problems['specversion'] = 'It must be "1.0".'
  for (const name of ['id', 'source', 'type']) if (!isText(given[name])) problems[name] = `It must be a text of 1 to ${MOST_LENGTH} characters.`
  for (const name of ['subject', 'time', 'datacontenttype', 'dataschema']) if (given[name] !== undefined && given[name] !== null && !isText(given[name])) problems[name] = `It must be a text of 1 to ${MOST_LENGTH} characters.`
  const { time, datacontenttype } = given as Readonly<Record<string, string | undefined>>
  if (isText(time) && !/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}/.test(time)) problems['time'] = 'It must be a time as in RFC 3339.'
  if (isText(datacontenttype) && !/^[a-z0-9.+-]+\/([a-z0-9.-]+\+)?json(\s*;.*)?$/i.test(datacontenttype)) problems['datacontenttype'] = 'Only data in JSON is taken.'
  const extensions: Record<string, string> = {}
  for (const [name, each] of Object.entries(given)) {
    if (OWN.has(name) || each === null) continue
    if (!ATTRIBUTE.test(name)) problems[name.slice(0, 50)] = 'A name of an attribute has 1 to 20 of a-z and 0-9.'
    else if (!isPlain(each) || String(each).length > MOST_LENGTH) problems[name] = 'An attribute is a text, a number or a boolean.'
    else extensions[name] = String(each)
  }
  if (Object.keys(problems).length > 0) return { ok: false, problems }
  const optional = Object.fromEntries(['subject', 'time', 'datacontenttype', 'dataschema'].flatMap((name) => (isText(given[name]) ? [[name, given[name]]] : [])))
  return { ok: true, event: { specversion: '1.0', id: String(given['id']), source: String(given['source']), type: String(given['type']), ...optional, data: data ?? null, extensions } }
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= MOST_LENGTH
}

function readJsonBase64(value: unknown, problems: Record<string, string>): unknown {
  if (typeof value !== 'string') {
    problems['data_base64'] = 'It must be a text.'
    return undefined
  }
  return readJson(Buffer.from(value, 'base64').toString('utf8'), 'data_base64', problems)
}

function readJson(text: string, place: string, problems: Record<string, string>): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    problems[place] = 'It is no JSON.'
    return undefined
  }
}
