// Longer than others: how each kind of surface is asked, read side by side.
import type { Context } from '@liberacces/sdk'
import { toFormFields, type Endpoint } from '@liberacces/sdk/host'
import { canaryInput } from './canary-input.ts'
import { CanaryPen } from './canary-pen.ts'
import { derivedHex } from './chance.ts'
import { nameOfEndpoint, type Exchange, type Purpose } from './exchange.ts'
import type { Ground } from './ground.ts'
import type { GroundTenant } from './ground-tenant.ts'
import { KnownIds, MOST_IDS } from './known-ids.ts'
import type { Persona } from './persona.ts'
import type { JsonSchema } from './schema-arbitrary.ts'
import { newestRows } from './store-dump.ts'
import { uploadFile } from './upload-file.ts'

/** The fields of a form, as a browser sends them. */
type SentForm = Readonly<Record<string, string | readonly string[] | File>>

/** How one request departs from what is usual. */
export interface Visit {
  readonly purpose?: Purpose
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly variant?: number
  /** @defaultValue whoever may */
  readonly persona?: Persona | undefined
  /** A body as it is, instead of one that fits. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** What the page offers in each field of the form. */
  readonly offered?: ReadonlyMap<string, readonly string[]> | undefined
}

/** Calls of code that are made without a request. */
export interface CodeCall {
  readonly tenant: 'alpha' | 'beta'
  /** `service fr.x/v1 list`, `schedule nightly`, `event …`, `tile "…"`. */
  readonly what: string
  readonly answer: string
  readonly error: string | undefined
}

/** How many set out on a ground. */
const waysOn = new WeakMap<Ground, number>()

/** Somebody who goes through all surfaces of the plugin at one tenant, as each of its people, and keeps what comes back. */
export class Traveller {
  readonly ground: Ground
  readonly tenant: GroundTenant
  readonly ids: KnownIds
  readonly exchanges: Exchange[]
  readonly calls: CodeCall[]
  readonly #seed: number
  readonly #pens = new Map<string, CanaryPen>()
  /** Which traveller on this ground it is: no two may send requests under the same traces, or what one caused would be told of the other. */
  readonly #way: number

