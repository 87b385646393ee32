import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { EVENTS_MANAGE, KERNEL_ID, SETTINGS_MANAGE } from '../identity/kernel-permissions.ts'
import { AdminEventRetentionPage } from '../pages/admin-event-retention.tsx'
import { EVENTS_PATH } from '../pages/admin-events.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { pluginTitle } from './plugin-title.ts'
import { tryReadForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'

const PATH = `${EVENTS_PATH}/conservation`
const Days = Type.Integer({ minimum: 1, maximum: 3_650 })
const Form = Type.Object({ eventDays: Days, deadLetterDays: Days })

/** How long a tenant keeps events: everyone who looks after events sees it, who changes settings decides. */
export function registerAdminEventRetention(instance: FastifyInstance, services: SiteServices): void {
  instance.get(PATH, async (request, reply) => {
    const { tenant } = requestContext(request.raw)
    const { eventDays, deadLetterDays } = await services.settings.kernel(tenant.id)
    return page(request, reply, { eventDays: String(eventDays), deadLetterDays: String(deadLetterDays) }, {})
  })

  instance.post(PATH, async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, SETTINGS_MANAGE)
    const { tenant, locale } = context
    const t = translator(locale)
    const reading = tryReadForm(services, request, Form, (key) => (key === 'eventDays' || key === 'deadLetterDays' ? t(`events.kept.${key}`) : undefined))
    if (!reading.ok) {
      const typed = request.body as URLSearchParams
      return page(request, reply.code(422), { eventDays: typed.get('eventDays') ?? '', deadLetterDays: typed.get('deadLetterDays') ?? '' }, reading.errors)
    }
    await services.settings.set(tenant.id, KERNEL_ID, { ...await services.settings.kernel(tenant.id), ...reading.data }, actorOf(context), locale)
    return goOn(services, request, reply, PATH, t('settings.saved'))
  })

  function page(request: FastifyRequest, reply: FastifyReply, values: { readonly eventDays: string; readonly deadLetterDays: string }, errors: Readonly<Record<string, string>>): FastifyReply {
    const context = requestContext(request.raw)
    requirePermission(context, EVENTS_MANAGE)
    const { releases } = services.installations.modules(context.tenant.id)
    return sendPage(services, request, reply, {
      area: 'admin',
      title: translator(context.locale)('events.kept.title'),
      body: jsx(AdminEventRetentionPage, {
        values, errors,
        own: releases.flatMap(({ manifest: { id }, plugin }) => (plugin.emits ?? []).flatMap(({ id: type, retentionDays: days }) => (days === undefined ? [] : [{ type, days, plugin: pluginTitle(services, id, context.locale) }]))),
      }),
    })
  }
}
