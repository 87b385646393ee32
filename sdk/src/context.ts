import type { Kysely } from 'kysely'
import type { EmitOptions, EventData } from './event.ts'
import type { KnownEvent, OutsideEvent } from './known-event.ts'
import type { Locale } from './localized.ts'
import type { Mailer } from './mail.ts'
import type { PluginTypes } from './plugin-types.ts'
import type { FileRef } from './schema.ts'
import type { Secrets } from './secrets.ts'
import type { Service, ServiceClient } from './service.ts'
import type { Worker, WorkerHealth } from './worker.ts'

/** The collectivité this call is about. Fixed by the kernel; no API takes one. */
export interface TenantInfo {
  readonly slug: string
  readonly name: string
  /** `epci` is a groupement à fiscalité propre that stands between the Pool and its communes. */
  readonly kind: 'pool' | 'epci' | 'commune' | 'satellite'
  /** SIREN, nine digits (INSEE, Sirene register). */
  readonly siren: string | undefined
  /** INSEE code of the commune (Code officiel géographique), five characters. */
  readonly insee: string | undefined
  /** Municipal population, persons. */
  readonly population: number | undefined
}

/** Who acts. `anonymous` is a visitor without an account, `system` the platform itself (schedules, events, demo data). */
export interface Actor<Permission extends string = string> {
  readonly kind: 'account' | 'anonymous' | 'system'
  /** Account id; `anonymous` or `system` otherwise. */
  readonly id: string
  /** Name to show. */
  readonly name: string
  readonly roles: readonly string[]
  /** Whether this person holds a permission of this plugin. */
  can(permission: Permission): boolean
}

/** The plugin's own tables: Kysely without transactions, schema changes or connection handling. */
export type Database<Tables extends object> = Pick<
  Kysely<Tables>,
  'selectFrom' | 'selectNoFrom' | 'insertInto' | 'replaceInto' | 'updateTable' | 'deleteFrom' | 'with' | 'withRecursive' | 'fn' | 'dynamic' | 'case' | 'getExecutor'
>

/** The plugin's own tables within one transaction, and the only place where an event can be emitted. */
export type Transaction<T extends PluginTypes> = Database<T['db']> & {
  /**
   * Writes an event into the outbox of this transaction: it is delivered if and only if the transaction commits,
   * at least once, in order per subject. Only events named in `emits` compile.
   * @throws PlatformError `EVENT_INVALID` when the data does not fit the event's schema
   */
  emit<E extends T['event']>(event: E, data: EventData<E>, options?: EmitOptions): Promise<void>
  /**
   * Brings an event of the outside in, as this plugin's: any that an active plugin of the tenant emits or listens to, save those of the kernel. Needs the
   * scope `events:write:*`.
   * @returns the event's id on this platform
   * @throws PlatformError `EVENT_UNKNOWN` when no active plugin knows the contract, `EVENT_INVALID` when the data does not fit it
   */
  publish(event: OutsideEvent): Promise<string>
  /** Mails that leave if and only if this transaction commits. Needs the scope `mail:send`. */
  readonly mail: Mailer
}

/** A stored file with its content. */
export interface StoredFile extends FileRef {
  bytes(): Promise<Uint8Array>
}

/** The plugin's own files of this tenant. Content-addressed: the same bytes are stored once. */
export interface Files {
  /**
   * Stores a file.
   * @throws PlatformError `FILE_TOO_LARGE` past 100 MiB, `QUOTA_EXCEEDED` past the tenant's storage
   */
  put(content: Uint8Array, about: { readonly name: string; readonly type: string }): Promise<FileRef>
  /** `undefined` when no such file belongs to this plugin and tenant. */
  get(id: string): Promise<StoredFile | undefined>
  /** Forgets a file. Deleting twice is harmless. */
  delete(id: string): Promise<void>
}

/** Values as people of this locale write them. */
export interface Format {
  /** `2 mai 2026`. Dates are shown in the tenant's time zone (Europe/Paris). */
  date(date: Date | string): string
  /** `2 mai 2026 à 14:05`. */
  dateTime(date: Date | string): string
  number(value: number): string
  /** @param cents - integer euro cents */
  money(cents: number): string
}

/** Structured log lines; the kernel adds plugin, release, tenant and trace id. */
export interface Log {
  debug(message: string, detail?: Readonly<Record<string, unknown>>): void
  info(message: string, detail?: Readonly<Record<string, unknown>>): void
  warn(message: string, detail?: Readonly<Record<string, unknown>>): void
  error(message: string, detail?: Readonly<Record<string, unknown>>): void
}

/** Values a message interpolates (ICU MessageFormat). */
export type MessageValues = Readonly<Record<string, string | number | boolean | Date>>

