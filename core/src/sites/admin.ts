import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { DeliveryView } from '../events/event-bus.ts'
import { sendNotice } from '../http/notice-cookie.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { nothingHere } from '../http/refusal.ts'
import { PlatformError } from '../errors.ts'
import { textIn } from '../localized-text.ts'
import { AdminAuditPage } from '../pages/admin-audit.tsx'
import { AdminEventsPage, type DeliveryItem } from '../pages/admin-events.tsx'
import { AdminHomePage } from '../pages/admin-home.tsx'
import { AdminRolesPage } from '../pages/admin-roles.tsx'
import { AdminSettingsPage } from '../pages/admin-settings.tsx'
import { translator } from '../pages/translate.ts'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { ACCOUNTS_MANAGE, AUDIT_READ, EVENTS_MANAGE, opensAdministration, requirePermission, SETTINGS_MANAGE } from './access.ts'
import { roleItems } from './admin-accounts.ts'
import { actorOf } from './audit-actor.ts'
import { framedAnswer } from './frame.ts'
import { readForm, tryReadForm } from './read-form.ts'
import type { SiteServices } from './site-services.ts'

const GrantsForm = Type.Object({ grant: Type.Array(Type.String({ maxLength: 300 })) })
const SettingsForm = Type.Object({ accent: Type.String({ pattern: '^#[0-9a-fA-F]{6}$' }), welcome: Type.Optional(Type.String({ maxLength: 5000 })), contact: Type.Optional(Type.String({ format: 'email' })) })
const NoFields = Type.Object({})
const LATEST = 50

