// Longer than others: the way of a request from its first byte to the release that takes it, and how the server opens and closes, read as a whole.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { stringifySetCookie } from 'cookie'
import { registerFormats } from '@liberacces/sdk/host'
import type { Passage } from '../runtime/gates.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { answerClientError } from './client-error.ts'
import { answerFailure } from './failure.ts'
import { DEFAULT_LIMITS, type FrontPorts } from './front-ports.ts'
import { HttpMetrics, type RequestCounts } from './http-metrics.ts'
import { InFlight } from './in-flight.ts'
import { createInstance } from './instance.ts'
import { isLocalMetricsRequest, sendMetrics } from './kernel/metrics-route.ts'
import { registerKernelRoutes } from './kernel/register-kernel-routes.ts'
import { localeInQuery, localeOf } from './locale.ts'
import { addressAmbiguous, addressTooLong, hostUnknown, readOnly, unavailable } from './refusal.ts'
import { sendReadyPage } from './ready-page.ts'
import { createReleaseInstance } from './release-instance.ts'
import { addCookie, cacheControlFor, findRequestContext, requestContext, RequestContext, setRequestContext } from './request-context.ts'
import { isPlainPath, MAX_URL_LENGTH, pathOf, pluginPathOf } from './request-path.ts'
import { setSecurityHeaders } from './security-headers.ts'
import type { DoneSpan } from '../tracing/tracer.ts'
import { createTraces, traceIdOf, tracestateOf, type Traces } from './traceparent.ts'

/** A release that takes requests. */
export interface Mount {
  /**
   * Takes no more requests, lets those under way finish on this release, and closes it. Twice does no harm.
   * @param limitMs - longest wait for them, in milliseconds. @defaultValue 30 000
   * @returns whether all finished in time
   */
  unmount(limitMs?: number): Promise<boolean>
}

interface Mounted {
  readonly release: LoadedRelease
  readonly instance: FastifyInstance
  readonly inFlight: InFlight
  readonly counts: RequestCounts
}

/** What the front keeps of a request until it is answered. */
interface Exchange {
  readonly startedAt: number
  mounted: Mounted | undefined
  passage: Passage | undefined
}

// An import would read every export of the module, and one of them loads the whole client of `fetch`: 30 ms and 5 MB of each start.
const { createServer } = process.getBuiltinModule('node:http')

const YEAR_SECONDS = 31_536_000

/**
 * Makes the front: the one HTTP server, which finds tenant, person and release of each request and hands it over.
 * Nothing listens before {@link Front.listen}.
 */
export async function createFront(ports: FrontPorts): Promise<Front> {
  registerFormats()
  const inFlight = new InFlight()
  const metrics = new HttpMetrics(() => inFlight.count)
  ports.kernel.registerMetrics?.(metrics.registry)
  const kernel = await createInstance(ports)
  await registerKernelRoutes(kernel, ports, metrics)
  await kernel.ready()
  return new Front(ports, kernel, inFlight, metrics)
}

/** See {@link createFront}. */
export class Front {
  readonly server: Server
  readonly metrics: HttpMetrics
  readonly #ports: FrontPorts
  readonly #kernel: FastifyInstance
  readonly #kernelCounts: RequestCounts
  readonly #inFlight: InFlight
  readonly #traces: Traces
  readonly #mounted = new Map<LoadedRelease, Mounted>()
  #stopping = false
  #leaving = false

