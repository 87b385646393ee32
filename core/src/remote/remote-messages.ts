// Longer than others: all that an application in another language reads and writes stands in one place.
import { OptionalKind, Type, type Static, type TObject, type TSchema } from '@sinclair/typebox'
import { EndpointAnswer, PROTOCOL_VERSION, QUESTIONS, WireError, WireReads, type QuestionName } from '../process/protocol.ts'

/*
 * The protocol of `process/protocol.ts`, as HTTP says it: the kernel posts one call and gets its result as the answer; what is asked for the call is
 * posted to the platform, with the token that came with it. Bytes are base64, moments ISO 8601.
 */

const closed = { additionalProperties: false } as const
const Name = Type.String({ maxLength: 300 })

const Index = Type.Integer({ minimum: 0, description: 'Place within the list of that kind in `plugin.json`, from 0.' })

/** What of an application is called. */
const RemoteTarget = Type.Union([
  Type.Object({ at: Type.Literal('endpoint'), index: Index }, { ...closed, title: 'Route, page, form or action' }),
  Type.Object({ at: Type.Literal('initial'), index: Index }, { ...closed, title: 'What a form shows first' }),
  Type.Object({ at: Type.Literal('contribution'), index: Index }, { ...closed, title: 'Contribution to a slot, such as a tile' }),
  Type.Object({ at: Type.Literal('handler'), index: Index }, { ...closed, title: 'Handler of an event' }),
  Type.Object({ at: Type.Literal('schedule'), index: Index }, { ...closed, title: 'Schedule' }),
  Type.Object({ at: Type.Literal('command'), index: Index }, { ...closed, title: 'Command of the operator' }),
  Type.Object({ at: Type.Literal('service'), index: Index, operation: Name }, { ...closed, title: 'Operation of a service' }),
  Type.Object({ at: Type.Literal('privacy'), what: Type.Union([Type.Literal('export'), Type.Literal('erase'), Type.Literal('expire')]) }, { ...closed, title: 'Personal data' }),
  Type.Object({ at: Type.Union([Type.Literal('check'), Type.Literal('demo')]) }, { ...closed, title: 'Check of the data, or filling with examples' }),
])

/** What is fixed for a call: `CallFacts` of the protocol. */
const RemoteFacts = Type.Object({
  tenant: Type.Object({
    slug: Name, name: Name,
    kind: Type.Union([Type.Literal('pool'), Type.Literal('epci'), Type.Literal('commune'), Type.Literal('satellite')]),
    siren: Type.Optional(Type.String()), insee: Type.Optional(Type.String()), population: Type.Optional(Type.Integer()),
  }),
  actor: Type.Object({
    kind: Type.Union([Type.Literal('account'), Type.Literal('anonymous'), Type.Literal('system')]),
    id: Name, name: Name, roles: Type.Array(Name),
    can: Type.Union([Type.Array(Name), Type.Literal('*')], { description: 'Permissions of this application that the person holds; `*`: all.' }),
  }),
  locale: Type.Union([Type.Literal('fr'), Type.Literal('en')]),
  settings: Type.Unknown({ description: 'What the administrator set, with defaults.' }),
  granted: Type.Array(Name, { description: 'Optional scopes that the tenant granted.' }),
  provided: Type.Array(Name, { description: 'Optional contracts that somebody provides on this tenant.' }),
  baseUrl: Type.String({ description: '`https://…` of the tenant, without a path.' }),
  isElsewhere: Type.Boolean({ description: 'Whether addresses are to be absolute.' }),
  now: Type.Integer({ description: 'Milliseconds since the Unix epoch.' }),
})

