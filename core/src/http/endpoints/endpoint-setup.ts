import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '@liberacces/sdk'
import type { Endpoint } from '@liberacces/sdk/host'
import type { LoadedRelease } from '../../runtime/release.ts'
import type { Call } from '../../runtime/runtime.ts'
import type { RequestContext } from '../request-context.ts'
import { requestContext } from '../request-context.ts'
import type { FrontPorts } from '../front-ports.ts'

/** What each endpoint of one release is registered with. */
export interface EndpointSetup {
  readonly instance: FastifyInstance
  readonly release: LoadedRelease
  readonly ports: FrontPorts
}

/** Address of an endpoint on its instance: `/apps/<plugin path><own path>`. */
function addressOf({ release }: Pick<EndpointSetup, 'release'>, path: string): string {
  return `/apps/${release.manifest.path}${path}`
}

/** The methods an endpoint takes; HEAD comes with GET. */
export function methodsOf(endpoint: Endpoint): readonly string[] {
  switch (endpoint.kind) {
    case 'route': return [endpoint.method]
    case 'page': return ['GET']
    case 'form': return ['GET', 'POST']
    case 'action': return ['POST']
    default: return endpoint satisfies never
  }
}

/** An endpoint as people name it, for blame: `route GET /articles/:id`. */
export function nameOf(endpoint: Endpoint): string {
  return `${endpoint.kind} ${methodsOf(endpoint).join('/')} ${endpoint.path}`
}

/** How calls to an endpoint's handler are limited and blamed. */
export function callOf({ release }: Pick<EndpointSetup, 'release'>, endpoint: Endpoint): Call {
  const own = endpoint.kind === 'route' ? endpoint.timeoutMs : undefined
  return { what: nameOf(endpoint), limitMs: own ?? release.manifest.limits.callMs }
}

/** A handler's function, as one that takes what the kernel has. */
export type AnyHandler = (c: Context, ...input: readonly unknown[]) => unknown

/** Adds an address to the instance; a plugin's own `/` is there with and without the slash. */
export function addAddress(
  { instance, release }: EndpointSetup,
  method: string,
  path: string,
  onRequest: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void,
  handler: (request: FastifyRequest, reply: FastifyReply, context: RequestContext) => Promise<unknown>,
): void {
  const run = (request: FastifyRequest, reply: FastifyReply) => handler(request, reply, requestContext(request.raw))
  const url = addressOf({ release }, path)
  for (const each of path === '/' ? [url, url.slice(0, -1)] : [url]) instance.route({ method, url: each, onRequest, handler: run })
}
