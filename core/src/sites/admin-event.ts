import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { EventFacts } from '../events/desk/event-view.ts'
import { traceIdOf } from '../http/traceparent.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { nothingHere } from '../http/refusal.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { EVENTS_MANAGE, EVENTS_READ } from '../identity/kernel-permissions.ts'
import { MAIL_EVENT } from '../mail/stored-mail.ts'
import { AdminEventPage } from '../pages/admin-event.tsx'
import { EVENTS_PATH } from '../pages/admin-events.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { deliveryItem, eventHref, treeItem } from './event-item.ts'
import { pluginTitle } from './plugin-title.ts'
import { textOf } from './query-text.ts'
import { readForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'

type Query = Readonly<Record<string, unknown>>
const NoFields = Type.Object({})
const PATH = `${EVENTS_PATH}/evenement`

/** One event: where it went, what it set off, what it says, and what can be done about it. */
export function registerAdminEvent(instance: FastifyInstance, services: SiteServices): void {
  instance.get<{ Querystring: Query }>(PATH, async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, EVENTS_MANAGE)
    const { tenant, locale, principal } = context
    const event = await eventOf(request, context)
    const tree = await services.eventRecords.tree(tenant.id, event.id)
    if (tree === undefined) throw nothingHere()
    const { subject, dueAt, traceId } = event
    const content = textOf(request.query['contenu']) === '' ? undefined : await read(context, event)
    return sendPage(services, request, reply, {
      area: 'admin',
      title: translator(locale)('event.title'),
      body: jsx(AdminEventPage, {
        event: {
          id: event.id, type: event.type, state: event.state, at: new Date(event.time).toISOString(),
          source: `${pluginTitle(services, event.source, locale)}${event.release === undefined ? '' : ` ${event.release}`}`,
          ...(subject === undefined ? {} : { subject }),
          ...(dueAt === undefined ? {} : { dueAt: new Date(dueAt).toISOString() }),
          ...(traceId === undefined ? {} : { traceId }),
        },
        deliveries: event.deliveries.map((delivery) => deliveryItem(services, context, event, delivery, isListening(context, event, delivery.subscriber, delivery.handler))),
        tree: treeItem(services, context, tree.root),
        isRootLost: tree.isRootLost,
        isCut: tree.isCut,
        mayRead: principal.permissions.has(EVENTS_READ),
        ...(content === undefined ? {} : { content }),
      }),
    })
  })

  for (const [path, again] of [['retenter', false], ['rejouer', true]] as const) {
    instance.post<{ Querystring: Query }>(`${PATH}/${path}`, async (request, reply) => {
      const { context, event, plugin, handler } = await ask(request)
      const outcome = await services.events.replay(context.tenant.id, event.id, { pluginId: plugin, handlerId: handler, again })
      const deliveries = (outcome?.queued ?? 0) + (outcome?.underWay ?? 0)
      await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: 'event.replayed', target: event.id, detail: { plugin, handler, deliveries, again }, traceId: traceIdOf(context.traceparent) })
      return goOn(services, request, reply, eventHref(event.id), translator(context.locale)('events.replayed', { count: deliveries }))
    })
  }

  instance.post<{ Querystring: Query }>(`${PATH}/abandonner`, async (request, reply) => {
    const { context, event, plugin, handler } = await ask(request)
    const count = await services.eventRecords.discard(context.tenant.id, { plugin, handler, eventId: event.id })
    await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: 'event.dead-letters-discarded', target: event.id, detail: { plugin, handler, deliveries: count } })
    return goOn(services, request, reply, eventHref(event.id), translator(context.locale)('events.discarded', { count }))
  })

  async function eventOf(request: FastifyRequest<{ Querystring: Query }>, { tenant }: RequestContext): Promise<EventFacts> {
    const event = await services.eventRecords.find(tenant.id, textOf(request.query['id']))
    if (event === undefined) throw nothingHere()
    return event
  }

  async function ask(request: FastifyRequest<{ Querystring: Query }>) {
    const context = requestContext(request.raw)
    requirePermission(context, EVENTS_MANAGE)
    readForm(services, request, NoFields)
    return { context, event: await eventOf(request, context), plugin: textOf(request.query['plugin']), handler: textOf(request.query['handler']) }
  }

  /** What an event says, noted in the audit trail first. */
  async function read(context: RequestContext, event: EventFacts): Promise<string> {
    requirePermission(context, EVENTS_READ)
    await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: 'event.read', target: event.id, detail: { type: event.type }, traceId: traceIdOf(context.traceparent) })
    const found = await services.eventRecords.content(context.tenant.id, event.id)
    return JSON.stringify(found?.data ?? null, null, 2)
  }

  function isListening({ tenant }: RequestContext, { type }: EventFacts, subscriber: string, handler: string): boolean {
    return type === MAIL_EVENT || (services.installations.modules(tenant.id).subscriptions.get(type) ?? []).some(({ pluginId, handlerId }) => pluginId === subscriber && handlerId === handler)
  }
}
