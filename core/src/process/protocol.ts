// Longer than others: every message that crosses the border stands in one place, so that it can be read, and written by others, as a whole.
import { Type, type Static, type TSchema } from '@sinclair/typebox'

/**
 * What the kernel and a plugin outside of its process say to each other. The kernel speaks first (`hello`), the plugin's side describes itself (`ready`);
 * from then on the kernel makes calls, and within each the plugin's side asks. What is asked is asked *for a call*: tenant, person, rights and limits are those
 * that the kernel fixed for that call, and no message can name others.
 *
 * A value is JSON; what JSON has no words for is marked (`message-codec.ts`). What a plugin's side sends is held against these schemas before anything else
 * looks at it, and a message that does not fit ends that side. What the kernel sends is not checked again by it.
 */
export const PROTOCOL_VERSION = 1

/** Bounds of what is taken from a plugin's side, and given to it. */
export const LIMITS = {
  /** JSON of one message from the plugin's side, in bytes: it is parsed in one go, while nobody else is served. */
  fromPluginJson: 4 * 1024 * 1024,
  /** One message from the plugin's side with the bytes that go along, in bytes. */
  fromPlugin: 12 * 1024 * 1024,
  /** JSON of one message to the plugin's side, in bytes: rows of a statement, above all. */
  toPluginJson: 16 * 1024 * 1024,
  /** One message to the plugin's side with the bytes that go along, in bytes: a raw body is up to 32 MiB. */
  toPlugin: 64 * 1024 * 1024,
  /** One piece of a file or of an answer, in bytes. */
  chunk: 256 * 1024,
  /** What one call may hold in uploads and open streams, in bytes: a file is up to 100 MiB. */
  heldByCall: 128 * 1024 * 1024,
  /** What one side may have the kernel hold at once, over all its calls, in bytes: questions that wait for an answer, uploads, files that it reads. */
  heldBySide: 256 * 1024 * 1024,
  /** Messages a second from the plugin's side, over some seconds. What a call asks is answered first, so no honest plugin comes near. */
  messagesPerSecond: 50_000,
  /** What waits for a plugin's side that does not read, in bytes. */
  unread: 96 * 1024 * 1024,
  /** Questions of one call that wait for an answer. */
  asksOfCall: 1_000,
  /** Connections of one worker that are open at a time. */
  connectionsOfWorker: 16,
  /** Longest that one transaction may stay open, in milliseconds; the call's own limit ends it too. */
  transactionMs: 30_000,
  /** Longest statement that is told once and then known by its number, in characters, and most of them: what is beyond is told each time. */
  knownStatement: 4_000,
  knownStatements: 2_000,
  /** Tenants that a plugin's side keeps in mind, each by a number; that of the one whose turn is longest ago goes to the next. */
  places: 256,
  /** Levels in a value. */
  depth: 100,
  /** Values of a message in either direction, an array or an object for ten: what is made of many small ones takes ten times as long to read as one text. */
  parts: 2_000_000,
} as const

const closed = { additionalProperties: false } as const
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Text = (maxLength: number): ReturnType<typeof Type.String> => Type.String({ maxLength })
const Name = Text(300)
const Bytes = Type.Unsafe<Uint8Array>(Type.Uint8Array())
const Detail = Type.Record(Name, Type.Union([Text(10_000), Type.Number(), Type.Boolean(), Type.Null()]))

/** An error as it crosses the border: no stack of the host, no path, no secret. */
export const WireError = Type.Recursive((Self) => Type.Object({
  name: Text(200),
  message: Text(20_000),
  /** One of the platform's codes, or a database's (`SQLITE_CONSTRAINT_UNIQUE`). */
  code: Type.Optional(Text(100)),
  fix: Type.Optional(Text(2_000)),
  fields: Type.Optional(Type.Record(Name, Text(2_000))),
  retryAfterSeconds: Type.Optional(Type.Number()),
  /** Asks for the event to be put off: it is a `RetryLater` of the SDK. */
  retryLater: Type.Optional(Type.Literal(true)),
  /** Number of the kernel's own refusal, where a plugin lets one pass: the kernel then throws what it had refused with. */
  passed: Type.Optional(Id),
  /** Frames within the plugin's own code. */
  stack: Type.Optional(Text(10_000)),
  cause: Type.Optional(Self),
}, closed))
export type WireError = Static<typeof WireError>

// ── From the kernel ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The first message. */
export interface Hello {
  readonly kind: 'hello'
  readonly protocol: number
  /** Name of the code in stack traces: `<id>@<version>/<file>`. */
  readonly file: string
  /** The one CommonJS file of the release; absent where the plugin's side has its code already. */
  readonly code?: string
  /** In whose words statements are written. */
  readonly dialect: 'sqlite' | 'postgres'
  /** `told`: the time is not the machine's, but the one that comes with each call. */
  readonly clock: 'machine' | 'told'
  /** Stands in rendered HTML where the person's token against forged requests goes, which the kernel puts there. */
  readonly csrfToken: string
}

