import type { FastifyInstance } from 'fastify'
import { PlatformError } from '../errors.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext } from '../http/request-context.ts'
import { EVIDENCE_READ } from '../identity/kernel-permissions.ts'
import type { SiteServices } from './site-services.ts'

/** `GET /evidence.json` on the Pool's host: what the platform says of how it is run, for whoever has been given just that. */
export function registerEvidence(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/evidence.json', async (request, reply) => {
    const { tenant, principal } = requestContext(request.raw)
    if (tenant.info.kind !== 'pool') throw nothingHere()
    if (principal.kind === 'anonymous') throw new PlatformError('AUTH_REQUIRED', 'Evidence is for a token that may read it.', { fix: 'Send a token of an account with the permission.' })
    if (!principal.permissions.has(EVIDENCE_READ)) throw new PlatformError('PERMISSION_DENIED', 'You do not have the permission this needs.', { fix: `Ask for ${EVIDENCE_READ}.` })
    return reply.header('cache-control', 'no-store').type('application/json').send(JSON.stringify(await services.evidence()))
  })
}
