import { jsx } from '@liberacces/sdk/jsx-runtime'
import type { FastifyInstance } from 'fastify'
import { nothingHere } from '../http/refusal.ts'
import { requestContext } from '../http/request-context.ts'
import { TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import { ConsoleEventsPage } from '../pages/console-events.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { receiverTitle } from './event-item.ts'
import { sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'

/**
 * What an operator of the Pool sees of a tenant's events without having been let in: how many could not be delivered, to whom. No event, no error
 * text and nothing to press: those are on the tenant's own pages, for whoever it has let in.
 */
export function registerConsoleEvents(instance: FastifyInstance, services: SiteServices): void {
  instance.get<{ Params: { slug: string } }>('/collectivites/:slug/evenements', async (request, reply) => {
    const context = requestContext(request.raw)
    if (context.tenant.info.kind !== 'pool') throw nothingHere()
    requirePermission(context, TENANTS_MANAGE)
    const tenant = services.tenants.bySlug(request.params.slug)
    if (tenant === undefined) throw nothingHere()
    const groups = await services.eventRecords.deadLetters(tenant.id)
    return sendPage(services, request, reply, {
      area: 'console',
      title: translator(context.locale)('console.events.title', { name: tenant.info.name }),
      body: jsx(ConsoleEventsPage, {
        tenant: { slug: tenant.info.slug, name: tenant.info.name },
        deadLetters: groups.map(({ subscriber, handler, count, since, until }) => ({
          plugin: receiverTitle(services, subscriber, context.locale), handler, count, since: new Date(since).toISOString(), until: new Date(until).toISOString(),
        })),
        hasGrant: services.grants.openOn(tenant.id).some(({ operatorId }) => operatorId === context.principal.id),
      }),
    })
  })
}
