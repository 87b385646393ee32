// Longer than others: the whole way through a plugin, in the order in which it is gone.
import type { EventContract } from '@liberacces/sdk'
import type { Endpoint } from '@liberacces/sdk/host'
import { changes, removes } from './endpoint-kinds.ts'
import type { Exchange } from './exchange.ts'
import type { Ground } from './ground.ts'
import type { JsonSchema } from './schema-arbitrary.ts'
import { speak } from './neighbour.ts'
import { setUp } from './set-up.ts'
import { settleIn } from './settle-in.ts'
import { Traveller, type CodeCall } from './traveller.ts'
import { walk } from './walk.ts'

/** Everything that was done and seen while a plugin was gone through at two tenants. */
export interface Tour {
  readonly ground: Ground
  readonly exchanges: readonly Exchange[]
  readonly calls: readonly CodeCall[]
  readonly alpha: Traveller
  readonly beta: Traveller
  /** Endpoints that never let anyone through to the end, with the last answer: what was not seen of the plugin. */
  readonly unreached: readonly { readonly endpoint: Endpoint; readonly last: Exchange | undefined }[]
}

/** After this a worker that failed once is run again, in milliseconds. */
const PARTNER_MS = 2_000
/** Tries of an input until an endpoint takes one. */
const TRIES = 4
/** Times that something is made, so that lists have more than one line. */
const MADE = 2
/** Addresses of one endpoint that are looked at. */
const MOST_ADDRESSES = 2

/** Goes through everything that a plugin offers: fills both tenants through its own surfaces, looks at all of it, then at each with the ids of the other. */
export async function goOnTour(ground: Ground, seed: number, signal: AbortSignal): Promise<Tour> {
  const kept: { readonly exchanges: Exchange[]; readonly calls: CodeCall[] } = { exchanges: [], calls: [] }
  const alpha = new Traveller(ground, ground.alpha, seed, kept)
  const beta = new Traveller(ground, ground.beta, seed, kept)
  ground.partners.play((tenantId, place) => (tenantId === ground.alpha.id ? alpha : beta).penOfPartner().write(`what ${place} says`))
  await setUp(ground)
  // Who found nobody at the start tries again by now.
  if (ground.partners.places.length > 0) await ground.advance(PARTNER_MS)
  for (const traveller of [alpha, beta]) {
    await ground.fill(traveller.tenant)
    await settleIn(traveller, signal)
    await traveller.readIds()
    await fillTenant(traveller, signal)
    await walk(traveller, signal)
    await traveller.readIds()
    await lookAt(traveller, signal)
    await runCode(traveller, signal)
    await ground.settle()
    await lookAtPlatform(traveller)
  }
  await cross(alpha, beta, signal)
  await cross(beta, alpha, signal)
  // Once more in plain: what the other tenant's calls left behind would be seen now.
  for (const traveller of [alpha, beta]) {
    await lookAt(traveller, signal)
    await lookAtPlatform(traveller)
  }
  for (const traveller of [alpha, beta]) await remove(traveller, signal)
  await ground.settle()
  const unreached = alpha.endpoints.flatMap((endpoint) => {
    const own = kept.exchanges.filter((exchange) => exchange.endpoint === endpoint || sameEndpoint(exchange.endpoint, endpoint))
    return own.some(({ status }) => status < 400) ? [] : [{ endpoint, last: own.findLast(({ purpose }) => purpose === 'visit') }]
  })
  return { ground, ...kept, alpha, beta, unreached }
}

function sameEndpoint(a: Endpoint | undefined, b: Endpoint): boolean {
  return a !== undefined && a.kind === b.kind && a.path === b.path && (a.kind === 'route' ? a.method : '') === (b.kind === 'route' ? b.method : '')
}

/** Writes something into everything that takes something: what has no parameter first, for it makes what the others name. */
export async function fillTenant(traveller: Traveller, signal: AbortSignal): Promise<void> {
  const writers = traveller.endpoints.filter((endpoint) => changes(endpoint) && !removes(endpoint)).toSorted((a, b) => parameters(a) - parameters(b))
  for (const endpoint of writers) {
    if (parameters(endpoint) > 0) await traveller.readIds()
    let made = 0
    for (let variant = 0; variant < TRIES + made && made < MADE; variant += 1) {
      if (signal.aborted) return
      const params = traveller.ids.paramsFor(endpoint)
      const exchange = await traveller.visit(endpoint, { variant, ...(params.length === 0 ? {} : { params: params[turnOf(variant) % params.length] ?? {} }) })
      if (exchange.status < 400) made += 1
      if (exchange.status < 400) await traveller.readIds()
      // Of what has no input, another try is the same try.
      if (exchange.status >= 400 && params.length <= 1 && !hasInput(endpoint)) break
    }
  }
  await traveller.ground.settle()
}

/** Which of the things that are known a try is about: 0, 1, 1, 2, 3, 4, 4, 5 …, so that the second meets an input with all that is optional too, and one without. */
function turnOf(variant: number): number {
  return variant - Math.floor((variant + 2) / 4)
}

function parameters({ path }: Endpoint): number {
  return path.split(':').length - 1
}

function hasInput(endpoint: Endpoint): boolean {
  return endpoint.kind === 'form' || (endpoint.kind === 'route' && endpoint.body !== undefined)
}