/** Everything a handler can reach. Tenant and actor are fixed; nothing else exists. */
export interface Context<T extends PluginTypes = PluginTypes> {
  /** The collectivité this call is about. */
  readonly tenant: TenantInfo
  /** Who acts. */
  readonly actor: Actor<T['permission']>
  /** The plugin's own tables of this tenant. Each statement is its own transaction. Needs the scope `db`. */
  readonly db: Database<T['db']>
  /**
   * Runs a body in one transaction: all of it is stored, durably, or nothing.
   * Use `tx` inside, not `c.db`: the latter throws `DB_OUTSIDE_TRANSACTION` while the transaction is open.
   */
  transaction<Result>(body: (tx: Transaction<T>) => Promise<Result>): Promise<Result>
  /** The plugin's own files of this tenant. Needs the scope `files`. */
  readonly files: Files
  /**
   * Whether the plugin may use a scope on this tenant. Always so for those in `scopes`; one of `optionalScopes` may be refused, and
   * using it then throws PlatformError `SCOPE_REFUSED`. Only declared scopes compile.
   */
  granted(scope: T['scope']): boolean
  /**
   * Sends mails, each stored in a transaction of its own. What belongs to data is sent with `tx.mail` instead; in a handler of an
   * event always, or it leaves twice when the event comes twice. Needs the scope `mail:send`.
   */
  readonly mail: Mailer
  /** The plugin's settings of this tenant, with defaults, frozen. */
  readonly settings: T['settings']
  /** A required service of another plugin, acting as the same person on the same tenant. */
  use<S extends Service<T['required']>>(service: S): ServiceClient<S>
  /** An optional service; `undefined` when no active plugin of this tenant provides it. */
  useOptional<S extends Service<T['optional']>>(service: S): ServiceClient<S> | undefined
  /**
   * A request to a host declared in `scopes` or `optionalScopes` as `net:<host>`, or to any with `net:*`: over HTTPS, to an address of the public
   * internet, which is looked at before the connection is made to just it, at each of up to five redirects too. The operator of the platform can name
   * hosts of private networks (`LIBERACCES_EGRESS_ALLOW`). An answer has at most 32 MiB.
   * @throws PlatformError `SCOPE_MISSING` for any other host, `SCOPE_REFUSED` where the administrator refused it, `EGRESS_REFUSED` for an address that is
   * not public, `EGRESS_FAILED` when nobody answers
   */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>
  /** Encrypts what the plugin must keep and nobody may read. */
  readonly secrets: Secrets
  /** The events that active plugins of the tenant emit or listen to, by id; none of the kernel's. Needs `events:read:*` or `events:write:*`. */
  knownEvents(): Promise<readonly KnownEvent[]>
  /** What a worker of this plugin holds for this tenant in this process; `undefined` while it holds nothing. */
  held<Held>(worker: Worker<Held>): Held | undefined
  /** Wakes a worker of this plugin on this tenant, in this process. */
  wake(worker: Worker<unknown>): void
  /** How a worker of this plugin is doing on this tenant, in this process. */
  health(worker: Worker<unknown>): WorkerHealth
  /**
   * Writes into the tenant's audit trail, which no plugin can change. The administration shows the action as the plugin's
   * message `audit.<action>` says it, else as it is.
   * @param action - dotted verb, such as `article.published`
   * @param target - id of what was acted upon
   */
  audit(action: string, target: string, detail?: Readonly<Record<string, string | number | boolean | null>>): Promise<void>
  /** A message in the reader's language. */
  t(key: T['message'], values?: MessageValues): string
  /** The reader's language. */
  readonly locale: Locale
  /** Dates, numbers and amounts in that language. */
  readonly format: Format
  /** Address of a path of this plugin on this tenant, with a query. @example `c.url('/articles', { page: 2 })` */
  url(path: string, query?: Readonly<Record<string, string | number | undefined>>): string
  /** The same as an absolute URL, for feeds and mail. */
  absoluteUrl(path: string): string
  /** A new id: UUID version 7 (RFC 9562), so ids sort by time. */
  id(): string
  /** The time, from the platform's clock: `new Date()` would not follow it in tests. */
  now(): Date
  /** The day it is in Paris, `YYYY-MM-DD`: what is made from it and not from `now()` stays until midnight, and can be kept so long. */
  today(): string
  /**
   * Says from which moment on the time alone will change what this call answers; `undefined` for never. The platform keeps what a contribution
   * rendered and shows it again as long as nothing that it read has changed: its own tables, those behind services, settings, rights. One that
   * asked `now()` is kept only when it says this too. Asked several times, the soonest moment counts.
   * @example
   * ```ts
   * const now = c.now()
   * const next = await c.db.selectFrom('event').select('start').where('start', '>', now.toISOString()).orderBy('start').executeTakeFirst()
   * c.staysUntil(next && new Date(next.start))
   * ```
   */
  staysUntil(moment: Date | undefined): void
  /** Log lines that say plugin, tenant and trace by themselves. */
  readonly log: Log
  /** Aborted when the call's time is up or the client went away. */
  readonly signal: AbortSignal
}