/** What of a plugin is called. `index` counts within the list of that kind in the description. */
export type Target =
  | { readonly at: 'endpoint' | 'initial' | 'contribution' | 'handler' | 'schedule' | 'command'; readonly index: number }
  /** One that keeps running ({@link WorkerFacts}). */
  | { readonly at: 'worker'; readonly index: number }
  | { readonly at: 'service'; readonly index: number; readonly operation: string }
  | { readonly at: 'privacy'; readonly what: 'export' | 'erase' | 'expire' }
  /** In the words of the database that is migrated: a copy that travels is SQLite's, whatever the platform runs on. */
  | { readonly at: 'migration'; readonly name: string; readonly way: 'up' | 'down'; readonly dialect: Hello['dialect'] }
  | { readonly at: 'check' | 'demo' }
  /** What a worker does within `w.run`: `work` is the call that it runs in, `piece` the number that it gave what it wants done. */
  | { readonly at: 'piece'; readonly work: number; readonly piece: number }

/** What is the same for all calls of a tenant, until something of it changes. */
export interface PlaceFacts {
  readonly tenant: {
    readonly slug: string
    readonly name: string
    readonly kind: 'pool' | 'epci' | 'commune' | 'satellite'
    readonly siren?: string | undefined
    readonly insee?: string | undefined
    readonly population?: number | undefined
  }
  readonly settings: unknown
  /** Optional scopes that the tenant granted. */
  readonly granted: readonly string[]
  /** Of the contracts that the plugin names, those that somebody provides on this tenant. */
  readonly provided: readonly string[]
  /** `https://…` of the tenant, without a path. */
  readonly baseUrl: string
}

/** What is fixed for one call. */
export interface OwnFacts {
  readonly actor: { readonly kind: 'account' | 'anonymous' | 'system'; readonly id: string; readonly name: string; readonly roles: readonly string[]; /** Of this plugin; `*`: all. */ readonly can: readonly string[] | '*' }
  readonly locale: 'fr' | 'en'
  /** Whether addresses are to be absolute: who asked is shown them on another host. */
  readonly isElsewhere: boolean
  /** Milliseconds since the Unix epoch. */
  readonly now: number
}

/** {@link OwnFacts} as they cross: what is so for most calls is not said. */
export interface SaidFacts {
  /** Left out: a visitor, of whom nothing is known. */
  readonly actor?: OwnFacts['actor']
  readonly locale: OwnFacts['locale']
  /** Left out where addresses are local. */
  readonly isElsewhere?: true
  /** Left out where the time is the machine’s own. */
  readonly now?: number
}

/** All that is fixed for a call. */
export type CallFacts = PlaceFacts & OwnFacts

/** What a worker is told for the whole of its run. */
export interface WorkerFacts {
  readonly tenant: PlaceFacts['tenant']
  readonly settings: unknown
  /** Milliseconds since the Unix epoch. */
  readonly now: number
}

/**
 * Runs something of the plugin. Answered by `result` or `failure`; after `cancel` too. That of a worker has no facts but its `input` ({@link WorkerFacts}), goes on for
 * as long as the worker does, and asks `work.*` alone; after `cancel` it has some seconds to end.
 */
export interface Call {
  readonly kind: 'call'
  readonly id: number
  readonly target: Target
  /** For a migration none. */
  readonly facts?: SaidFacts
  /** Number of what holds for its tenant, of at most {@link LIMITS.places}; for a migration none. */
  readonly place?: number
  /** What holds there, where it was not told yet under that number, or is another now. */
  readonly told?: PlaceFacts
  readonly input: unknown
  /** Whole number from which chance is made where it must be the same each time. */
  readonly seed?: number
  /** What it computes counts: the outcome is to say it. Asking the system for it at each wait is not for nothing. */
  readonly counted?: true
}

/** Its time is up, or who asked has left: `c.signal` aborts. Whatever comes from the call later is dropped. */
export interface Cancel { readonly kind: 'cancel'; readonly id: number; readonly error: WireError }
export interface Answer { readonly kind: 'answer'; readonly to: number; readonly value?: unknown; readonly now?: number }
export interface Refusal { readonly kind: 'refusal'; readonly to: number; readonly error: WireError }
export interface Ping { readonly kind: 'ping'; readonly id: number }
/** No more calls come; the process ends by itself. */
export interface Stop { readonly kind: 'stop' }

export type FromKernel = Hello | Call | Cancel | Answer | Refusal | Ping | Stop

