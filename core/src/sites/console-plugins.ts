import { jsx } from '@liberacces/sdk/jsx-runtime'
import type { Manifest } from '@liberacces/sdk/host'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import type { WaveReport } from '../lifecycle/wave-report.ts'
import { textIn } from '../localized-text.ts'
import { ConsolePluginPage, type WaveItem } from '../pages/console-plugin.tsx'
import { ConsolePluginsPage } from '../pages/console-plugins.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { labelItems } from './label-items.ts'
import { pluginTitle } from './plugin-title.ts'
import { readForm } from './read-form.ts'
import type { SiteServices } from './site-services.ts'

interface ById { Params: { id: string } }
const NoFields = Type.Object({})
const WaveForm = Type.Object({ to: Type.String({ maxLength: 100 }) })

/** The Pool's catalogue: releases, who runs them, and waves over all tenants. */
export function registerConsolePlugins(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/modules', async (request, reply) => {
    const context = ask(request)
    const counts = await services.installations.counts()
    const labels = await labelItems(services)
    const ids = [...new Set(services.catalogue.manifests.map(({ id }) => id))]
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'console',
      title: translator(context.locale)('console.catalogue'),
      body: jsx(ConsolePluginsPage, {
        plugins: ids.map((id) => ({
          id, title: pluginTitle(services, id, context.locale), publisher: services.catalogue.find(id)[0]?.publisher.name ?? '',
          versions: services.catalogue.find(id).map(({ version }) => version),
          label: labels(id, services.catalogue.find(id)[0]?.version ?? ''),
          tenants: counts.filter(({ pluginId }) => pluginId === id).reduce((sum, { tenants }) => sum + tenants, 0),
        })).toSorted((a, b) => a.title.localeCompare(b.title, context.locale)),
      }),
    }))
  })

  instance.get<ById>('/modules/:id', async (request, reply) => {
    const context = ask(request)
    const [newest, ...older] = releasesOf(request)
    const { id } = newest
    const counts = await services.installations.counts()
    const labels = await labelItems(services)
    const wave = await services.waves.report(id)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'console',
      title: textIn(context.locale, newest.title),
      body: jsx(ConsolePluginPage, {
        plugin: { id, title: textIn(context.locale, newest.title) },
        releases: [newest, ...older].map(({ version }) => {
          const label = labels(id, version)
          const digest = services.catalogue.digest(id, version)
          return {
            version, label, source: services.catalogue.source(id, version) ?? '', loaded: services.catalogue.release(id, version) !== undefined,
            tenants: counts.find((one) => one.pluginId === id && one.version === version)?.tenants ?? 0,
            ...(digest === undefined ? {} : { digest }),
          }
        }),
        amiss: services.labels.amiss.filter((standing) => standing.id === id),
        ...(wave === undefined ? {} : { wave: waveItem(services, wave) }),
      }),
    }))
  })

  for (const [path, kind] of [['repeter', 'rehearsal'], ['mettre-a-jour', 'upgrade']] as const) {
    instance.post<ById>(`/modules/:id/${path}`, async (request, reply) => {
      const context = ask(request)
      const { to } = readForm(services, request, WaveForm)
      const target = releasesOf(request).find(({ version }) => version === to)
      if (target === undefined) throw nothingHere()
      await services.waves.start(kind, target.id, to, actorOf(context))
      await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: kind === 'upgrade' ? 'wave.started' : 'wave.rehearsed', target: target.id, detail: { to } })
      return reply.code(303).header('location', `/modules/${target.id}`).send()
    })
  }

  instance.post<ById>('/modules/:id/arreter', async (request, reply) => {
    const context = ask(request)
    readForm(services, request, NoFields)
    const wave = await services.waves.stop(request.params.id)
    if (wave !== undefined) await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: 'wave.stopped', target: wave.pluginId, detail: { to: wave.to } })
    return reply.code(303).header('location', `/modules/${encodeURIComponent(request.params.id)}`).send()
  })

  function ask(request: FastifyRequest): RequestContext {
    const context = requestContext(request.raw)
    if (context.tenant.info.kind !== 'pool') throw nothingHere()
    requirePermission(context, TENANTS_MANAGE)
    return context
  }

  /** Newest first, one at least. */
  function releasesOf(request: FastifyRequest<ById>): readonly [Manifest, ...Manifest[]] {
    const [newest, ...older] = services.catalogue.find(request.params.id)
    if (newest === undefined) throw nothingHere()
    return [newest, ...older]
  }
}

/** What is known of the label of each release. */
function waveItem({ tenants }: SiteServices, { kind, to, by, startedAt, endedAt, total, through, done, failed, waiting, problems, error }: WaveReport): WaveItem {
  return {
    kind, to, by: by.name, through, done, failed, waiting,
    startedAt: new Date(startedAt).toISOString(),
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
    ...(total === undefined ? {} : { total }),
    ...(error === undefined ? {} : { error }),
    problems: problems.map((problem) => {
      const info = tenants.byId(problem.tenantId)?.info
      return { tenant: info?.name ?? problem.tenantId, slug: info?.slug ?? '', waits: problem.kind === 'waiting', ...(problem.code === undefined ? {} : { code: problem.code }), message: problem.message }
    }),
  }
}