  constructor(ports: FrontPorts, kernel: FastifyInstance, inFlight: InFlight, metrics: HttpMetrics) {
    this.#ports = ports
    this.#kernel = kernel
    this.#inFlight = inFlight
    this.metrics = metrics
    this.#kernelCounts = metrics.of('kernel')
    this.#traces = createTraces(ports.outside)
    const limits = { ...DEFAULT_LIMITS, ...ports.limits }
    this.server = createServer({
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: limits.headerBytes,
      connectionsCheckingInterval: 5_000,
    }, (request, response) => { this.#handle(request, response) })
    this.server.on('clientError', answerClientError)
  }

  /** Requests that are being answered. */
  get requests(): number {
    return this.#inFlight.count
  }

  /** @returns where it listens; with port 0 the system chose one */
  async listen(port: number, host: string): Promise<AddressInfo> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.server.once('error', reject)
    this.server.listen(port, host, resolve)
    await promise
    this.server.off('error', reject)
    return this.server.address() as AddressInfo
  }

  /**
   * Makes a release ready to take requests; it gets those that `releaseAt` names it for.
   * @throws PlatformError `PLUGIN_PATH_TAKEN`, `PLUGIN_LOAD_FAILED`
   */
  async mount(release: LoadedRelease): Promise<Mount> {
    const instance = await createReleaseInstance(release, this.#ports, this.metrics)
    const mounted: Mounted = { release, instance, inFlight: new InFlight(), counts: this.metrics.of(release.manifest.id) }
    this.#mounted.set(release, mounted)
    return {
      unmount: async (limitMs = 30_000) => {
        if (this.#mounted.get(release) !== mounted) return true
        this.#mounted.delete(release)
        const drained = await mounted.inFlight.drained(limitMs)
        await instance.close()
        return drained
      },
    }
  }

  /** Whether a release could be mounted. Nothing of it stays. @throws PlatformError as {@link mount} */
  async tryOut(release: LoadedRelease): Promise<void> {
    const instance = await createReleaseInstance(release, this.#ports, this.metrics)
    await instance.close()
  }

  /** Requests under way on a release. */
  inFlightOf(release: LoadedRelease): number {
    return this.#mounted.get(release)?.inFlight.count ?? 0
  }

  /**
   * Says to who asks `/readyz` that it takes no more, and goes on answering: whoever shares requests out among nodes has time to notice. Asks
   * for each connection to be closed after its answer.
   */
  leave(): void {
    this.#leaving = true
  }

  /**
   * Takes no more connections, answers 503 on those that stay, and waits for the requests under way.
   * @param limitMs - longest wait, in milliseconds; past it connections are cut. @defaultValue 10 000
   */
  async stop(limitMs = 10_000): Promise<void> {
    this.#stopping = true
    const closed = Promise.withResolvers<void>()
    if (this.server.listening) this.server.close(() => { closed.resolve() })
    else closed.resolve()
    this.server.closeIdleConnections()
    if (!(await this.#inFlight.drained(limitMs))) this.#ports.log.warn({ requests: this.#inFlight.count }, 'Requests were cut off: they did not end in time.')
    this.server.closeAllConnections()
    await closed.promise
    for (const { instance } of this.#mounted.values()) await instance.close()
    this.#mounted.clear()
    await this.#kernel.close()
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const exchange: Exchange = { startedAt: performance.now(), mounted: undefined, passage: undefined }
    this.#inFlight.enter()
    response.on('close', () => { this.#closed(request, response, exchange) })
    try {
      if (this.#answeredEarly(request, response)) return
      const context = this.#begin(request)
      if (context instanceof Promise) context.then((found) => { this.#answer(request, response, exchange, found) }).catch((error: unknown) => { this.#fail(request, response, error) })
      else this.#answer(request, response, exchange, context)
    } catch (error) {
      this.#fail(request, response, error)
    }
  }

  /** What is answered whatever the host: the machine's own questions. */
  #answeredEarly(request: IncomingMessage, response: ServerResponse): boolean {
    const path = pathOf(request.url ?? '')
    if (this.#leaving) response.shouldKeepAlive = false
    // While the platform stops too: calls that are under way are to end well.
    if (path.startsWith('/remote/') && this.#ports.callback !== undefined) {
      setSecurityHeaders(response)
      this.#ports.callback(request, response).catch((error: unknown) => { this.#fail(request, response, error) })
      return true
    }
    if (path !== '/healthz' && path !== '/readyz' && path !== '/metrics' && !this.#stopping) return false
    setSecurityHeaders(response)
    if (path === '/healthz' || path === '/readyz') {
      const state = path === '/healthz' ? true : this.#stopping || this.#leaving ? 'stopping' : this.#ports.ready()
      const isFine = state === true
      response.writeHead(isFine ? 200 : 503, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...(isFine ? {} : { 'Retry-After': '5' }) })
      response.end(JSON.stringify(isFine ? { status: 'ok' } : { status: 'unavailable', reason: state }))
      return true
    }
    if (path === '/metrics' && isLocalMetricsRequest(request)) {
      sendMetrics(this.metrics, response).catch((error: unknown) => { this.#fail(request, response, error) })
      return true
    }
    if (this.#stopping) {
      response.setHeader('Connection', 'close')
      throw unavailable('The platform is stopping.')
    }
    return false
  }

  /** Finds tenant, language, trace and person. @throws PlatformError `REQUEST_INVALID`, `HOST_UNKNOWN` */
  #begin(request: IncomingMessage): RequestContext | Promise<RequestContext> {
    const url = request.url ?? ''
    const { headers } = request
    if (url.length > MAX_URL_LENGTH) throw addressTooLong(MAX_URL_LENGTH)
    if (!isPlainPath(url)) throw addressAmbiguous()
    const tenant = headers.host !== undefined && countHosts(request.rawHeaders) === 1 ? this.#ports.tenantByHost(headers.host) : undefined
    if (tenant === undefined) throw hostUnknown()

    const locale = localeInQuery(url) ?? localeOf(headers.cookie, headers['accept-language'])
    const from = headers['traceparent']
    const came = typeof from === 'string' ? from : undefined
    const trace = { traceparent: this.#traces(came), tracestate: came === undefined ? undefined : tracestateOf(came, headers['tracestate']?.toString()) }
    const principal = this.#ports.authenticate(request, tenant)
    if (principal instanceof Promise) return principal.then((found) => new RequestContext(tenant, found, locale, trace))
    return new RequestContext(tenant, principal, locale, trace)
  }

  /** Sends the page that is ready, or hands the request on to who makes the answer. */
  #answer(request: IncomingMessage, response: ServerResponse, exchange: Exchange, context: RequestContext): void {
    setRequestContext(request, context)
    const { method, url = '' } = request
    // A query may ask for a language, to be remembered.
    const page = method === 'GET' && !url.startsWith('/apps/') && !url.includes('?') ? this.#ports.readyPage?.(request, url, context) : undefined
    if (page !== undefined) {
      sendReadyPage(response, context, page)
      return
    }
    setSecurityHeaders(response)
    const asked = localeInQuery(url)
    if (asked !== undefined) addCookie(response, stringifySetCookie({ name: 'lang', value: asked, path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax', httpOnly: true, secure: this.#ports.secureCookies }))
    response.setHeader('traceparent', context.traceparent)
    response.setHeader('Cache-Control', cacheControlFor(context))
    this.#dispatch(request, response, exchange)
  }

  #dispatch(request: IncomingMessage, response: ServerResponse, exchange: Exchange): void {
    const url = request.url ?? ''
    const path = pluginPathOf(url)
    const context = findRequestContext(request)
    // Coming and going is always allowed: whoever may only look can still log out.
    if (context?.principal.readOnly === true && request.method !== 'GET' && request.method !== 'HEAD' && !pathOf(url).startsWith('/auth/')) throw readOnly()
    const release = path === undefined || context === undefined ? undefined : this.#ports.releaseAt(context.tenant, path)
    if (release === undefined || context === undefined) {
      this.#kernel.routing(request, response)
      return
    }
    const passage = this.#ports.gates.enter(context.tenant.id, release.manifest.id)
    if (passage instanceof Promise) {
      passage.then((late) => this.#dispatchAgain(request, response, exchange, late)).catch((error: unknown) => { this.#fail(request, response, error) })
      return
    }
    exchange.passage = context.passage = passage
    const mounted = this.#mounted.get(release)
    if (mounted === undefined) throw unavailable('This application is starting or stopping.', 2)
    exchange.mounted = mounted
    mounted.inFlight.enter()
    mounted.instance.routing(request, response)
  }

  /** After a wait in front of a gate: another release may be behind it now, with other permissions. */
  async #dispatchAgain(request: IncomingMessage, response: ServerResponse, exchange: Exchange, late: Passage): Promise<void> {
    late.leave()
    const before = requestContext(request)
    const { tenant, locale } = before
    const principal = await this.#ports.authenticate(request, tenant)
    if (response.closed) return
    const context = new RequestContext(tenant, principal, locale, before)
    setRequestContext(request, context)
    response.setHeader('Cache-Control', cacheControlFor(context))
    this.#dispatch(request, response, exchange)
  }

  #closed(request: IncomingMessage, response: ServerResponse, exchange: Exchange): void {
    const context = findRequestContext(request)
    if (!response.writableFinished) context?.leave()
    const seconds = (performance.now() - exchange.startedAt) / 1000
    const { mounted } = exchange
    ;(mounted?.counts ?? this.#kernelCounts).add(response.statusCode, seconds)
    const { log, tracer } = this.#ports
    if (tracer !== undefined && context !== undefined) tracer.done(requestSpan(request, response, context, exchange))
    if (log.isLevelEnabled('debug')) {
      log.debug({
        method: request.method, path: pathOf(request.url ?? ''), status: response.statusCode, ms: Math.round(seconds * 1000), tenant: context?.tenant.info.slug,
        plugin: mounted?.release.manifest.id, release: mounted?.release.manifest.version, traceId: context && traceIdOf(context.traceparent), complete: response.writableFinished,
      }, 'request')
    }
    exchange.passage?.leave()
    mounted?.inFlight.leave()
    this.#inFlight.leave()
  }

  #fail(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
    answerFailure(this.#ports, request, thrown).then(({ status, headers, body }) => {
      if (response.headersSent) {
        response.destroy()
        return
      }
      setSecurityHeaders(response)
      response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(request.method === 'HEAD' ? undefined : body)
    }).catch((error: unknown) => {
      this.#ports.log.error({ err: error }, 'An answer about an error could not be sent.')
      response.destroy()
    })
  }
}

/** A request in its trace: below the caller's span where it came with one. */
function requestSpan({ method = '', url = '', headers: { traceparent: came } }: IncomingMessage, { statusCode }: ServerResponse, { tenant, traceparent }: RequestContext, { startedAt, mounted }: Exchange): DoneSpan {
  const plugin = mounted?.release.manifest.id
  return {
    name: `${method} ${plugin ?? 'kernel'}`, kind: 'server', traceparent, startedAt,
    parent: typeof came === 'string' && traceIdOf(came) === traceIdOf(traceparent) ? came : undefined,
    // The path without its query, which may hold what people typed.
    attributes: { 'http.request.method': method, 'http.response.status_code': statusCode, 'url.path': pathOf(url), 'liberacces.tenant': tenant.info.slug, 'liberacces.plugin': plugin, 'liberacces.release': mounted?.release.manifest.version },
    ...(statusCode >= 500 ? { error: { code: String(statusCode) } } : {}),
  }
}

/** Node takes the first of several; whoever stands in front of us may take the last. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count
}