/** One call of the kernel. Its connection is cut when its time is up, or when who asked has left. */
export const RemoteCall = Type.Object({
  kind: Type.Literal('call'),
  protocol: Type.Literal(PROTOCOL_VERSION),
  plugin: Type.String({ description: 'Id of the application.' }),
  release: Type.String({ description: 'Version of the application that the tenant runs. While tenants move to another one, both are called.' }),
  target: RemoteTarget,
  facts: Type.Optional(RemoteFacts),
  input: Type.Unknown({ description: 'What the target takes, such as `{ params, query, body }` for a route or the event for a handler.' }),
  seed: Type.Optional(Type.Integer({ description: 'Chance that is the same each time, for examples.' })),
  csrfToken: Type.String({ description: 'Stands in HTML where the reader\'s token against forged requests goes: forms of its own have `<input type="hidden" name="_csrf" value="…">` with it.' }),
  callback: Type.Object({
    url: Type.String({ format: 'uri', description: 'Where questions are asked: `<url>/<question>`.' }),
    token: Type.String({ description: 'For the header `liberacces-call`. Good until the call is answered.' }),
  }),
})
export type RemoteCall = Static<typeof RemoteCall>

/** How a call ended. */
export const RemoteOutcome = Type.Union([
  Type.Object({ kind: Type.Literal('result'), value: Type.Optional(Type.Unknown()), reads: Type.Optional(WireReads) }, { ...closed, title: 'Result' }),
  Type.Object({ kind: Type.Literal('failure'), error: WireError, reads: Type.Optional(WireReads) }, { ...closed, title: 'Failure' }),
])
export type RemoteOutcome = Static<typeof RemoteOutcome>

/** What `value` is for a route, page, form, action or contribution. */
export const RemoteAnswer = EndpointAnswer

const OFFERED = [
  'use', 'mail', 'audit', 'fetch', 'files.put', 'files.get', 'files.bytes', 'files.delete', 'secrets.seal', 'secrets.open', 'events.known', 'bytes.put', 'bytes.next', 'bytes.close',
] as const satisfies readonly QuestionName[]

const Mail = QUESTIONS.mail.properties.mail
const NotBefore = Type.Optional(Type.Integer({ description: 'Milliseconds since the Unix epoch: not delivered sooner.' }))

/** Events and mails that leave together or not at all: what a transaction is to a plugin that keeps its data here. */
const Outbox = Type.Object({
  events: Type.Optional(Type.Array(Type.Object({ event: Name, data: Type.Unknown(), notBefore: NotBefore }, closed), { maxItems: 100, description: 'Of those that the application declares in `emits`.' })),
  publish: Type.Optional(Type.Array(Type.Object({ type: Name, data: Type.Unknown(), notBefore: NotBefore }, closed), { maxItems: 100, description: 'Events of the outside, with the scope `events:write:*`.' })),
  mails: Type.Optional(Type.Array(Mail, { maxItems: 100 })),
}, closed)
export type Outbox = Static<typeof Outbox>

/** A line for the platform's log. */
export const RemoteLog = Type.Object({
  level: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')]), message: Type.String({ maxLength: 10_000 }), detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
}, closed)

/** What an application may ask within a call, by name. Statements and open transactions are not among them (ADR 0030). */
export const REMOTE_QUESTIONS: Readonly<Record<string, TObject>> = {
  ...Object.fromEntries(OFFERED.map((name) => [name, withBase64(QUESTIONS[name]) as TObject])),
  outbox: Outbox,
  log: RemoteLog,
}

/** A question as it is posted. */
export const RemoteQuestion = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Whole number, never twice within a call: what arrives twice is done once.' }),
  with: Type.Unknown(),
}, closed)

/** The same schema for JSON, which has no bytes. */
function withBase64(schema: TSchema): TSchema {
  if (schema['type'] === 'Uint8Array') return { ...Type.String({ contentEncoding: 'base64' }), ...(schema[OptionalKind] === undefined ? {} : { [OptionalKind]: 'Optional' }) } as unknown as TSchema
  if (schema['type'] !== 'object' || schema['properties'] === undefined) return schema
  const properties = schema['properties'] as Readonly<Record<string, TSchema>>
  return { ...schema, properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, withBase64(each)])) } as TSchema
}