/** Looks at every page and every answer, as whoever may. */
export async function lookAt(traveller: Traveller, signal: AbortSignal): Promise<void> {
  for (const endpoint of traveller.endpoints) {
    if (signal.aborted) return
    if (changes(endpoint) && endpoint.kind !== 'form') continue
    const asked: Endpoint = endpoint.kind === 'form' ? { ...endpoint, kind: 'page', title: '' } : endpoint
    const params = traveller.ids.paramsFor(endpoint).slice(0, MOST_ADDRESSES)
    for (const [index, each] of (params.length === 0 ? [undefined] : params).entries()) await traveller.visit(asked, { ...(each === undefined ? {} : { params: each }), variant: index })
    // What has questions is asked some too, and so that something is found.
    if (endpoint.query !== undefined && endpoint.kind !== 'form') await traveller.visit(asked, { variant: 7 })
  }
}

/** Runs what runs without a request: services, schedules, commands, handlers of what others emit, contributions. */
async function runCode(traveller: Traveller, signal: AbortSignal): Promise<void> {
  const { ground, tenant } = traveller
  const { services, schedules, commands, handlers } = ground.release(tenant).registrations
  for (const { service, handlers: make } of services) {
    for (const [name, operation] of Object.entries(service.operations)) {
      if (signal.aborted) return
      const input = traveller.input(operation.input as JsonSchema, `service ${service.id} ${name}`)
      await traveller.call(`service ${service.id} ${name}`, (c) => (make(c as never)[name] as (input: unknown) => unknown)(input))
    }
  }
  await speak(traveller, traveller.pen(undefined).write('event of another plugin'))
  await ground.settle()
  for (const schedule of schedules) await traveller.call(`schedule ${schedule.id}`, (c) => (schedule.run as (c: unknown) => unknown)(c))
  for (const command of commands) {
    const schema = (command as unknown as { readonly input?: JsonSchema }).input ?? {}
    // What is refused is tried once more, with what its schema gives as examples.
    for (const variant of JSON.stringify(schema).includes('"examples"') ? [0, 2] : [0]) {
      const input = traveller.input(schema, `command ${command.name}`, variant)
      const { error } = await traveller.call(`command ${command.name}`, (c) => (command.run as (c: unknown, input: unknown) => unknown)(c, input))
      if (error === undefined) break
    }
  }
  const own = new Set(ground.manifest.emits.map(({ id }) => id))
  for (const { id, event } of handlers) if (event !== 'any' && !own.has(event.id)) await deliverForeign(traveller, id, event)
}

/** Hands over an event that another plugin would emit. */
async function deliverForeign(traveller: Traveller, handler: string, event: EventContract): Promise<void> {
  const { ground, tenant } = traveller
  const place = `event ${event.id}`
  const data = traveller.input(event.schema as JsonSchema, place)
  const subject = event.subject === undefined ? undefined : String((data as Readonly<Record<string, unknown>>)[event.subject])
  const eventId = `certification-${tenant.slug}-${traveller.calls.length}`
  const call = { tenant: tenant.slug, what: `${place} for ${handler}`, answer: '', error: undefined as string | undefined }
  traveller.calls.push(call)
  await ground.platform.deliver({
    eventId, type: event.id, source: 'fr.example.elsewhere', subject, time: ground.outside.now(), data, traceparent: undefined, tenantId: tenant.id, subscriber: ground.manifest.id, handler, attempt: 1,
  }).catch((error: unknown) => { call.error = error instanceof Error ? error.message : String(error) })
}

/** Takes away one of each thing, last: nothing is looked for after that. */
async function remove(traveller: Traveller, signal: AbortSignal): Promise<void> {
  for (const endpoint of traveller.endpoints.filter(removes)) {
    for (const params of traveller.ids.paramsFor(endpoint).slice(0, TRIES)) {
      if (signal.aborted) return
      if ((await traveller.visit(endpoint, { params })).status < 400) break
    }
  }
}

/** The pages of the platform itself, where contributions are shown and documents are made of what the plugin says. */
async function lookAtPlatform(traveller: Traveller): Promise<void> {
  const { tenant } = traveller
  const agent = tenant.persona('agent')
  for (const [path, persona] of [['/', undefined], ['/', tenant.persona('citizen')], ['/bureau', agent], ['/bureau', tenant.persona('tenant-admin')], ['/openapi.json', agent], ['/asyncapi.json', agent]] as const) {
    await traveller.send('GET', path, {}, { persona, purpose: 'visit' })
  }
}

/** As people of one tenant, asks for what is the other's: by its ids, and by words of its texts. */
async function cross(from: Traveller, to: Traveller, signal: AbortSignal): Promise<void> {
  for (const endpoint of from.endpoints) {
    if (signal.aborted) return
    if (removes(endpoint)) continue
    for (const params of parameters(endpoint) === 0 ? [] : to.ids.paramsFor(endpoint).slice(0, MOST_ADDRESSES)) {
      await from.visit(endpoint, { params, purpose: 'cross' })
      if (endpoint.kind === 'form') await from.visit({ ...endpoint, kind: 'page', title: '' }, { params, purpose: 'cross' })
    }
    const words = Object.entries((endpoint.query?.properties ?? {}) as Readonly<Record<string, JsonSchema>>).filter(([name, field]) => field['type'] === 'string' && /^(?:q|search|query|term|text|recherche|filter)$/i.test(name))
    const pen = to.pens.find(({ written }) => written.length > 0)
    if (pen !== undefined && words.length > 0 && !changes(endpoint)) await from.visit(endpoint, { query: Object.fromEntries(words.map(([name]) => [name, pen.searchText])), purpose: 'cross' })
  }
}
