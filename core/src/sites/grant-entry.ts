import { Type } from '@sinclair/typebox'
import { parseCookie } from 'cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PlatformError } from '../errors.ts'
import { nothingHere } from '../http/refusal.ts'
import { addCookie, requestContext } from '../http/request-context.ts'
import { ACCOUNTS_MANAGE, BUREAU_OPEN } from '../identity/kernel-permissions.ts'
import { SESSION_COOKIE } from '../identity/session-cookie.ts'
import { fits } from '../validation.ts'
import { sessionCookie } from './session-cookie.ts'
import type { SiteServices } from './site-services.ts'

const TicketForm = Type.Object({ ticket: Type.String({ maxLength: 200 }) })

/** Where an operator arrives from the console: trades the ticket for a session that ends with the grant. Leads to our own pages alone. */
export function registerGrantEntry(instance: FastifyInstance, services: SiteServices): void {
  instance.post('/auth/intervention', async (request, reply) => {
    const { tenant } = requestContext(request.raw)
    if (tenant.info.kind === 'pool') throw nothingHere()
    const fields: unknown = request.body instanceof URLSearchParams ? Object.fromEntries(request.body) : undefined
    if (!comesFromConsole(services, request) || !fits(TicketForm, fields)) {
      throw new PlatformError('CSRF_REFUSED', 'This does not come from the console of the Pool.', { fix: 'Open the console and enter from there.' })
    }
    const previousToken = parseCookie(request.headers.cookie ?? '')[SESSION_COOKIE]
    const { token, expiresAt } = await services.grants.enter(fields.ticket, tenant, previousToken)
    addCookie(reply.raw, sessionCookie(services, token, Math.ceil((expiresAt - services.outside.now()) / 1000)))
    const principal = await services.sessions.resolve(token, tenant)
    const to = principal?.permissions.has(ACCOUNTS_MANAGE) === true ? '/admin' : principal?.permissions.has(BUREAU_OPEN) === true ? '/bureau' : '/'
    return reply.code(303).header('location', to).send()
  })
}

/** The ticket proves who enters; this, that it was the operator's own click: nobody's page can put another into a session unawares. */
function comesFromConsole({ tenants, secureCookies }: SiteServices, { headers }: FastifyRequest): boolean {
  const origin = URL.parse(headers.origin ?? '')
  // On an open line anybody can be the console.
  return origin !== null && (!secureCookies || origin.protocol === 'https:') && tenants.byHost(origin.host)?.info.kind === 'pool'
}
