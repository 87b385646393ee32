import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendNotice } from '../http/notice-cookie.ts'
import { requestContext } from '../http/request-context.ts'
import { PlatformError } from '../errors.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { textIn } from '../localized-text.ts'
import { AdminAuditPage } from '../pages/admin-audit.tsx'
import { AdminHomePage } from '../pages/admin-home.tsx'
import { AdminRolesPage, type AdminRolesPageProps } from '../pages/admin-roles.tsx'
import { AdminSettingsPage } from '../pages/admin-settings.tsx'
import { translator } from '../pages/translate.ts'
import { ACCOUNTS_MANAGE, AUDIT_READ, KERNEL_ID, SETTINGS_MANAGE } from '../identity/kernel-permissions.ts'
import { isFixed } from '../identity/roles.ts'
import { opensAdministration, requirePermission } from './access.ts'
import { roleItems } from './admin-accounts.ts'
import { auditItem } from './audit-item.ts'
import { framedAnswer } from './frame.ts'
import { outageInWords } from './outage-in-words.ts'
import { outagesAt } from './outages-at.ts'
import { pluginTitle } from './plugin-title.ts'
import { textOf } from './query-text.ts'
import { readForm, tryReadForm } from './read-form.ts'
import { goOn } from './send-page.ts'
import type { SiteServices } from './site-services.ts'
import { startOfDay } from './start-of-day.ts'

const GrantsForm = Type.Object({ shown: Type.Array(Type.String({ maxLength: 300 })), grant: Type.Array(Type.String({ maxLength: 300 })) })
const SettingsForm = Type.Object({ accent: Type.String({ pattern: '^#[0-9a-fA-F]{6}$' }), welcome: Type.Optional(Type.String({ maxLength: 5000 })), contact: Type.Optional(Type.String({ format: 'email' })) })
const NoFields = Type.Object({})
const NewRoleForm = Type.Object({ id: Type.Optional(Type.String({ maxLength: 100 })), title: Type.Optional(Type.String({ maxLength: 200 })) })
const RenamedRoleForm = Type.Object({ title: Type.String({ minLength: 1, maxLength: 100 }) })
const JOURNAL_PAGE = 100

/** The administration of a tenant besides accounts and plugins: home, roles, settings, audit trail. */
export function registerAdmin(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/admin', async (request, reply) => {
    const context = requestContext(request.raw)
    if (!opensAdministration(context.principal)) requirePermission(context, ACCOUNTS_MANAGE)
    const { tenant, locale } = context
    const installations = await services.installations.list(tenant.id)
    const { total } = await services.accounts.list(tenant.id, { limit: 1 })
    const deadLetters = (await services.eventRecords.deadLetters(tenant.id)).reduce((sum, { count }) => sum + count, 0)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(locale)('admin.title'),
      body: jsx(AdminHomePage, {
        isPool: tenant.info.kind === 'pool',
        tenantName: tenant.info.name,
        accounts: total,
        plugins: { active: installations.filter((one) => one.state === 'active').length, total: new Set(services.catalogue.manifests.map(({ id }) => id)).size },
        deadLetters,
        outages: outagesAt(services, tenant.id).map(outageInWords(services, locale)),
        quotaWarnings: await services.quotas.warningsOf(tenant.id),
        pluginProblems: installations.filter((one) => one.state === 'migration-failed' || one.state === 'degraded').map((one) => pluginTitle(services, one.pluginId, context.locale)),
      }),
    }))
  })

  instance.get('/admin/roles', (request, reply) => rolesPage(request, reply))

  instance.post('/admin/roles/nouveau', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { id = '', title = '' } = readForm(services, request, NewRoleForm)
    const t = translator(context.locale)
    try {
      await services.roles.create(context.tenant.id, { id: id.trim(), title }, actorOf(context))
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'ROLE_INVALID') throw error
      const errors = Object.fromEntries(Object.keys(error.fields ?? {}).map((field) => [field, t(field === 'title' ? 'roles.invalid.title' : 'roles.invalid.id')]))
      return rolesPage(request, reply.code(422), { values: { id, title }, errors })
    }
    return goOn(services, request, reply, '/admin/roles', t('roles.saved'))
  })

  instance.post<{ Params: { id: string } }>('/admin/roles/:id/renommer', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { title } = readForm(services, request, RenamedRoleForm)
    await services.roles.rename(context.tenant.id, request.params.id, title, actorOf(context))
    return goOn(services, request, reply, '/admin/roles', translator(context.locale)('roles.saved'))
  })

  instance.post<{ Params: { id: string } }>('/admin/roles/:id/supprimer', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    readForm(services, request, NoFields)
    await services.roles.delete(context.tenant.id, request.params.id, actorOf(context))
    return goOn(services, request, reply, '/admin/roles', translator(context.locale)('roles.deleted'))
  })

  async function rolesPage(request: FastifyRequest, reply: FastifyReply, form?: AdminRolesPageProps['form']): Promise<FastifyReply> {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { tenant, locale } = context
    const made = new Set((await services.roles.list(tenant.id)).filter(({ origin }) => origin === 'custom').map(({ id }) => id))
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
          title: pluginTitle(services, id, context.locale),
          permissions: declared.filter(({ permission }) => permission.startsWith(`${id}/`)).map(({ permission, title }) => ({ id: permission, title: textIn(locale, title) })),
        })),
        grants: grants.flat(),
        fixed: roles.flatMap(({ id }) => declared.filter(({ permission }) => isFixed(id, permission)).map(({ permission }) => `${id}|${permission}`)),
        own: roles.filter(({ id }) => made.has(id)),
        ...(form === undefined ? {} : { form }),
      }),
    }))
  }

  instance.post('/admin/roles', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { grant, shown } = readForm(services, request, GrantsForm)
    const wanted = new Set(grant)
    // Only what stood on the page: a plugin may have been switched on since.
    const available = services.roles.available(context.tenant.id).map(({ permission }) => permission).filter((permission) => shown.includes(permission))
    const decisions = (await roleItems(services, context)).flatMap(({ id: role }) => available.filter((permission) => !isFixed(role, permission)).map((permission) => ({ role, permission, granted: wanted.has(`${role}|${permission}`) })))
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

  instance.get<{ Querystring: Readonly<Record<string, unknown>> }>('/admin/journal', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, AUDIT_READ)
    const [q, from, to] = [textOf(request.query['q']).trim(), textOf(request.query['from']), textOf(request.query['to'])]
    const page = Math.max(1, Number.parseInt(textOf(request.query['page']), 10) || 1)
    const [since, until] = [startOfDay(from), startOfDay(to, 1)]
    // One more than is shown tells whether there is another page.
    const records = await services.audit.list(context.tenant.id, {
      limit: JOURNAL_PAGE + 1, offset: (page - 1) * JOURNAL_PAGE, search: q,
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
    })
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(context.locale)('admin.menu.audit'),
      body: jsx(AdminAuditPage, {
        entries: records.slice(0, JOURNAL_PAGE).map((record) => auditItem(services, context, record)),
        filter: { q, from, to },
        pagination: { page, pageCount: records.length > JOURNAL_PAGE ? page + 1 : page, href: (wanted: number) => `/admin/journal?${new URLSearchParams({ q, from, to, page: String(wanted) })}` },
      }),
    }))
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