  constructor(ground: Ground, tenant: GroundTenant, seed: number, kept: { readonly exchanges: Exchange[]; readonly calls: CodeCall[] } = { exchanges: [], calls: [] }) {
    this.ground = ground
    this.tenant = tenant
    this.exchanges = kept.exchanges
    this.calls = kept.calls
    this.#seed = seed
    this.#way = (waysOn.get(ground) ?? -1) + 1
    waysOn.set(ground, this.#way)
    this.ids = new KnownIds(ground.manifest.path, ground.release(tenant).registrations.endpoints)
  }

  get endpoints(): readonly Endpoint[] {
    return this.ground.release(this.tenant).registrations.endpoints
  }

  get pens(): readonly CanaryPen[] {
    return [...this.#pens.values()]
  }

  /** The hand of a persona, or of whoever has no account. */
  pen(persona: Persona | undefined): CanaryPen {
    return this.#penOf(persona?.label ?? `visitor of ${this.tenant.slug}`)
  }

  /** The hand of whoever this tenant is connected to. */
  penOfPartner(): CanaryPen {
    return this.#penOf(`partner of ${this.tenant.slug}`)
  }

  #penOf(label: string): CanaryPen {
    let pen = this.#pens.get(label)
    if (pen === undefined) this.#pens.set(label, pen = new CanaryPen(this.#seed, this.tenant.slug, label))
    return pen
  }

  /** Who goes to an endpoint: whoever may, and where all may a citizen. */
  whoFor(endpoint: Endpoint): Persona | undefined {
    return endpoint.permission === undefined ? undefined : this.tenant.whoMay(endpoint.permission)
  }

  /** Asks an endpoint once, with an input that fits it. */
  async visit(endpoint: Endpoint, visit: Visit = {}): Promise<Exchange> {
    const persona = 'persona' in visit ? visit.persona : this.whoFor(endpoint)
    const params = visit.params ?? this.ids.paramsFor(endpoint)[0] ?? {}
    const method = endpoint.kind === 'route' ? endpoint.method : endpoint.kind === 'page' ? 'GET' : 'POST'
    const path = `/apps/${this.ground.manifest.path}${endpoint.path.replaceAll(/:([^/]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? '0'))}`
    const address = `${path === '' ? '/' : path}${queryOf(visit.query ?? this.#queryFor(endpoint, persona, visit.variant ?? 0))}`
    const { more, sent } = this.#bodyFor(endpoint, persona, visit)
    return this.send(method, address, { ...more, headers: { ...more.headers, ...visit.headers } }, { persona, endpoint, purpose: visit.purpose ?? 'visit', sent })
  }

  /** Sends a request and keeps what comes back. */
  async send(method: string, path: string, more: { readonly json?: unknown; readonly form?: SentForm; readonly body?: string; readonly headers?: Readonly<Record<string, string>> } = {}, about: { readonly persona: Persona | undefined; readonly endpoint?: Endpoint; readonly purpose?: Purpose; readonly sent?: string } = { persona: undefined }): Promise<Exchange> {
    const number = this.exchanges.length
    const traceId = derivedHex(this.#seed, 32, 'trace', this.tenant.slug, String(this.#way), String(number))
    const { persona, endpoint, purpose = 'visit', sent = '' } = about
    const begun = performance.now()
    const isPage = endpoint === undefined || endpoint.kind !== 'route'
    const headers = { traceparent: `00-${traceId}-${traceId.slice(0, 16)}-01`, accept: isPage ? 'text/html,application/json' : 'application/json', ...more.headers }
    const answer = await this.ground.send(this.tenant, persona, method, path, { ...(more as object), headers })
    const exchange: Exchange = {
      number, purpose, tenant: this.tenant.slug, persona: persona?.label ?? 'visitor', endpoint, method, path, sent: `${decoded(path)} ${sent}`,
      status: answer.status, contentType: answer.headers['content-type'] ?? '', text: answer.text, location: answer.headers['location'], traceId, ms: performance.now() - begun,
    }
    this.exchanges.push(exchange)
    // Documents of the platform name addresses, and no ids.
    if (purpose === 'visit' && exchange.status < 400 && (endpoint !== undefined || isPage && exchange.contentType.includes('html'))) {
      this.ids.noteAnswer(exchange.text, exchange.contentType, endpoint?.path)
      if (exchange.location !== undefined) this.ids.noteLink(exchange.location)
    }
    return exchange
  }

  /** Runs code of the plugin as the platform itself does, and keeps what it answers. */
  async call(what: string, body: (c: Context) => unknown): Promise<CodeCall> {
    const { platform } = this.ground
    let answer = ''
    let error: string | undefined
    try {
      const given: unknown = await platform.runtime.call(this.ground.release(this.tenant), platform.systemOrigin(this.tenant.id), { what, limitMs: 10_000 }, body)
      answer = JSON.stringify(given, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)) as string | undefined ?? ''
    } catch (cause) {
      error = cause instanceof Error ? `${cause.message}${cause.cause instanceof Error ? ` (${cause.cause.message})` : ''}` : String(cause)
    }
    const call = { tenant: this.tenant.slug, what, answer, error }
    this.calls.push(call)
    return call
  }

  /** Reads the ids that lie in the plugin's tables. */
  async readIds(): Promise<void> {
    this.ids.noteTables(await newestRows(this.ground, this.tenant, MOST_IDS))
  }

  /** An input that fits a schema, of this tenant's texts. */
  input(schema: JsonSchema, place: string, variant = 0, persona?: Persona): unknown {
    return canaryInput(schema, { pen: this.pen(persona), place, seed: this.#seed, variant, given: (name) => this.#given(name, persona) })
  }

  #given(name: string, persona: Persona | undefined): unknown {
    // People type their own names and addresses where they are asked; agents type those of others.
    if (persona?.roles.includes('citizen') === true) {
      if (/mail|courriel/i.test(name)) return persona.email
      if (/\bnir\b|insee|securite|ssn/i.test(name)) return persona.nir
    }
    return this.ids.valueFor(name)
  }

  #uploads(schema: JsonSchema, place: string, persona: Persona | undefined): Readonly<Record<string, File>> {
    const fields = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>).filter(([, field]) => field['x-widget'] === 'upload')
    return Object.fromEntries(fields.map(([name, field]) => [name, uploadFile((field['x-accept'] ?? []) as readonly string[], this.pen(persona).write(`${place} file ${name}`))]))
  }

