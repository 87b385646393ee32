import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from '@liberacces/sdk/host'
import { PlatformError } from '../../errors.ts'
import { safeNext } from '../next-path.ts'
import { requestContext, type RequestContext } from '../request-context.ts'
import type { EndpointSetup } from './endpoint-setup.ts'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/**
 * Who may come in, decided before a body is read. A person without a login is sent to it from pages and told 401 by the API;
 * one without the permission is told 403. Throws, as a hook of the server may.
 */
export function admission({ release, ports }: EndpointSetup, endpoint: Endpoint) {
  const permission = endpoint.permission === undefined ? undefined : `${release.manifest.id}/${endpoint.permission}`
  const open = permission === undefined && endpoint.audience === 'public'
  const isPage = endpoint.kind !== 'route'

  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const context = requestContext(request.raw)
    const { principal } = context
    if (!open && (permission === undefined || !principal.permissions.has(permission))) {
      if (principal.kind === 'anonymous' && isPage) {
        const wanted = request.method === 'POST' && endpoint.kind === 'action' ? refererPath(request) : (request.raw.url ?? '/')
        void reply.code(303).header('location', `/auth/login?next=${encodeURIComponent(safeNext(wanted))}`).send()
        return
      }
      throw principal.kind === 'anonymous' ? loginNeeded() : notAllowed()
    }
    // A form's token is among its fields: forms and actions are checked when those have been read.
    if (!isPage && !SAFE_METHODS.has(request.method)) {
      const header = request.headers['x-csrf-token']
      checkForgery(ports.csrf, request, context, typeof header === 'string' ? header : undefined)
    }
    done()
  }
}

/**
 * Refuses what another site made a browser send. Only a cookie is sent by a browser on its own.
 * @throws PlatformError `CSRF_REFUSED`
 */
export function checkForgery(csrf: EndpointSetup['ports']['csrf'], request: FastifyRequest, { principal }: RequestContext, token: string | undefined): void {
  if (principal.via === 'cookie' && !csrf.check(request.raw, principal, token)) {
    throw new PlatformError('CSRF_REFUSED', 'This request does not prove that it comes from our own page.', { fix: 'Open the page again and send it from there.' })
  }
}

function loginNeeded(): PlatformError {
  return new PlatformError('AUTH_REQUIRED', 'This needs a login.', { fix: 'Log in, or send an API token as "Authorization: Bearer …".' })
}

function notAllowed(): PlatformError {
  return new PlatformError('PERMISSION_DENIED', 'You do not have the permission this needs.', { fix: 'Ask an administrator of your organisation for it.' })
}

/** An action has no page of its own to come back to: the one with its button is. */
function refererPath(request: FastifyRequest): string {
  const { referer, host } = request.headers
  if (referer === undefined || !URL.canParse(referer)) return '/'
  const url = new URL(referer)
  return url.host === host ? url.pathname + url.search : '/'
}
