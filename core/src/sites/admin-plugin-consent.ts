import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { PluginConsent } from '../consent/consent-desk.ts'
import { scopeText } from '../consent/scope-text.ts'
import { sendNotice } from '../http/notice-cookie.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { MODULES_MANAGE } from '../identity/kernel-permissions.ts'
import { textIn } from '../localized-text.ts'
import { AdminPluginConsentPage } from '../pages/admin-plugin-consent.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { readForm } from './read-form.ts'
import type { SiteServices } from './site-services.ts'

interface ById { Params: { id: string } }
const ConsentForm = Type.Object({ accept: Type.Array(Type.String({ maxLength: 300 })) })

/** What a plugin may do at a tenant, and the administrator's mind about what is optional. */
export function registerAdminPluginConsent(instance: FastifyInstance, services: SiteServices): void {
  const find = async (context: RequestContext, id: string): Promise<PluginConsent> => {
    requirePermission(context, MODULES_MANAGE)
    const plugin = (await services.consentDesk.list(context.tenant.id)).find(({ pluginId }) => pluginId === id)
    if (plugin === undefined) throw nothingHere()
    return plugin
  }

  instance.get<ById>('/admin/modules/:id/autorisations', async (request, reply) => {
    const context = requestContext(request.raw)
    const { pluginId, title, scopes, waiting } = await find(context, request.params.id)
    const t = translator(context.locale)
    const plugin = { id: pluginId, title: textIn(context.locale, title) }
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: t('consent.title', { title: plugin.title }),
      body: jsx(AdminPluginConsentPage, {
        plugin,
        scopes: scopes.map(({ scope, without, decision }) => ({
          scope, what: scopeText(scope, t), granted: decision?.decision === 'granted',
          ...(without === undefined ? {} : { without: textIn(context.locale, without) }),
          ...(decision === undefined ? {} : { decided: { at: new Date(decision.at).toISOString(), by: decision.by.name } }),
        })),
        ...(waiting === undefined ? {} : { waiting: { version: waiting.version, since: new Date(waiting.since).toISOString() } }),
      }),
    }))
  })

  instance.post<ById>('/admin/modules/:id/autorisations', async (request, reply) => {
    const context = requestContext(request.raw)
    const { pluginId, title, scopes } = await find(context, request.params.id)
    const { accept } = readForm(services, request, ConsentForm)
    const optional = scopes.filter(({ without }) => without !== undefined).map(({ scope }) => scope)
    await services.consentDesk.decide(context.tenant.id, pluginId, { accept: optional.filter((scope) => accept.includes(scope)), refuse: optional.filter((scope) => !accept.includes(scope)) }, actorOf(context))
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('consent.saved', { title: textIn(context.locale, title) }))
    return reply.code(303).header('location', `/admin/modules/${pluginId}/autorisations`).send()
  })
}