// ── From the plugin's side ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** It is loaded. What the description must be like is for `description.ts` to say. */
export const Ready = Type.Object({ kind: Type.Literal('ready'), protocol: Type.Integer(), description: Type.Unknown() }, closed)
/** It could not be loaded. */
export const Unready = Type.Object({ kind: Type.Literal('unready'), protocol: Type.Integer(), error: WireError }, closed)

/** What a call read that the kernel cannot see: whether what it answered may be kept, and until when. */
export const WireReads = Type.Object({
  /** Chance or something else that makes the answer good for once. */
  beyond: Type.Optional(Type.Literal(true)),
  /** The time was asked, and it was not said until when the answer stays. */
  clock: Type.Optional(Type.Literal(true)),
  /** Milliseconds since the Unix epoch. */
  until: Type.Optional(Type.Number()),
}, closed)
export type WireReads = Static<typeof WireReads>

const outcome = { id: Id, reads: Type.Optional(WireReads), /** Microseconds that it computed. */ cpu: Type.Optional(Type.Number({ minimum: 0 })) }
export const Result = Type.Object({ kind: Type.Literal('result'), ...outcome, value: Type.Optional(Type.Unknown()) }, closed)
export const Failure = Type.Object({ kind: Type.Literal('failure'), ...outcome, error: WireError }, closed)
export const Pong = Type.Object({ kind: Type.Literal('pong'), id: Id }, closed)
/** A line for the log. Not answered. */
export const LogLine = Type.Object({
  kind: Type.Literal('log'), call: Id, level: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')]),
  message: Text(10_000), detail: Type.Optional(Type.Unknown()),
}, closed)

/** Something outside was not to be had, by Node's own permissions: the plugin tried, and may not say so itself. Not answered. */
export const Denied = Type.Object({ kind: Type.Literal('denied'), what: Text(500) }, closed)

/** A statement; its text only the first time, and by its number from then on. */
const Statement = { statement: Id, sql: Type.Optional(Text(200_000)), values: Type.Array(Type.Unknown(), { maxItems: 33_000 }) }
/** Number of a transaction of this call. */
const Tx = Id
const Mail = Type.Object({
  to: Type.Unknown(), subject: Type.Unknown(), text: Type.Unknown(), html: Type.Optional(Type.Unknown()), replyTo: Type.Optional(Type.Unknown()), attachments: Type.Optional(Type.Unknown()),
}, closed)
const NotBefore = Type.Optional(Type.Number())
/** Bytes that go along at once, or that were put together with `bytes.put`. */
const content = { bytes: Type.Optional(Bytes), upload: Type.Optional(Id) }

