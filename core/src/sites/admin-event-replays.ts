import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PlatformError } from '../errors.ts'
import type { ReplaySelection } from '../events/desk/replay-selection.ts'
import type { Replay } from '../events/desk/replays.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { EVENTS_MANAGE } from '../identity/kernel-permissions.ts'
import { AdminEventReplaysPage, type ReplayForm, type ReplayItem } from '../pages/admin-event-replays.tsx'
import { EVENTS_PATH } from '../pages/admin-events.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { receiverTitle } from './event-item.ts'
import { pluginTitle } from './plugin-title.ts'
import { textOf } from './query-text.ts'
import { readForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'
import { startOfDay } from './start-of-day.ts'

type Query = Readonly<Record<string, unknown>>
const PATH = `${EVENTS_PATH}/rejouer`
const NoFields = Type.Object({})
const Text = Type.Optional(Type.String({ maxLength: 500 }))
const Form = Type.Object({ from: Text, to: Text, type: Text, receiver: Text, again: Text })
const LATEST = 20

/** Replays of a tenant's events: asked for, counted, followed, stopped. */
export function registerAdminEventReplays(instance: FastifyInstance, services: SiteServices): void {
  instance.get<{ Querystring: Query }>(PATH, (request, reply) => page(request, reply, formOf((name) => textOf(request.query[name])), textOf(request.query['from']) !== ''))

  instance.post(PATH, async (request, reply) => {
    const context = ask(request)
    const sent = readForm(services, request, Form)
    const form = formOf((name) => sent[name] ?? '')
    const t = translator(context.locale)
    const selection = selectionOf(form)
    if (selection === undefined) return page(request, reply.code(422), form, true)
    try {
      const replay = await services.replays.begin(context.tenant.id, selection, actorOf(context))
      await services.audit.record({
        tenantId: context.tenant.id, actor: actorOf(context), action: 'event.replayed', target: replay.id,
        detail: { events: replay.total, again: form.again, from: form.from, to: form.to, type: form.type, plugin: selection.plugin ?? '', handler: selection.handler ?? '' },
      })
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'REPLAY_INVALID') throw error
      return page(request, reply.code(422), form, true)
    }
    return goOn(services, request, reply, PATH, t('events.replay.begun'))
  })

  for (const [path, action, notice] of [['arreter', 'event.replay-stopped', 'events.replay.stopped'], ['continuer', 'event.replay-resumed', 'events.replay.resumed']] as const) {
    instance.post<{ Params: { id: string } }>(`${PATH}/:id/${path}`, async (request, reply) => {
      const context = ask(request)
      readForm(services, request, NoFields)
      const { id } = request.params
      if (await services.replays.find(context.tenant.id, id) === undefined) throw nothingHere()
      const isDone = path === 'arreter' ? await services.replays.stop(context.tenant.id, id) : await services.replays.resume(context.tenant.id, id)
      if (isDone) await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action, target: id })
      return goOn(services, request, reply, PATH, translator(context.locale)(isDone ? notice : 'events.replay.over'))
    })
  }

  function ask(request: FastifyRequest): RequestContext {
    const context = requestContext(request.raw)
    requirePermission(context, EVENTS_MANAGE)
    return context
  }

  async function page(request: FastifyRequest, reply: FastifyReply, form: ReplayForm, isAsked: boolean): Promise<FastifyReply> {
    const context = ask(request)
    const { tenant, locale } = context
    const t = translator(locale)
    const selection = isAsked ? selectionOf(form) : undefined
    let preview: Awaited<ReturnType<typeof services.replays.preview>> | undefined
    let error = isAsked && selection === undefined ? t('events.replay.invalid') : undefined
    if (selection !== undefined) {
      try {
        preview = await services.replays.preview(tenant.id, selection)
      } catch (cause) {
        if (!(cause instanceof PlatformError) || cause.code !== 'REPLAY_INVALID') throw cause
        error = t('events.replay.invalid')
      }
    }
    const { releases } = services.installations.modules(tenant.id)
    return sendPage(services, request, reply, {
      area: 'admin',
      title: t('events.replay.title'),
      body: jsx(AdminEventReplaysPage, {
        form,
        receivers: releases.flatMap(({ manifest: { id }, registrations: { handlers } }) => handlers.map((handler) => ({ value: `${id} ${handler.id}`, label: `${pluginTitle(services, id, locale)}, ${handler.id}` }))).toSorted((a, b) => a.label.localeCompare(b.label, locale)),
        types: [...new Set(releases.flatMap(({ plugin }) => (plugin.emits ?? []).map(({ id }) => id)))].toSorted((a, b) => a.localeCompare(b)),
        replays: (await services.replays.list(tenant.id, LATEST)).map((replay) => itemOf(context, replay)),
        ...(error === undefined ? {} : { error }),
        ...(preview === undefined ? {} : { preview }),
      }),
    })
  }

  function itemOf({ locale }: RequestContext, { id, selection, by, startedAt, state, counts, total, error }: Replay): ReplayItem {
    const t = translator(locale)
    const { from, to, types, plugin, handler, only, again, ids } = selection
    const day = (at: number): string => new Date(at).toLocaleString(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' })
    const what = [
      only === 'dead' ? t('events.replay.what.dead') : ids !== undefined ? t('events.replay.what.ids', { count: ids.length }) : t('events.replay.what.from', { from: day(from ?? 0), to: day(to ?? startedAt) }),
      ...(types === undefined ? [] : [types.join(', ')]),
      ...(plugin === undefined ? [] : [t('events.replay.what.receiver', { receiver: `${receiverTitle(services, plugin, locale)}${handler === undefined ? '' : ` (${handler})`}` })]),
      ...(again ? [t('events.replay.what.again')] : []),
    ].join(', ')
    return { id, what, by: by.name, at: new Date(startedAt).toISOString(), state, counts, total, ...(error === undefined ? {} : { error }) }
  }
}

function formOf(read: (name: keyof typeof Form.properties) => string): ReplayForm {
  return { from: read('from'), to: read('to'), type: read('type'), receiver: read('receiver'), again: read('again') !== '' }
}

/** `undefined` where the days are none, or the wrong way round. */
function selectionOf({ from, to, type, receiver, again }: ReplayForm): ReplaySelection | undefined {
  const [since, until] = [startOfDay(from), startOfDay(to, 1)]
  if (since === undefined || (to !== '' && (until === undefined || until <= since))) return undefined
  const space = receiver.indexOf(' ')
  return {
    from: since, again,
    ...(until === undefined ? {} : { to: until }),
    ...(type === '' ? {} : { types: [type] }),
    ...(space < 1 ? {} : { plugin: receiver.slice(0, space), handler: receiver.slice(space + 1) }),
  }
}
