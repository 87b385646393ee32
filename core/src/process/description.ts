import { Type, type Static, type TSchema } from '@sinclair/typebox'

const open = Type.Unknown()
const Flag = Type.Boolean()
const Text = Type.String({ maxLength: 10_000 })
const Optional = <Schema extends TSchema>(schema: Schema) => Type.Optional(schema)
const closed = { additionalProperties: false } as const
/** JSON Schema with kinds; what it may hold is looked at where it is restored. */
const Schema = Type.Record(Type.String(), open)
const list = <Each extends Parameters<typeof Type.Array>[0]>(each: Each) => Type.Array(each, { maxItems: 1_000 })

const Event = Type.Object({ id: Text, schema: Schema, subject: Optional(Text), retentionDays: Optional(Type.Number()) }, closed)

/** What an endpoint says besides its handler. Which of it belongs to which kind, the SDK's types say. */
const DescribedEndpoint = Type.Object({
  kind: Type.Union([Type.Literal('route'), Type.Literal('page'), Type.Literal('form'), Type.Literal('action')]),
  path: Text,
  params: Optional(Schema),
  query: Optional(Schema),
  audience: Type.Union([Type.Literal('public'), Type.Literal('citizen'), Type.Literal('agent'), Type.Literal('admin')]),
  permission: Optional(Text),
  method: Optional(Type.Union([Type.Literal('GET'), Type.Literal('POST'), Type.Literal('PUT'), Type.Literal('PATCH'), Type.Literal('DELETE')])),
  summary: Optional(Text),
  body: Optional(Schema),
  response: Optional(Type.Record(Type.String({ pattern: '^[1-5][0-9][0-9]$' }), Schema)),
  timeoutMs: Optional(Type.Number()),
  title: Optional(Text),
  menu: Optional(Type.Number()),
  browser: Optional(Type.Object({ script: Text, offline: Optional(Flag), camera: Optional(Flag) }, closed)),
  schema: Optional(Schema),
  intro: Optional(Text),
  submit: Optional(Text),
  /** Whether it says what the form shows first. */
  initial: Optional(Flag),
}, closed)

/** A plugin as data: what it declares and what its `setup` registered, without the functions. What of it is right, `checkPlugin` says. */
export const Description = Type.Object({
  /** `definePlugin`'s object; unchecked here, and checked as the manifest that is made of it. */
  plugin: Type.Object({
    id: Text, version: Text, path: Text, sdk: Text, license: Text, title: open, description: Optional(open), publisher: open, runtime: Optional(open), limits: Optional(open),
    scopes: list(Text), optionalScopes: Optional(Type.Record(Type.String(), open)), requires: Optional(Type.Record(Type.String(), Text)), optional: Optional(Type.Record(Type.String(), Text)),
    browser: Optional(list(Text)), settings: Optional(Schema), roles: Optional(Type.Record(Type.String(), open)), permissions: Optional(Type.Record(Type.String(), open)),
    emits: Optional(list(Event)),
    messages: Type.Object({ fr: Type.Record(Type.String(), Text), en: Type.Record(Type.String(), Text) }, closed),
  }, closed),
  privacy: Type.Object({ stores: list(Type.Object({})), export: Flag, erase: Flag, expire: Flag }, closed),
  migrations: list(Text),
  check: Flag,
  demo: Flag,
  endpoints: list(DescribedEndpoint),
  contributions: list(Type.Object({
    slot: Type.Object({ id: Text, data: Schema, rendered: Flag, budgetMs: Type.Number({ minimum: 1, maximum: 10_000 }) }, closed),
    title: Text, order: Type.Number(), permission: Optional(Text), data: Type.Record(Type.String(), open), render: Flag,
  }, closed)),
  handlers: list(Type.Object({ id: Text, event: Type.Union([Type.Literal('any'), Event]), timeoutMs: Optional(Type.Number()) }, closed)),
  schedules: list(Type.Object({ id: Text, cron: Text, timeoutMs: Type.Number() }, closed)),
  services: list(Type.Object({
    id: Text,
    operations: Type.Record(Type.String(), Type.Object({ input: Schema, output: Schema, permission: Optional(Text), summary: Optional(Text) }, closed)),
  }, closed)),
  workers: list(Text),
  commands: list(Type.Object({ name: Text, summary: Text, input: Optional(Schema), output: Schema, timeoutMs: Optional(Type.Number()) }, closed)),
}, closed)
export type Description = Static<typeof Description>
export type DescribedEndpoint = Static<typeof DescribedEndpoint>