  #queryFor({ query, path }: Endpoint, persona: Persona | undefined, variant: number): Readonly<Record<string, string>> {
    if (query === undefined || variant === 0) return {}
    const made = this.input(query as JsonSchema, `query of ${path}`, variant, persona) as Readonly<Record<string, unknown>>
    return Object.fromEntries(Object.entries(made).filter(([, value]) => typeof value !== 'object').map(([name, value]) => [name, String(value)]))
  }

  #bodyFor(endpoint: Endpoint, persona: Persona | undefined, visit: Visit): { readonly more: { readonly json?: unknown; readonly form?: SentForm; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }; readonly sent: string } {
    const place = nameOfEndpoint(endpoint)
    if (endpoint.kind === 'route') {
      if (endpoint.body === undefined) return { more: {}, sent: '' }
      const raw = (endpoint.body as JsonSchema)['x-raw'] as { readonly types: readonly string[]; readonly examples?: readonly string[] } | undefined
      if (raw !== undefined) {
        const type = raw.types.find((one) => one !== '*') ?? 'text/plain'
        const example = (visit.variant ?? 0) >= 2 ? raw.examples?.[0] : undefined
        if (example !== undefined) return { more: { body: example, headers: { 'content-type': type } }, sent: example }
        const text = type.includes('json') ? JSON.stringify({ text: this.pen(persona).write(place) }) : this.pen(persona).write(place)
        return { more: { body: text, headers: { 'content-type': type } }, sent: text }
      }
      const json = 'body' in visit ? visit.body : this.input(endpoint.body as JsonSchema, place, visit.variant, persona)
      return { more: { json }, sent: JSON.stringify(json) }
    }
    if (endpoint.kind === 'form') {
      const data = 'body' in visit ? visit.body : this.input(endpoint.schema as JsonSchema, place, visit.variant, persona)
      return { more: { form: { ...toFormFields(endpoint.schema as JsonSchema, data, 'fr'), ...chosenFrom(endpoint.schema as JsonSchema, visit), ...this.#uploads(endpoint.schema as JsonSchema, place, persona) } }, sent: JSON.stringify(data) }
    }
    return { more: endpoint.kind === 'action' ? { form: {} } : {}, sent: '' }
  }
}

/** What a person chooses of what a page offers where only the page knows it; on each second try also what stands in its fields already. */
function chosenFrom(schema: JsonSchema, { offered, variant = 0 }: Visit): SentForm {
  if (offered === undefined) return {}
  const fields = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>
  return Object.fromEntries([...offered].flatMap(([name, values]) => {
    const { type, 'enum': options, 'x-widget': widget } = fields[name] ?? {}
    const isOpen = (type === 'string' && options === undefined && widget !== 'upload') || type === 'array'
    if (!isOpen || (values.length === 1 && widget !== 'hidden' && variant % 2 === 0)) return []
    const chosen = values[variant % values.length] ?? ''
    return [[name, type === 'array' ? [chosen] : chosen] as const]
  }))
}

function queryOf(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString()
  return text === '' ? '' : `?${text}`
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '))
  } catch {
    return path
  }
}