/** What can be asked, by name: what it takes, and in words what is answered. */
export const QUESTIONS = {
  /** Outside of a transaction. → `{ rows, insertId?, affected?, changed? }`, numbers as text */
  'db.run': Type.Object(Statement, closed),
  /** Opens a transaction with the number that the plugin's side chose. → nothing, once it is open */
  'tx.begin': Type.Object({ tx: Tx }, closed),
  'tx.run': Type.Object({ tx: Tx, ...Statement }, closed),
  'tx.emit': Type.Object({ tx: Tx, event: Name, data: Type.Unknown(), notBefore: NotBefore }, closed),
  /** → the event's id */
  'tx.publish': Type.Object({ tx: Tx, type: Name, data: Type.Unknown(), notBefore: NotBefore }, closed),
  'tx.mail': Type.Object({ tx: Tx, mail: Mail }, closed),
  /** → nothing, once it is stored for good */
  'tx.commit': Type.Object({ tx: Tx }, closed),
  /** `because`: number of the kernel's refusal that its body failed by. → nothing, or a refusal that says better what it failed by */
  'tx.rollback': Type.Object({ tx: Tx, because: Type.Optional(Id) }, closed),
  /** A service of another plugin. → what its operation answers */
  'use': Type.Object({ service: Name, operation: Name, input: Type.Unknown(), optional: Type.Optional(Type.Literal(true)) }, closed),
  'mail': Type.Object({ mail: Mail }, closed),
  'audit': Type.Object({ action: Name, target: Text(2_000), detail: Type.Optional(Detail) }, closed),
  /** → `{ status, statusText, url, headers, redirected, stream? }` */
  'fetch': Type.Object({ url: Text(20_000), method: Name, headers: Type.Array(Type.Tuple([Name, Text(100_000)]), { maxItems: 200 }), redirect: Type.Union([Type.Literal('follow'), Type.Literal('error'), Type.Literal('manual')]), ...content }, closed),
  /** → a reference to the file */
  'files.put': Type.Object({ name: Text(2_000), type: Name, ...content }, closed),
  /** → a reference to the file, or null */
  'files.get': Type.Object({ id: Name }, closed),
  /** → `{ first, stream? }` */
  'files.bytes': Type.Object({ id: Name }, closed),
  'files.delete': Type.Object({ id: Name }, closed),
  'secrets.seal': Type.Object({ text: Text(1_000_000) }, closed),
  /** → the text, or null */
  'secrets.open': Type.Object({ sealed: Text(2_000_000) }, closed),
  'events.known': Type.Object({}, closed),
  /** Wakes a worker on the tenant of the call. */
  'wake': Type.Object({ worker: Name }, closed),
  /** Of a worker: one piece of its work, which the kernel makes a call for. → nothing, once that is over */
  'work.run': Type.Object({ piece: Id, what: Text(200), timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000 })) }, closed),
  /** → whether it was woken */
  'work.pause': Type.Object({ ms: Type.Optional(Type.Number({ minimum: 0 })) }, closed),
  'work.wake': Type.Object({}, closed),
  'work.health': Type.Object({ state: Type.Union([Type.Literal('working'), Type.Literal('troubled')]), message: Name }, closed),
  /** → the connection's number */
  'work.connect': Type.Object({ host: Name, port: Type.Integer(), tls: Type.Optional(Type.Object({ ca: Type.Optional(Text(100_000)), servername: Type.Optional(Name), cert: Type.Optional(Text(100_000)), key: Type.Optional(Text(100_000)) }, closed)) }, closed),
  /** → what has come, once something has, or null at the end */
  'work.read': Type.Object({ connection: Id }, closed),
  /** → nothing, once it has left */
  'work.write': Type.Object({ connection: Id, bytes: Bytes }, closed),
  /** Nothing more is written. → nothing, once all has left */
  'work.end': Type.Object({ connection: Id }, closed),
  'work.close': Type.Object({ connection: Id }, closed),
  /** Adds a piece to what is being put together under a number that the plugin's side chose. */
  'bytes.put': Type.Object({ upload: Id, bytes: Bytes }, closed),
  /** → the next piece, or null at the end */
  'bytes.next': Type.Object({ stream: Id }, closed),
  'bytes.close': Type.Object({ stream: Id }, closed),
} as const satisfies Readonly<Record<string, TSchema>>
export type QuestionName = keyof typeof QUESTIONS
export type Question<Name extends QuestionName> = Static<(typeof QUESTIONS)[Name]>

/** Something asked for a call. Answered by `answer` or `refusal`. What is asked after the call's end is refused. */
export const Ask = Type.Object({ kind: Type.Literal('ask'), id: Id, call: Id, what: Type.Union((Object.keys(QUESTIONS) as QuestionName[]).map((name) => Type.Literal(name))), with: Type.Unknown() }, closed)
export type Ask = { readonly kind: 'ask'; readonly id: number; readonly call: number } & { readonly [Name in QuestionName]: { readonly what: Name; readonly with: Question<Name> } }[QuestionName]

export type FromPlugin = Static<typeof Ready> | Static<typeof Unready> | Static<typeof Result> | Static<typeof Failure> | Static<typeof Pong> | Static<typeof LogLine> | Static<typeof Denied> | Ask

/** What a plugin's side may say, by kind. */
export const FROM_PLUGIN = { ready: Ready, unready: Unready, result: Result, failure: Failure, pong: Pong, log: LogLine, denied: Denied, ask: Ask } as const satisfies Readonly<Record<FromPlugin['kind'], TSchema>>

// ── What an endpoint answers with ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const Redirect = Type.Object({ kind: Type.Literal('redirect'), to: Text(5_000), notice: Type.Optional(Name) }, closed)
const NotFound = Type.Object({ kind: Type.Literal('not-found') }, closed)
const Invalid = Type.Object({ kind: Type.Literal('invalid'), errors: Type.Record(Type.String(), Text(5_000)) }, closed)
const FileReply = Type.Object({ kind: Type.Literal('file'), id: Name, disposition: Type.Union([Type.Literal('inline'), Type.Literal('attachment')]), name: Type.Optional(Text(2_000)) }, closed)
const Reply = Type.Object({ kind: Type.Literal('reply'), status: Type.Integer({ minimum: 100, maximum: 599 }), body: Type.Optional(Type.Unknown()), headers: Type.Record(Name, Text(20_000)) }, closed)
/** Elements are rendered where they were made. */
const Html = Type.Object({ kind: Type.Literal('html'), title: Type.Optional(Text(2_000)), html: Type.String() }, closed)

/** `result.value` of a route, page, form, action or contribution. */
export const EndpointAnswer = Type.Union([Reply, FileReply, Html, Redirect, NotFound, Invalid, /** Nothing, or nothing that an answer can be. */ Type.Null()])
export type EndpointAnswer = Static<typeof EndpointAnswer>
