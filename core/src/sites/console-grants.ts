import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Choice } from '@liberacces/sdk'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { grantState } from '../delegation/grant.ts'
import { PlatformError } from '../errors.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { allowFormTo } from '../http/security-headers.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { POOL_ADMIN, TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import { ConsoleGrantsPage, type ConsoleGrantsPageProps } from '../pages/console-grants.tsx'
import { GrantEntryPage } from '../pages/grant-entry.tsx'
import { translator } from '../pages/translate.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { requirePermission } from './access.ts'
import { roleItems } from './admin-accounts.ts'
import { grantItems } from './grant-item.ts'
import { readForm, tryReadForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'

interface BySlug { Params: { slug: string } }
interface ById { Params: { id: string } }
const NoFields = Type.Object({})
const GrantForm = Type.Object({
  reason: Type.String({ minLength: 5, maxLength: 500 }),
  role: Type.String({ maxLength: 60 }),
  writes: Choice(['no', 'yes']),
  minutes: Type.Integer({ minimum: 15, maximum: 480 }),
})

/** From the console into a tenant: asking for a grant, entering by it, ending it. */
export function registerConsoleGrants(instance: FastifyInstance, services: SiteServices): void {
  instance.get<BySlug>('/collectivites/:slug/interventions', async (request, reply) => {
    const { context, tenant } = ask(request)
    return page(request, reply, context, tenant)
  })

  instance.post<BySlug>('/collectivites/:slug/interventions', async (request, reply) => {
    const { context, tenant } = ask(request)
    const t = translator(context.locale)
    const reading = tryReadForm(services, request, GrantForm, (key) => ({ 'field.reason': t('grants.reason') })[key])
    const values = Object.fromEntries(request.body as URLSearchParams)
    if (!reading.ok) return page(request, reply.code(422), context, tenant, { values, errors: reading.errors })
    const { reason, role, writes, minutes } = reading.data
    try {
      await services.grants.request({ tenantId: tenant.id, operatorId: context.principal.id, role, writes: writes === 'yes', minutes, reason }, actorOf(context))
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'GRANT_INVALID') throw error
      return page(request, reply.code(422), context, tenant, { values, errors: { reason: t('console.grants.invalid.advice') } })
    }
    return goOn(services, request, reply, `/collectivites/${tenant.info.slug}/interventions`, t('console.grants.done'))
  })

  instance.post<ById>('/interventions/:id/entrer', async (request, reply) => {
    const context = requireConsole(request)
    readForm(services, request, NoFields)
    const grant = await services.grants.get(request.params.id)
    const tenant = grant === undefined ? undefined : services.tenants.byId(grant.tenantId)
    if (grant === undefined || tenant === undefined) throw nothingHere()
    const { ticket } = await services.grants.ticket(grant.id, context.principal.id)
    const origin = originOf(services, tenant, request)
    // The ticket must not stay behind, and the other host sees where it comes from.
    allowFormTo(reply.raw, origin)
    return sendPage(services, request, reply.header('cache-control', 'no-store'), {
      area: 'console',
      title: translator(context.locale)('entry.title', { name: tenant.info.name }),
      body: jsx(GrantEntryPage, { tenantName: tenant.info.name, action: `${origin}/auth/intervention`, ticket, back: `/collectivites/${tenant.info.slug}/interventions` }),
    })
  })

  instance.post<ById>('/interventions/:id/terminer', async (request, reply) => {
    const context = requireConsole(request)
    readForm(services, request, NoFields)
    const grant = await services.grants.close(request.params.id, actorOf(context))
    const slug = services.tenants.byId(grant.tenantId)?.info.slug
    return goOn(services, request, reply, slug === undefined ? '/' : `/collectivites/${slug}/interventions`, translator(context.locale)('grants.closed'))
  })

  function requireConsole(request: FastifyRequest): RequestContext {
    const context = requestContext(request.raw)
    if (context.tenant.info.kind !== 'pool') throw nothingHere()
    requirePermission(context, TENANTS_MANAGE)
    return context
  }

  function ask(request: FastifyRequest<BySlug>): { context: RequestContext; tenant: Tenant } {
    const context = requireConsole(request)
    const tenant = services.tenants.bySlug(request.params.slug)
    if (tenant === undefined || tenant.info.kind === 'pool') throw nothingHere()
    return { context, tenant }
  }

  async function page(request: FastifyRequest, reply: FastifyReply, context: RequestContext, tenant: Tenant, form?: ConsoleGrantsPageProps['form']): Promise<FastifyReply> {
    const now = services.outside.now()
    const grants = await services.grants.list({ tenantId: tenant.id })
    const items = (await grantItems(services, context, grants)).map((item, index) => ({ ...item, mine: grants[index]?.operatorId === context.principal.id }))
    const isOver = (index: number): boolean => { const grant = grants[index]; return grant === undefined || grantState(grant, now) === 'over' }
    return sendPage(services, request, reply, {
      area: 'console',
      title: translator(context.locale)('console.grants', { name: tenant.info.name }),
      body: jsx(ConsoleGrantsPage, {
        tenant: { slug: tenant.info.slug, name: tenant.info.name },
        roles: (await roleItems(services, { tenant, locale: context.locale })).filter(({ id }) => id !== POOL_ADMIN),
        approvalRequired: await services.grants.approvalRequired(tenant.id),
        current: items.filter((_, index) => !isOver(index)),
        past: items.filter((_, index) => isOver(index)),
        ...(form === undefined ? {} : { form }),
      }),
    })
  }
}

/** Where a tenant answers, seen from the console: its own host, the console's port. */
function originOf(services: SiteServices, tenant: Tenant, request: FastifyRequest): string {
  const port = /:\d+$/.exec(request.headers.host ?? '')?.[0] ?? ''
  return `${services.secureCookies ? 'https' : 'http'}://${tenant.hosts[0] ?? ''}${port}`
}
