// Longer than others: one class answers all that a plugin's context promises, each member in a few lines.
import type { Actor, Context, Database, Files, Format, KnownEvent, Locale, Log, Mailer, MessageValues, Plugin, PluginTypes, Secrets, Service, ServiceClient, TenantInfo, Transaction, Worker, WorkerHealth } from '@liberacces/sdk'
import { v7 } from 'uuid'
import { PlatformError } from '../../errors.ts'
import { VISITOR } from '../../identity/visitor.ts'
import { parisDayAt } from '../../paris-day.ts'
import { formatOf } from '../../runtime/format.ts'
import { translatorOf, type Messages } from '../../runtime/messages.ts'
import type { OwnFacts } from '../protocol.ts'
import type { ChildCall } from './child-call.ts'
import type { ChildDatabase } from './child-database.ts'
import { childFetch } from './child-fetch.ts'
import { childFiles } from './child-files.ts'
import { wireMail } from './wire-mail.ts'
import type { ChildWorkers } from './child-workers.ts'

/** What the contexts of one plugin have in common. */
export interface PluginHere {
  readonly plugin: Plugin
  readonly messages: Messages
  readonly database: ChildDatabase
  readonly workers: ChildWorkers
}

/** {@link Context} in a plugin's own process: what it cannot know by itself it asks the kernel, for this call. */
export class ChildContext implements Context {
  readonly #here: PluginHere
  readonly #call: ChildCall
  #isInTransaction = false
  #clock: 'unasked' | 'asked' | 'answered' = 'unasked'
  #actor: Actor | undefined

  constructor(here: PluginHere, call: ChildCall) {
    this.#here = here
    this.#call = call
  }

  get signal(): AbortSignal {
    this.#call.beyond()
    return this.#call.signal
  }

  get tenant(): TenantInfo {
    return this.#call.place.tenant as TenantInfo
  }

