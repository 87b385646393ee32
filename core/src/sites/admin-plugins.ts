import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import semver from 'semver'
import { PlatformError } from '../errors.ts'
import { sendNotice } from '../http/notice-cookie.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { MODULES_MANAGE, SETTINGS_MANAGE } from '../identity/kernel-permissions.ts'
import { textIn } from '../localized-text.ts'
import { AdminPluginSettingsPage } from '../pages/admin-plugin-settings.tsx'
import { AdminPluginsPage, type PluginItem } from '../pages/admin-plugins.tsx'
import { translator } from '../pages/translate.ts'
import { translatorOf } from '../runtime/messages.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { labelItems } from './label-items.ts'
import { readForm, tryReadForm } from './read-form.ts'
import type { SiteServices } from './site-services.ts'

interface ById { Params: { id: string } }
const NoFields = Type.Object({})

/** Plugins of a tenant: on, off, and their settings. */
export function registerAdminPlugins(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/admin/modules', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, MODULES_MANAGE)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(context.locale)('admin.menu.plugins'),
      body: jsx(AdminPluginsPage, { plugins: await pluginItems(services, context) }),
    }))
  })

  instance.post<ById>('/admin/modules/:id/activer', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, MODULES_MANAGE)
    readForm(services, request, NoFields)
    await services.installations.enable(context.tenant.id, request.params.id, '*', actorOf(context))
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('plugins.enabled', { title: titleOf(services, request.params.id, context) }))
    return reply.code(303).header('location', '/admin/modules').send()
  })

  instance.post<ById>('/admin/modules/:id/desactiver', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, MODULES_MANAGE)
    readForm(services, request, NoFields)
    await services.installations.disable(context.tenant.id, request.params.id, actorOf(context))
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('plugins.disabled', { title: titleOf(services, request.params.id, context) }))
    return reply.code(303).header('location', '/admin/modules').send()
  })

  instance.get<ById>('/admin/modules/:id/reglages', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, SETTINGS_MANAGE)
    const release = releaseWithSettings(services, context, request.params.id)
    const values = await services.settings.shown(context.tenant.id, release.manifest.id)
    return reply.type('text/html; charset=utf-8').send(settingsPage(release, values, {}, request, reply))
  })

  instance.post<ById>('/admin/modules/:id/reglages', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, SETTINGS_MANAGE)
    const release = releaseWithSettings(services, context, request.params.id)
    const reading = tryReadForm(services, request, schemaOf(release), labelsOf(release, context))
    if (!reading.ok) return reply.code(422).type('text/html; charset=utf-8').send(settingsPage(release, Object.fromEntries(request.body as URLSearchParams), reading.errors, request, reply))
    await services.settings.set(context.tenant.id, release.manifest.id, reading.data, actorOf(context))
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('settings.saved'))
    return reply.code(303).header('location', `/admin/modules/${release.manifest.id}/reglages`).send()
  })

  function settingsPage(release: LoadedRelease, values: unknown, errors: Readonly<Record<string, string>>, request: Parameters<typeof tryReadForm>[1], reply: FastifyReply): string {
    const context = requestContext(request.raw)
    const title = textIn(context.locale, release.manifest.title)
    return framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(context.locale)('settings.plugin', { title }),
      body: jsx(AdminPluginSettingsPage, {
        plugin: { id: release.manifest.id, title }, schema: schemaOf(release), values: values as Readonly<Record<string, unknown>>, errors, label: labelsOf(release, context),
      }),
    })
  }
}

async function pluginItems(services: SiteServices, { tenant, locale }: RequestContext): Promise<readonly PluginItem[]> {
  const installed = new Map((await services.installations.list(tenant.id)).map((one) => [one.pluginId, one]))
  const waiting = new Map((await services.consents.waiting(tenant.id)).map(({ pluginId, version }) => [pluginId, version]))
  const active = services.installations.modules(tenant.id).releases
  const labels = await labelItems(services)
  return [...new Set(services.catalogue.manifests.map(({ id }) => id))].flatMap((id): readonly PluginItem[] => {
    const installation = installed.get(id)
    // What runs here, else what would run here: data that is there keeps its version.
    const kept = installation === undefined || installation.state === 'purged' || installation.state === 'migration-failed' ? undefined : services.catalogue.manifest(id, installation.version)
    const manifest = active.find((release) => release.manifest.id === id)?.manifest ?? kept ?? services.catalogue.find(id)[0]
    if (manifest === undefined) return []
    const { title, description, version, publisher, scopes, provides, settings } = manifest
    const [newest] = services.catalogue.find(id)
    const hasNewer = installation?.state === 'active' && newest !== undefined && semver.gt(newest.version, installation.version)
    const waits = waiting.get(id)
    const neededBy = active.filter((other) => Object.keys(other.manifest.requires).some((need) => need === id || provides.includes(need)))
    const shown = installation?.state === 'active' ? installation.version : version
    return [{
      id,
      title: textIn(locale, title),
      ...(description === undefined ? {} : { description: textIn(locale, description) }),
      version: shown,
      label: labels(id, shown),
      publisher: publisher.name,
      state: installation?.state ?? 'available',
      scopes,
      granted: services.entitlements.mayUse(tenant.id, id),
      hasSettings: installation?.state === 'active' && Object.keys(settings).length > 0,
      neededBy: neededBy.map((other) => textIn(locale, other.manifest.title)),
      ...(hasNewer ? { newer: newest.version } : {}),
      ...(waits === undefined ? {} : { waiting: waits }),
      ...(installation?.error === undefined ? {} : { problem: installation.error }),
    }]
  }).toSorted((a, b) => a.title.localeCompare(b.title, locale))
}

function releaseWithSettings(services: SiteServices, { tenant }: RequestContext, id: string): LoadedRelease {
  const release = services.installations.modules(tenant.id).byId.get(id)
  if (release?.plugin.settings === undefined) throw nothingHere()
  return release
}

function schemaOf(release: LoadedRelease): NonNullable<LoadedRelease['plugin']['settings']> {
  if (release.plugin.settings === undefined) throw new Error(`"${release.manifest.id}" has no settings.`)
  return release.plugin.settings
}

function labelsOf(release: LoadedRelease, { locale }: RequestContext): (key: string) => string | undefined {
  const texts: Readonly<Record<string, string>> = release.plugin.messages[locale]
  return (key) => (Object.hasOwn(texts, key) ? translatorOf(release, locale)(key) : undefined)
}

function titleOf(services: SiteServices, id: string, { locale }: RequestContext): string {
  const [newest] = services.catalogue.find(id)
  if (newest === undefined) throw new PlatformError('PLUGIN_UNKNOWN', `No plugin "${id}" is in the catalogue.`, { fix: 'Choose one of the list.' })
  return textIn(locale, newest.title)
}
