import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { grantState } from '../delegation/grant.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { ACCOUNTS_MANAGE } from '../identity/kernel-permissions.ts'
import { AdminGrantsPage } from '../pages/admin-grants.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { grantItems } from './grant-item.ts'
import { readForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'

interface ById { Params: { id: string } }
const NoFields = Type.Object({})
const PolicyForm = Type.Object({ approval: Type.Optional(Type.Literal('yes')) })
const HISTORY = 200

/** What a tenant sees of the Pool's operators, and decides about them. */
export function registerAdminGrants(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/admin/interventions', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { tenant, principal, locale } = context
    if (tenant.info.kind === 'pool') throw nothingHere()
    const now = services.outside.now()
    const grants = await services.grants.list({ tenantId: tenant.id, limit: HISTORY })
    const items = await grantItems(services, context, grants)
    const inState = (state: ReturnType<typeof grantState>) => items.filter((_, index) => { const grant = grants[index]; return grant !== undefined && grantState(grant, now) === state })
    return sendPage(services, request, reply, {
      area: 'admin',
      title: translator(locale)('admin.menu.grants'),
      body: jsx(AdminGrantsPage, {
        waiting: inState('requested'), open: inState('open'), past: inState('over'), approvalRequired: await services.grants.approvalRequired(tenant.id), canDecide: principal.entry === undefined,
      }),
    })
  })

  for (const [path, deed, said] of [['accepter', 'approve', 'grants.approved'], ['refuser', 'refuse', 'grants.refused']] as const) {
    instance.post<ById>(`/admin/interventions/:id/${path}`, async (request, reply) => {
      const context = requestContext(request.raw)
      requirePermission(context, ACCOUNTS_MANAGE)
      readForm(services, request, NoFields)
      await services.grants[deed](context.tenant.id, request.params.id, actorOf(context))
      return goOn(services, request, reply, '/admin/interventions', translator(context.locale)(said))
    })
  }

  instance.post<ById>('/admin/interventions/:id/terminer', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    readForm(services, request, NoFields)
    if ((await services.grants.get(request.params.id))?.tenantId !== context.tenant.id) throw nothingHere()
    await services.grants.close(request.params.id, actorOf(context))
    return goOn(services, request, reply, '/admin/interventions', translator(context.locale)('grants.closed'))
  })

  instance.post('/admin/interventions/accord', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { approval } = readForm(services, request, PolicyForm)
    await services.grants.requireApproval(context.tenant.id, approval === 'yes', actorOf(context))
    return goOn(services, request, reply, '/admin/interventions', translator(context.locale)('grants.policy.saved'))
  })
}