/** The administration of a tenant besides accounts and plugins: home, roles, settings, audit trail, events. */
export function registerAdmin(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/admin', async (request, reply) => {
    const context = requestContext(request.raw)
    if (!opensAdministration(context.principal)) requirePermission(context, ACCOUNTS_MANAGE)
    const { tenant, locale } = context
    const installations = await services.installations.list(tenant.id)
    const { total } = await services.accounts.list(tenant.id, { limit: 1 })
    const dead = await services.events.list(tenant.id, { status: 'dead', limit: 500 })
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(locale)('admin.title'),
      body: jsx(AdminHomePage, {
        tenantName: tenant.info.name,
        accounts: total,
        plugins: { active: installations.filter((one) => one.state === 'active').length, total: new Set(services.catalogue.releases.map((release) => release.manifest.id)).size },
        deadLetters: dead.length,
        pluginProblems: installations.filter((one) => one.state === 'migration-failed' || one.state === 'degraded').map((one) => pluginTitle(services, one.pluginId, context)),
      }),
    }))
  })

  instance.get('/admin/roles', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { tenant, locale } = context
    const declared = services.roles.available(tenant.id)
    const plugins = [...new Set(declared.map(({ permission }) => permission.slice(0, permission.indexOf('/'))))]
    const roles = await roleItems(services, context)
    const grants = await Promise.all(roles.map(async ({ id }) => [...await services.roles.permissionsOf(tenant.id, [id])].map((permission) => `${id}|${permission}`)))
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(locale)('admin.menu.roles'),
      body: jsx(AdminRolesPage, {
        roles,
        plugins: plugins.map((id) => ({
          id,
          title: pluginTitle(services, id, context),
          permissions: declared.filter(({ permission }) => permission.startsWith(`${id}/`)).map(({ permission, title }) => ({ id: permission, title: textIn(locale, title) })),
        })),
        grants: grants.flat(),
      }),
    }))
  })

  instance.post('/admin/roles', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { grant } = readForm(services, request, GrantsForm)
    const wanted = new Set(grant)
    const available = services.roles.available(context.tenant.id).map(({ permission }) => permission)
    const decisions = (await roleItems(services, context)).flatMap(({ id: role }) => available.map((permission) => ({ role, permission, granted: wanted.has(`${role}|${permission}`) })))
    await services.roles.decide(context.tenant.id, decisions, actorOf(context))
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('roles.saved'))
    return reply.code(303).header('location', '/admin/roles').send()
  })

  instance.get('/admin/reglages', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, SETTINGS_MANAGE)
    const { accent, welcome, contact } = await services.settings.kernel(context.tenant.id)
    return reply.type('text/html; charset=utf-8').send(settingsPage(request, reply, { accent, welcome, contact }, {}))
  })

  instance.post('/admin/reglages', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, SETTINGS_MANAGE)
    const reading = tryReadForm(services, request, SettingsForm)
    const typed = request.body as URLSearchParams
    const values = { accent: typed.get('accent') ?? '', welcome: typed.get('welcome') ?? '', contact: typed.get('contact') ?? '' }
    if (!reading.ok) return reply.code(422).type('text/html; charset=utf-8').send(settingsPage(request, reply, values, reading.errors))
    try {
      const current = await services.settings.kernel(context.tenant.id)
      await services.settings.set(context.tenant.id, KERNEL_ID, { ...current, accent: reading.data.accent, welcome: reading.data.welcome ?? '', contact: reading.data.contact ?? '' }, actorOf(context), context.locale)
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'SETTING_INVALID') throw error
      return reply.code(422).type('text/html; charset=utf-8').send(settingsPage(request, reply, values, error.fields ?? {}))
    }
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('settings.saved'))
    return reply.code(303).header('location', '/admin/reglages').send()
  })

  instance.get<{ Querystring: { q?: string; from?: string; to?: string; before?: string } }>('/admin/journal', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, AUDIT_READ)
    const { q = '', from = '', to = '' } = request.query
    const records = await services.audit.list(context.tenant.id, { limit: 500 })
    const fromMs = Date.parse(from)
    const toMs = Date.parse(to) + 86_400_000
    const found = records.filter((record) =>
      `${record.actor.name} ${record.action} ${record.target}`.toLowerCase().includes(q.toLowerCase()) &&
      (Number.isNaN(fromMs) || record.at >= fromMs) && (Number.isNaN(toMs) || record.at < toMs))
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(context.locale)('admin.menu.audit'),
      body: jsx(AdminAuditPage, {
        entries: found.slice(0, 200).map((record) => ({
          id: String(record.id), at: new Date(record.at).toISOString(), actor: record.actor.name, action: record.action, target: record.target,
          ...(record.pluginId === undefined ? {} : { plugin: pluginTitle(services, record.pluginId, context) }),
          ...(record.detail === undefined ? {} : { detail: Object.entries(record.detail).map(([key, value]) => `${key} : ${value}`).join(', ') }),
        })),
        filter: { q, from, to },
      }),
    }))
  })

  instance.get('/admin/evenements', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, EVENTS_MANAGE)
    const dead = await services.events.list(context.tenant.id, { status: 'dead', limit: LATEST })
    const recent = await services.events.list(context.tenant.id, { limit: LATEST })
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(context.locale)('admin.menu.events'),
      body: jsx(AdminEventsPage, { deadLetters: dead.map((delivery) => deliveryItem(services, delivery, context)), recent: recent.filter((one) => one.status !== 'unsubscribed').map((delivery) => deliveryItem(services, delivery, context)) }),
    }))
  })

  instance.post<{ Params: { id: string }; Querystring: { handler?: string } }>('/admin/evenements/:id/reprendre', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, EVENTS_MANAGE)
    readForm(services, request, NoFields)
    const eventId = request.params.id
    const { handler } = request.query
    if ((await services.events.show(context.tenant.id, eventId)).length === 0) throw nothingHere()
    const count = await services.events.replay(context.tenant.id, eventId, handler)
    await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: 'event.replayed', target: eventId })
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('events.replayed', { count }))
    return reply.code(303).header('location', '/admin/evenements').send()
  })

  function settingsPage(request: Parameters<typeof tryReadForm>[1], reply: FastifyReply, values: { accent: string; welcome: string; contact: string }, errors: Readonly<Record<string, string>>): string {
    const context = requestContext(request.raw)
    return framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(context.locale)('admin.menu.settings'),
      body: jsx(AdminSettingsPage, {
        values,
        errors,
        plugins: services.installations.modules(context.tenant.id).releases.filter((release) => release.plugin.settings !== undefined).map(({ manifest }) => ({ id: manifest.id, title: textIn(context.locale, manifest.title) })),
      }),
    })
  }
}

function pluginTitle(services: SiteServices, id: string, { locale }: RequestContext): string {
  if (id === KERNEL_ID) return translator(locale)('admin.title')
  const release = services.catalogue.find(id)[0]
  return release === undefined ? id : textIn(locale, release.manifest.title)
}

function deliveryItem(services: SiteServices, delivery: DeliveryView, context: RequestContext): DeliveryItem {
  const { eventId, type, subscriber, handler, status, attempts, time, lastError } = delivery
  return {
    id: [eventId, subscriber ?? '', handler ?? ''].join(' '),
    // In the query: a handler is mostly called like its event, with a slash, which no path may hold encoded.
    retry: `/admin/evenements/${encodeURIComponent(eventId)}/reprendre${handler === undefined ? '' : `?${new URLSearchParams({ handler })}`}`,
    event: type,
    plugin: subscriber === undefined ? '' : pluginTitle(services, subscriber, context),
    state: status === 'pending' && attempts > 0 ? 'retrying' : status === 'unsubscribed' ? 'delivered' : status,
    attempts,
    at: new Date(time).toISOString(),
    ...(lastError === undefined ? {} : { error: lastError }),
  }
}
