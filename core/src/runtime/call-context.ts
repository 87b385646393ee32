// Longer than others: one class answers all that a plugin's context promises, each member in a few lines.
import type { Actor, Context, Database, EmitOptions, EventContract, Files, Format, KnownEvent, Locale, Log, Mail, Mailer, MessageValues, OutsideEvent, PluginTypes, Secrets, Service, ServiceClient, TenantInfo, Transaction, Worker, WorkerHealth } from '@liberacces/sdk'
import { PlatformError } from '../errors.ts'
import { checkMail } from '../mail/check-mail.ts'
import { KERNEL_CONTRACTS, MAIL_EVENT } from '../mail/stored-mail.ts'
import type { OutboxEvent, PluginStore, StoreTransaction } from '../storage/storage.ts'
import { misfit } from '../validation.ts'
import type { CallLimit } from './call-limit.ts'
import { formatOf } from './format.ts'
import { translatorOf } from './messages.ts'
import { parisDayAt } from '../paris-day.ts'
import type { LoadedRelease } from './release.ts'
import type { Origin } from './runtime.ts'
import { mayUse, requireScope } from './scope-gate.ts'
import { TakenQuota, type SendingQuota } from './taken-quota.ts'

/** What a context reaches of the kernel, on behalf of one release and tenant. */
export interface ContextPorts {
  store(tenantId: string, pluginId: string): PluginStore
  files(tenantId: string, pluginId: string): Files
  /** A client of an active service, acting as the same person; `undefined` when nothing provides it. */
  client(service: Service, caller: string, origin: Origin, limit: CallLimit): ServiceClient<Service> | undefined
  audit(release: LoadedRelease, origin: Origin, action: string, target: string, detail: Readonly<Record<string, string | number | boolean | null>> | undefined): Promise<void>
  fetch(release: LoadedRelease, origin: Origin, accepted: ReadonlySet<string>, url: string | URL, init: RequestInit): Promise<Response>
  log(release: LoadedRelease, origin: Origin): Log
  baseUrl(origin: Origin): string
  secrets(release: LoadedRelease, origin: Origin): Secrets
  knownEvents(origin: Origin): readonly KnownEvent[]
  /** `undefined` when no active plugin of the tenant knows it, and for the kernel's own. */
  eventContract(origin: Origin, id: string): EventContract | undefined
  worker(release: LoadedRelease, origin: Origin, id: string): WorkerHandle
  /** Addresses of those who administer a tenant. */
  administrators(tenantId: string): Promise<readonly string[]>
  readonly quota: SendingQuota
  newId(): string
  now(): number
}

/** What handlers see of a worker of their plugin on their tenant. */
export interface WorkerHandle {
  readonly held: unknown
  readonly health: WorkerHealth
  wake(): void
}

/** What the tenant's administrator decided about a plugin. */
export interface CallTerms {
  readonly settings: unknown
  /** The optional scopes that were granted. */
  readonly accepted: ReadonlySet<string>
}

/** The event a handler is dealing with: its one transaction takes note of it. */
export interface AcceptedEvent {
  readonly eventId: string
  readonly handler: string
}

/** Ends a handler whose event had been dealt with before: its one transaction was stored, only the receipt was lost. */
export class AlreadyHandled extends Error {
  override readonly name = 'AlreadyHandled'
}

/** What the kernel itself knows of a call, for who carries it on elsewhere. */
export interface CallInside {
  readonly release: LoadedRelease
  readonly origin: Origin
  readonly terms: CallTerms
  readonly limit: CallLimit
  readonly ports: ContextPorts
}

/** {@link Context} in the kernel's own process. One per call; cheap to make, everything else is made when first asked for. */
export class CallContext implements Context {
  readonly #ports: ContextPorts
  readonly #release: LoadedRelease
  readonly #origin: Origin
  readonly #terms: CallTerms
  readonly #limit: CallLimit
  readonly #event: AcceptedEvent | undefined
  #inTransaction = false
  #transactions = 0
  #actor: Actor | undefined
  #store: PluginStore | undefined
  #clock: 'unasked' | 'asked' | 'answered' = 'unasked'

  constructor(ports: ContextPorts, release: LoadedRelease, origin: Origin, terms: CallTerms, limit: CallLimit, event?: AcceptedEvent) {
    this.#ports = ports
    this.#release = release
    this.#origin = origin
    this.#terms = terms
    this.#limit = limit
    this.#event = event
  }

