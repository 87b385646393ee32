import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { EventQuery } from '../events/desk/event-search.ts'
import { requestContext } from '../http/request-context.ts'
import { nothingHere } from '../http/refusal.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { EVENTS_MANAGE } from '../identity/kernel-permissions.ts'
import { AdminEventsPage, EVENTS_PATH, STATES, type EventFilter } from '../pages/admin-events.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { eventItem, receiverTitle } from './event-item.ts'
import { pluginTitle } from './plugin-title.ts'
import { textOf } from './query-text.ts'
import { readForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'
import { startOfDay } from './start-of-day.ts'

type Query = Readonly<Record<string, unknown>>
const NoFields = Type.Object({})
const PAGE = 50

/** The events of a tenant: those that need somebody, and a search. */
export function registerAdminEvents(instance: FastifyInstance, services: SiteServices): void {
  instance.get<{ Querystring: Query }>(EVENTS_PATH, async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, EVENTS_MANAGE)
    const { tenant, locale } = context
    const filter: EventFilter = { q: textOf(request.query['q']).trim(), plugin: textOf(request.query['plugin']), state: textOf(request.query['state']), from: textOf(request.query['from']), to: textOf(request.query['to']) }
    const cursor = textOf(request.query['suite'])
    const page = await services.eventRecords.search(tenant.id, { ...queryOf(filter), limit: PAGE, ...(cursor === '' ? {} : { cursor }) })
    const address = (more: Readonly<Record<string, string>>): string => `${EVENTS_PATH}?${new URLSearchParams({ ...filter, ...more })}`
    const groups = await services.eventRecords.deadLetters(tenant.id)
    return sendPage(services, request, reply, {
      area: 'admin',
      title: translator(locale)('admin.menu.events'),
      body: jsx(AdminEventsPage, {
        deadLetters: groups.map(({ subscriber, handler, count, until, lastError }) => {
          const query = new URLSearchParams({ plugin: subscriber, handler })
          return {
            plugin: receiverTitle(services, subscriber, locale), handler, count, at: new Date(until).toISOString(), list: `${EVENTS_PATH}?${new URLSearchParams({ plugin: subscriber, state: 'dead' })}`,
            retry: `${EVENTS_PATH}/echecs/retenter?${query}`, discard: `${EVENTS_PATH}/echecs/abandonner?${query}`,
            ...(lastError === undefined ? {} : { error: lastError }),
          }
        }),
        events: page.events.map((event) => eventItem(services, context, event)),
        filter,
        plugins: pluginsOf(services, context),
        ...(page.next === undefined ? {} : { older: address({ suite: page.next }) }),
        ...(cursor === '' ? {} : { first: address({}) }),
        ...(page.searchedBackTo === undefined ? {} : { searchedBackTo: new Date(page.searchedBackTo).toISOString() }),
      }),
    })
  })

  instance.post<{ Querystring: Query }>(`${EVENTS_PATH}/echecs/retenter`, async (request, reply) => {
    const { context, plugin, handler } = ask(request)
    const selection = { only: 'dead' as const, plugin, handler, again: false }
    const { queued } = await services.replays.preview(context.tenant.id, selection)
    if (queued > 0) await services.replays.begin(context.tenant.id, selection, actorOf(context))
    await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: 'event.dead-letters-retried', target: plugin, detail: { handler, deliveries: queued } })
    return goOn(services, request, reply, EVENTS_PATH, translator(context.locale)('events.retried', { count: queued }))
  })

  instance.post<{ Querystring: Query }>(`${EVENTS_PATH}/echecs/abandonner`, async (request, reply) => {
    const { context, plugin, handler } = ask(request)
    const count = await services.eventRecords.discard(context.tenant.id, { plugin, handler })
    await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: 'event.dead-letters-discarded', target: plugin, detail: { handler, deliveries: count } })
    return goOn(services, request, reply, EVENTS_PATH, translator(context.locale)('events.discarded', { count }))
  })

  function ask(request: FastifyRequest<{ Querystring: Query }>) {
    const context = requestContext(request.raw)
    requirePermission(context, EVENTS_MANAGE)
    readForm(services, request, NoFields)
    const [plugin, handler] = [textOf(request.query['plugin']), textOf(request.query['handler'])]
    if (plugin === '' || handler === '') throw nothingHere()
    return { context, plugin, handler }
  }
}

/** The form as a search: an id or a trace is told by its looks. */
function queryOf({ q, plugin, state, from, to }: EventFilter): Omit<EventQuery, 'limit'> {
  const known = STATES.find((one) => one === state)
  const [since, until] = [startOfDay(from), startOfDay(to, 1)]
  return {
    ...(q === '' ? {} : /^[0-9a-f]{32}$/.test(q) ? { traceId: q } : /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(q) ? { id: q } : { text: q }),
    ...(plugin === '' ? {} : { plugin }),
    ...(known === undefined ? {} : { state: known }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  }
}

/** Plugins that a tenant uses, by what people call them. */
function pluginsOf(services: SiteServices, { tenant, locale }: ReturnType<typeof requestContext>): readonly { readonly id: string; readonly title: string }[] {
  return services.installations.modules(tenant.id).releases.map(({ manifest: { id } }) => ({ id, title: pluginTitle(services, id, locale) })).toSorted((a, b) => a.title.localeCompare(b.title, locale))
}