  get actor(): Actor {
    return (this.#actor ??= actorOf(this.#call.facts.actor ?? NOBODY))
  }

  get locale(): Locale {
    return this.#call.facts.locale
  }

  get settings(): unknown {
    return this.#call.place.settings
  }

  get format(): Format {
    return formatOf(this.locale)
  }

  get db(): Database<object> {
    this.#call.check()
    if (this.#isInTransaction) {
      throw new PlatformError('DB_OUTSIDE_TRANSACTION', `Plugin "${this.#here.plugin.id}" used c.db while its own transaction was open; it would wait for itself.`, { fix: 'Use tx inside c.transaction(async (tx) => …).' })
    }
    return this.#here.database.of(this.#call) as unknown as Database<object>
  }

  async transaction<Result>(body: (tx: Transaction<PluginTypes>) => Promise<Result>): Promise<Result> {
    this.#call.beyond()
    this.#isInTransaction = true
    try {
      return await this.#here.database.transaction(this.#call, body)
    } finally {
      this.#isInTransaction = false
    }
  }

  get files(): Files {
    this.#call.beyond()
    return childFiles(this.#call)
  }

  get mail(): Mailer {
    this.#call.beyond()
    return { send: async (mail) => { await this.#call.ask('mail', { mail: wireMail(mail) }) } }
  }

  use<S extends Service>(service: S): ServiceClient<S> {
    const client = this.useOptional(service)
    if (client === undefined) {
      throw new PlatformError('SERVICE_UNAVAILABLE', `Plugin "${this.#here.plugin.id}" needs the service ${(service as Service).id}, which no active plugin of ${this.tenant.name} provides.`, { fix: 'Switch on a plugin that provides it.' })
    }
    return client
  }

  useOptional<S extends Service>(service: S): ServiceClient<S> | undefined {
    const { id } = service as Service
    const { requires = {}, optional = {} } = this.#here.plugin
    if (!Object.hasOwn(requires, id) && !Object.hasOwn(optional, id)) {
      throw new PlatformError('SCOPE_MISSING', `Plugin "${this.#here.plugin.id}" uses the service ${id} without naming it in requires or optional.`, { fix: 'Name it there.' })
    }
    return this.#call.place.provided.includes(id) ? this.#client(service, Object.hasOwn(optional, id)) : undefined
  }

  granted(scope: string): boolean {
    const { scopes, optionalScopes } = this.#here.plugin
    return (scopes as readonly string[]).includes(scope) || (optionalScopes !== undefined && Object.hasOwn(optionalScopes, scope) && this.#call.place.granted.includes(scope))
  }

  fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    this.#call.beyond()
    return childFetch(this.#call, url, init)
  }

  async audit(action: string, target: string, detail?: Readonly<Record<string, string | number | boolean | null>>): Promise<void> {
    this.#call.beyond()
    await this.#call.ask('audit', { action, target, ...(detail === undefined ? {} : { detail: { ...detail } }) })
  }

  get secrets(): Secrets {
    this.#call.beyond()
    return {
      seal: async (text) => String(await this.#call.ask('secrets.seal', { text })),
      open: async (sealed) => ((await this.#call.ask('secrets.open', { sealed })) as string | null | undefined) ?? undefined,
      random: (length) => this.#call.random(Math.min(64, Math.max(16, length))),
    }
  }

  async knownEvents(): Promise<readonly KnownEvent[]> {
    this.#call.beyond()
    return (await this.#call.ask('events.known', {})) as readonly KnownEvent[]
  }

  held<Held>({ id }: Worker<Held>): Held | undefined {
    this.#call.beyond()
    return this.#here.workers.find(this.tenant.slug, id)?.held as Held | undefined
  }

  wake({ id }: Worker<unknown>): void {
    this.#call.beyond()
    // Nobody waits for it; a call that is over by then has nothing to wake for.
    this.#call.ask('wake', { worker: id }).catch(() => undefined)
  }

  health({ id }: Worker<unknown>): WorkerHealth {
    this.#call.beyond()
    const worker = this.#here.workers.find(this.tenant.slug, id)
    if (worker === undefined) return { state: 'stopped', text: undefined, since: new Date(this.#call.now()) }
    const { state, message, since } = worker
    return { state, text: message === undefined ? undefined : this.t(message.key, message.values), since: new Date(since) }
  }

  t(key: string, values?: MessageValues): string {
    return translatorOf(this.#here.messages, this.locale)(key, values)
  }

  url(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
    const { facts: { isElsewhere }, place: { baseUrl } } = this.#call
    const search = new URLSearchParams(Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])))
    const local = `/apps/${this.#here.plugin.path}${path}${search.size > 0 ? `?${search}` : ''}`
    return isElsewhere ? baseUrl + local : local
  }

  absoluteUrl(path: string): string {
    const url = this.url(path)
    return url.startsWith('/') ? this.#call.place.baseUrl + url : url
  }

  get log(): Log {
    this.#call.beyond()
    const write = (level: keyof Log) => (message: string, detail?: Readonly<Record<string, unknown>>): void => { this.#call.log(level, message, detail) }
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  }

  id(): string {
    this.#call.beyond()
    return v7({ msecs: this.#call.now(), random: this.#call.random(16) })
  }

  now(): Date {
    if (this.#clock === 'unasked') {
      this.#clock = 'asked'
      this.#call.reads.clock = true
    }
    return new Date(this.#call.now())
  }

  today(): string {
    const { day, until } = parisDayAt(this.#call.now())
    this.#call.holdsUntil(until)
    return day
  }

  staysUntil(moment: Date | undefined): void {
    if (moment !== undefined && Number.isNaN(moment.getTime())) {
      throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${this.#here.plugin.id}" said that its answer stays until a moment that is none.`, { fix: 'Give a valid date, or undefined for as long as nothing else changes.' })
    }
    this.#call.holdsUntil(moment?.getTime() ?? Number.POSITIVE_INFINITY)
    if (this.#clock === 'asked') delete this.#call.reads.clock
    this.#clock = 'answered'
  }

  /** Each operation asks the kernel, which finds out who provides it at that moment. */
  #client<S extends Service>(service: S, isOptional: boolean): ServiceClient<S> {
    const { id, operations } = service as Service
    return Object.fromEntries(Object.keys(operations).map((operation) => [operation, (input: unknown) =>
      this.#call.ask('use', { service: id, operation, input, ...(isOptional ? { optional: true as const } : {}) })])) as unknown as ServiceClient<S>
  }
}

/** The visitor, as an account would be told. */
const NOBODY = { ...VISITOR, roles: [], can: [] } satisfies OwnFacts['actor']

function actorOf({ can, ...actor }: OwnFacts['actor']): Actor {
  return { ...actor, can: (permission) => can === '*' || can.includes(permission) }
}