  /** Not for plugins, which have no such class. @throws TypeError for a context that the kernel did not make */
  static insideOf(c: Context): CallInside {
    if (!(#limit in c)) throw new TypeError('This context is none of the kernel.')
    const context = c as CallContext
    return { release: context.#release, origin: context.#origin, terms: context.#terms, limit: context.#limit, ports: context.#ports }
  }

  get signal(): AbortSignal {
    this.#beyond()
    return this.#limit.signal
  }

  get tenant(): TenantInfo {
    return this.#origin.tenant.info
  }

  get locale(): Locale {
    return this.#origin.locale
  }

  get settings(): unknown {
    return this.#terms.settings
  }

  get format(): Format {
    return formatOf(this.#origin.locale)
  }

  get log(): Log {
    this.#beyond()
    return this.#ports.log(this.#release, this.#origin)
  }

  get actor(): Actor {
    this.#actor ??= actorOf(this.#release, this.#origin)
    return this.#actor
  }

  get db(): Database<object> {
    this.#limit.check()
    if (this.#inTransaction) {
      throw new PlatformError('DB_OUTSIDE_TRANSACTION', `Plugin "${this.#release.manifest.id}" used c.db while its own transaction was open; it would wait for itself.`, { fix: 'Use tx inside c.transaction(async (tx) => …).' })
    }
    const store = this.#openStore()
    this.#origin.reads?.source(store)
    return (this.#origin.principal.readOnly === true ? store.reading : store.db) as unknown as Database<object>
  }

  get files(): Files {
    this.#need('files')
    this.#beyond()
    const files = this.#ports.files(this.#origin.tenant.id, this.#release.manifest.id)
    if (this.#origin.principal.readOnly !== true) return files
    return { get: (id) => files.get(id), put: async () => this.#refuseChange('store a file'), delete: async () => this.#refuseChange('delete a file') }
  }

  async transaction<Result>(body: (tx: Transaction<PluginTypes>) => Promise<Result>): Promise<Result> {
    if (this.#origin.principal.readOnly === true) this.#refuseChange('open a transaction')
    this.#beyond()
    this.#transactions += 1
    if (this.#event !== undefined && this.#transactions > 1) {
      throw new PlatformError('EVENT_SECOND_TRANSACTION', `Plugin "${this.#release.manifest.id}" opened a second transaction while handling an event.`,
        { fix: 'Write all effects of an event in one transaction, the last thing the handler does: only then is an event that comes twice dealt with once.' })
    }
    this.#inTransaction = true
    const taken = new TakenQuota(this.#ports.quota, this.#origin.tenant.id, this.#origin.beyondQuotas !== true)
    try {
      return await this.#openStore().transaction(async (tx) => {
        if (this.#event !== undefined && !(await tx.acceptEvent(this.#event.eventId, this.#event.handler))) throw new AlreadyHandled()
        return body(withOutbox(tx, {
          emit: async (event, data, options) => {
            const checked = this.#outboxEvent(event, data, options)
            taken.take('events', 1)
            await tx.appendEvent(checked)
          },
          publish: async (event) => {
            const checked = this.#outsideEvent(event)
            taken.take('events', 1)
            return tx.appendEvent(checked)
          },
          mail: { send: (mail) => this.#post(tx, mail, taken) },
        }))
      }, this.#limit.signal)
    } catch (error) {
      taken.giveBack()
      throw error
    } finally {
      this.#inTransaction = false
    }
  }

  get mail(): Mailer {
    this.#need('mail:send')
    this.#beyond()
    return {
      send: async (mail) => {
        if (this.#origin.principal.readOnly === true) this.#refuseChange('send a mail')
        const taken = new TakenQuota(this.#ports.quota, this.#origin.tenant.id, this.#origin.beyondQuotas !== true)
        try {
          await this.#ports.store(this.#origin.tenant.id, this.#release.manifest.id).transaction((tx) => this.#post(tx, mail, taken), this.#limit.signal)
        } catch (error) {
          taken.giveBack()
          throw error
        }
      },
    }
  }

  use<S extends Service>(service: S): ServiceClient<S> {
    const client = this.useOptional(service)
    if (client === undefined) {
      throw new PlatformError('SERVICE_UNAVAILABLE', `Plugin "${this.#release.manifest.id}" needs the service ${service.id}, which no active plugin of ${this.tenant.name} provides.`, { fix: 'Switch on a plugin that provides it.' })
    }
    return client
  }

  useOptional<S extends Service>(service: S): ServiceClient<S> | undefined {
    const { id } = service as Service
    const { requires, optional } = this.#release.manifest
    if (!Object.hasOwn(requires, id) && !Object.hasOwn(optional, id)) {
      throw new PlatformError('SCOPE_MISSING', `Plugin "${this.#release.manifest.id}" uses the service ${id} without naming it in requires or optional.`, { fix: 'Name it there.' })
    }
    return this.#ports.client(service, this.#release.manifest.id, this.#origin, this.#limit) as ServiceClient<S> | undefined
  }

  granted(scope: string): boolean {
    return mayUse(this.#release, this.#terms.accepted, scope)
  }

  fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
    this.#beyond()
    return this.#ports.fetch(this.#release, this.#origin, this.#terms.accepted, url, { ...init, signal: init.signal === null || init.signal === undefined ? this.#limit.signal : AbortSignal.any([this.#limit.signal, init.signal]) })
  }

  audit(action: string, target: string, detail?: Readonly<Record<string, string | number | boolean | null>>): Promise<void> {
    this.#beyond()
    return this.#ports.audit(this.#release, this.#origin, action, target, detail)
  }

  get secrets(): Secrets {
    this.#beyond()
    return this.#ports.secrets(this.#release, this.#origin)
  }

  async knownEvents(): Promise<readonly KnownEvent[]> {
    if (!this.granted('events:write:*')) this.#need('events:read:*')
    this.#beyond()
    return this.#ports.knownEvents(this.#origin)
  }

  held<Held>({ id }: Worker<Held>): Held | undefined {
    this.#beyond()
    return this.#ports.worker(this.#release, this.#origin, id).held as Held | undefined
  }

  wake({ id }: Worker<unknown>): void {
    this.#beyond()
    this.#ports.worker(this.#release, this.#origin, id).wake()
  }

  health({ id }: Worker<unknown>): WorkerHealth {
    this.#beyond()
    return this.#ports.worker(this.#release, this.#origin, id).health
  }

  t(key: string, values?: MessageValues): string {
    return translatorOf(this.#release, this.#origin.locale)(key, values)
  }

  url(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
    const search = new URLSearchParams(Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])))
    const local = `/apps/${this.#release.manifest.path}${path === '/' ? '/' : path}${search.size > 0 ? `?${search}` : ''}`
    // Who asked is shown this on another host.
    return this.#origin.principal.entry?.kind === 'share' ? this.#ports.baseUrl(this.#origin) + local : local
  }

  absoluteUrl(path: string): string {
    const url = this.url(path)
    return url.startsWith('/') ? this.#ports.baseUrl(this.#origin) + url : url
  }

  id(): string {
    this.#beyond()
    return this.#ports.newId()
  }

  now(): Date {
    if (this.#clock === 'unasked') {
      this.#clock = 'asked'
      this.#origin.reads?.clock()
    }
    return new Date(this.#ports.now())
  }

  #refuseChange(what: string): never {
    throw new PlatformError('READ_ONLY', `Plugin "${this.#release.manifest.id}" wanted to ${what} for ${this.#origin.principal.name}, who may look here and change nothing.`, { fix: 'Ask for an entry that may change things, or let somebody of the tenant do it.' })
  }

  today(): string {
    const { day, until } = parisDayAt(this.#ports.now())
    this.#origin.reads?.holdsUntil(until)
    return day
  }

  staysUntil(moment: Date | undefined): void {
    if (moment !== undefined && Number.isNaN(moment.getTime())) {
      throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${this.#release.manifest.id}" said that its answer stays until a moment that is none.`, { fix: 'Give a valid date, or undefined for as long as nothing else changes.' })
    }
    const until = moment?.getTime() ?? Number.POSITIVE_INFINITY
    if (this.#clock === 'asked') this.#origin.reads?.staysUntil(until)
    else this.#origin.reads?.holdsUntil(until)
    this.#clock = 'answered'
  }

  /** What is done now would have to be done again: what comes out is not kept. */
  #beyond(): void {
    this.#origin.reads?.beyond()
  }

  #openStore(): PluginStore {
    if (this.#store === undefined) {
      this.#need('db')
      this.#store = this.#ports.store(this.#origin.tenant.id, this.#release.manifest.id)
    }
    return this.#store
  }

  #need(scope: string): void {
    requireScope(this.#release, this.#terms.accepted, scope)
  }

  async #post(tx: StoreTransaction, mail: Mail, taken: TakenQuota): Promise<void> {
    this.#need('mail:send')
    const isForAdministrators = typeof mail.to === 'object' && 'administrators' in mail.to
    const administrators = isForAdministrators ? await this.#ports.administrators(this.#origin.tenant.id) : []
    if (isForAdministrators && administrators.length === 0) {
      this.#ports.log(this.#release, this.#origin).warn('nobody who administers this tenant has an address: a mail to them does not leave', { subject: mail.subject })
      return
    }
    const data = checkMail(isForAdministrators ? { ...mail, to: administrators } : mail)
    taken.take('mails', data.to.length)
    await tx.appendEvent({ id: undefined, type: MAIL_EVENT, subject: undefined, time: this.#ports.now(), data, notBefore: undefined, ...this.#whence() })
  }

  #outboxEvent(event: EventContract, data: unknown, options: EmitOptions = {}): OutboxEvent {
    const declared = (this.#release.plugin.emits ?? []).find((one) => one.id === event.id)
    if (declared === undefined || event.id.startsWith(KERNEL_CONTRACTS)) {
      throw new PlatformError('EVENT_UNDECLARED', `Plugin "${this.#release.manifest.id}" emits ${event.id} without declaring it.`, { fix: 'Name the event in emits.' })
    }
    const wrong = misfit(declared.schema, data)
    if (wrong !== undefined) {
      throw new PlatformError('EVENT_INVALID', `Plugin "${this.#release.manifest.id}" emits ${event.id} with data that does not fit: ${wrong}.`, { fix: 'Emit what the contract says, or make a new version of the contract.' })
    }
    return this.#eventOf(declared, data, options.notBefore)
  }

  #outsideEvent({ type, data, notBefore }: OutsideEvent): OutboxEvent {
    this.#need('events:write:*')
    const contract = this.#ports.eventContract(this.#origin, type)
    if (contract === undefined) {
      throw new PlatformError('EVENT_UNKNOWN', `No active plugin of ${this.tenant.name} knows the event ${type}.`, { fix: 'Look at the id of its contract, and whether the plugin that emits or hears it is on.' })
    }
    const wrong = misfit(contract.schema, data)
    if (wrong !== undefined) {
      throw new PlatformError('EVENT_INVALID', `The data of an event ${type} does not fit its contract: ${wrong}.`, { fix: 'Send what the contract says: /asyncapi.json has its schema.' })
    }
    return this.#eventOf(contract, data, notBefore)
  }

  #eventOf({ id, subject: field }: EventContract, data: unknown, notBefore: Date | undefined): OutboxEvent {
    const subject = field === undefined ? undefined : (data as Readonly<Record<string, string | number | undefined>>)[field]
    return {
      id: undefined,
      type: id,
      subject: subject === undefined ? undefined : String(subject),
      time: this.#ports.now(),
      data,
      notBefore: notBefore?.getTime(),
      ...this.#whence(),
    }
  }

  /** Of which trace an event is, and why and by whom it is emitted. */
  #whence(): Pick<OutboxEvent, 'traceparent' | 'tracestate' | 'cause' | 'release'> {
    const { traceparent, tracestate, cause } = this.#origin
    return { traceparent, tracestate, cause, release: this.#release.manifest.version }
  }
}

function actorOf(release: LoadedRelease, origin: Origin): Actor {
  const { kind, id, name, roles, permissions } = origin.principal
  const prefix = `${release.manifest.id}/`
  return { kind, id, name, roles, can: (permission) => kind === 'system' || permissions.has(prefix + permission) }
}

/** The transaction's own Kysely, with what leaves by its outbox besides. */
function withOutbox(tx: StoreTransaction, outbox: { readonly emit: (event: EventContract, data: unknown, options?: EmitOptions) => Promise<void>; readonly publish: (event: OutsideEvent) => Promise<string>; readonly mail: Mailer }): Transaction<PluginTypes> {
  // Each transaction has a Kysely of its own, so nobody else's gains them.
  return Object.assign(tx.db, outbox) as unknown as Transaction<PluginTypes>
}
