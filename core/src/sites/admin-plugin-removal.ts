import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendNotice } from '../http/notice-cookie.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { MODULES_MANAGE } from '../identity/kernel-permissions.ts'
import { textIn } from '../localized-text.ts'
import { AdminPluginRemovalPage, type AdminPluginRemovalPageProps } from '../pages/admin-plugin-removal.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { pluginTitle } from './plugin-title.ts'
import { readForm } from './read-form.ts'
import type { SiteServices } from './site-services.ts'

interface ById { Params: { id: string } }
interface ByArchive { Params: { id: string; archive: string } }
const NoFields = Type.Object({})
const RemovalForm = Type.Object({ understood: Type.Optional(Type.Literal('yes')) })

/** Removal of a plugin's data at a tenant, and its archives. */
export function registerAdminPluginRemoval(instance: FastifyInstance, services: SiteServices): void {
  instance.get<ById>('/admin/modules/:id/suppression', (request, reply) => show(request, reply, {}))

  instance.post<ById>('/admin/modules/:id/suppression', async (request, reply) => {
    const context = await ask(request)
    const { understood } = readForm(services, request, RemovalForm)
    if (understood === undefined) return show(request, reply.code(422), { mustConfirm: true })
    const { residue } = await services.removal.purge(context.tenant.id, request.params.id, actorOf(context))
    return show(request, reply, { residue })
  })

  instance.post<ByArchive>('/admin/modules/:id/suppression/:archive/remettre', async (request, reply) => {
    const context = await ask(request)
    readForm(services, request, NoFields)
    await services.removal.restore(context.tenant.id, await ownArchive(request, context), actorOf(context))
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('removal.restored', { title: pluginTitle(services, request.params.id, context.locale) }))
    return reply.code(303).header('location', '/admin/modules').send()
  })

  instance.post<ByArchive>('/admin/modules/:id/suppression/:archive/supprimer', async (request, reply) => {
    const context = await ask(request)
    readForm(services, request, NoFields)
    await services.removal.deleteArchive(context.tenant.id, await ownArchive(request, context), actorOf(context))
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('removal.archive.deleted'))
    return reply.code(303).header('location', `/admin/modules/${request.params.id}/suppression`).send()
  })

  async function ask(request: FastifyRequest<ById>): Promise<RequestContext> {
    const context = requestContext(request.raw)
    requirePermission(context, MODULES_MANAGE)
    if (!(await services.installations.list(context.tenant.id)).some(({ pluginId }) => pluginId === request.params.id)) throw nothingHere()
    return context
  }

  /** The archive in the address, where it is one of this plugin. */
  async function ownArchive({ params }: FastifyRequest<ByArchive>, { tenant }: RequestContext): Promise<string> {
    const found = (await services.removal.archives(tenant.id)).find(({ id, plugin }) => id === params.archive && plugin.id === params.id)
    if (found === undefined) throw nothingHere()
    return found.id
  }

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, more: Pick<AdminPluginRemovalPageProps, 'residue' | 'mustConfirm'>): Promise<FastifyReply> {
    const context = await ask(request)
    const { locale } = context
    const t = translator(locale)
    const { pluginId, version, state, traces, personalData, dependants, neededElsewhere, archives } = await services.removal.preview(context.tenant.id, request.params.id)
    const title = pluginTitle(services, pluginId, locale)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: t('removal.title', { title }),
      body: jsx(AdminPluginRemovalPage, {
        plugin: { id: pluginId, title, version },
        isOn: state !== 'inactive' && state !== 'migration-failed' && state !== 'archived',
        counts: traces.counts,
        tables: traces.content.tables,
        files: traces.disk.files,
        personalData: personalData.map(({ table, purpose, rows }) => t('removal.personal.line', { purpose: textIn(locale, purpose), rows, table })),
        usedBy: [...dependants.map((one) => textIn(locale, one.title)), ...neededElsewhere],
        archives: archives.map((archive) => ({ id: archive.id, version: archive.plugin.version, takenAt: archive.takenAt })),
        ...more,
      }),
    }))
  }
}
