import { Type } from '@liberacces/sdk'
import { requestById } from '../requests.ts'
import type { StreetPermitRegistrar } from '../street-permit-types.ts'

/** The uploaded plans: agents read all of them, citizens their own. */
export function registerPlans(k: StreetPermitRegistrar): void {
  k.route({
    method: 'GET', path: '/gestion/demandes/:id/plan', audience: 'agent', permission: 'request.read', summary: 'The plan that came with a request', response: { 200: Type.String({ contentMediaType: 'application/octet-stream' }) },
  }, async (c, { params }) => {
    const request = await requestById(c.db, params['id'] ?? '')
    return request === undefined || request.plan_id === null ? c.notFound() : c.file(request.plan_id, { disposition: 'attachment' })
  })

  k.route({
    method: 'GET', path: '/mes-demandes/:id/plan', audience: 'citizen', permission: 'request.send', summary: 'The plan that came with a request of one’s own', response: { 200: Type.String({ contentMediaType: 'application/octet-stream' }) },
  }, async (c, { params }) => {
    const request = await requestById(c.db, params['id'] ?? '')
    return request === undefined || request.plan_id === null || request.applicant_id !== c.actor.id ? c.notFound() : c.file(request.plan_id, { disposition: 'attachment' })
  })
}
