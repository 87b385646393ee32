import { hostname } from 'node:os'
import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Crash } from '../health/crash-log.ts'
import { reportReleases, type ReleaseReport } from '../health/release-reports.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import { ConsoleHealthPage, type ReleaseHealthItem, type SeenBy } from '../pages/console-health.tsx'
import { ConsolePluginHealthPage, type ConsolePluginHealthPageProps } from '../pages/console-plugin-health.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { pluginTitle } from './plugin-title.ts'
import { readForm, tryReadForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'

interface ById { Params: { id: string } }
const NoFields = Type.Object({})
const VersionForm = Type.Object({ version: Type.Optional(Type.String({ maxLength: 100 })) })
const StopForm = Type.Object({ version: Type.Optional(Type.String({ maxLength: 100 })), reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }) })
/** Crashes that a plugin's page shows. */
const CRASHES_SHOWN = 20
/** Tenants that a plugin's page names. */
const BREAKERS_SHOWN = 100
/** Workers that a plugin's page names: those in trouble first. */
const WORKERS_SHOWN = 100
/** What an operator should look at first. */
const WORKER_ORDER = ['troubled', 'working', 'resting', 'stopped'] as const

/** How plugins are, for the Pool's operators, and the switches by which they are stopped and started. */
export function registerConsoleHealth(instance: FastifyInstance, services: SiteServices): void {
  const { health } = services

  instance.get('/etat', async (request, reply) => {
    const context = ask(request)
    const reports = await reportReleases(services)
    return sendPage(services, request, reply, {
      area: 'console',
      title: translator(context.locale)('health.title'),
      body: jsx(ConsoleHealthPage, {
        releases: reports.map((report) => itemOf(report, context)).toSorted((a, b) => a.title.localeCompare(b.title, context.locale)),
        seenBy: await seenBy(),
      }),
    })
  })

  instance.get<ById>('/etat/:id', (request, reply) => pluginPage(request, reply))

  instance.post<ById>('/etat/:id/arreter', async (request, reply) => {
    const context = ask(request)
    const { id } = request.params
    requireKnown(id)
    const reading = tryReadForm(services, request, StopForm)
    if (!reading.ok) {
      const fields = request.body as URLSearchParams
      return pluginPage(request, reply.code(422), { reason: fields.get('reason') ?? '', version: fields.get('version') ?? '', error: translator(context.locale)('health.stop.reason.wrong') })
    }
    await health.halts.stop(id, chosen(reading.data.version), reading.data.reason, actorOf(context))
    return goOn(services, request, reply, `/etat/${id}`, translator(context.locale)('health.stopped', { title: pluginTitle(services, id, context.locale) }))
  })

  instance.post<ById>('/etat/:id/remettre', async (request, reply) => {
    const context = ask(request)
    const { id } = request.params
    requireKnown(id)
    await health.halts.start(id, chosen(readForm(services, request, VersionForm).version), actorOf(context))
    return goOn(services, request, reply, `/etat/${id}`, translator(context.locale)('health.started', { title: pluginTitle(services, id, context.locale) }))
  })

  instance.post<ById>('/etat/:id/relancer', async (request, reply) => {
    const context = ask(request)
    const { id } = request.params
    const { version } = readForm(services, request, VersionForm)
    const child = health.childOf(id, version ?? '')
    if (version === undefined || child === undefined) throw nothingHere()
    child.restart()
    await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: 'plugin.restarted', target: id, detail: { version } })
    return goOn(services, request, reply, `/etat/${id}`, translator(context.locale)('health.restarted', { title: pluginTitle(services, id, context.locale) }))
  })

  instance.post<ById>('/etat/:id/reessayer', async (request, reply) => {
    const context = ask(request)
    const { id } = request.params
    requireKnown(id)
    readForm(services, request, NoFields)
    health.breakers.close({ pluginId: id })
    await services.audit.record({ tenantId: context.tenant.id, actor: actorOf(context), action: 'plugin.tried', target: id })
    return goOn(services, request, reply, `/etat/${id}`, translator(context.locale)('health.tried', { title: pluginTitle(services, id, context.locale) }))
  })

  async function pluginPage(request: FastifyRequest<ById>, reply: FastifyReply, form?: NonNullable<ConsolePluginHealthPageProps['form']>): Promise<FastifyReply> {
    const context = ask(request)
    const { id } = request.params
    requireKnown(id)
    const title = pluginTitle(services, id, context.locale)
    const reports = (await reportReleases(services)).filter(({ pluginId }) => pluginId === id)
    return sendPage(services, request, reply, {
      area: 'console',
      title: translator(context.locale)('health.of', { title }),
      body: jsx(ConsolePluginHealthPage, {
        plugin: { id, title },
        releases: reports.map((report) => itemOf(report, context)),
        halts: health.halts.all.filter(({ pluginId }) => pluginId === id).map(({ version, kind, since, reason, by }) => ({ kind, reason, by, since: new Date(since).toISOString(), ...(version === undefined ? {} : { version }) })),
        breakers: health.breakers.open().filter(({ pluginId }) => pluginId === id).slice(0, BREAKERS_SHOWN).map(({ tenantId, since, until, why }) => {
          const info = services.tenants.byId(tenantId)?.info
          return { tenant: info?.name ?? tenantId, slug: info?.slug ?? '', since: new Date(since).toISOString(), until: new Date(until).toISOString(), why }
        }),
        crashes: (await health.crashes.of(id, CRASHES_SHOWN)).map(crashOf),
        workers: workersOf(id),
        seenBy: await seenBy(),
        ...(form === undefined ? {} : { form }),
      }),
    })
  }

  function workersOf(id: string): ConsolePluginHealthPageProps['workers'] {
    const all = services.workers.list().filter(({ pluginId }) => pluginId === id)
    const rank = (worker: (typeof all)[number]): number => (worker.astraySince === undefined ? WORKER_ORDER.indexOf(worker.state) : -1)
    return {
      count: all.length,
      shown: all.toSorted((a, b) => rank(a) - rank(b) || a.since - b.since).slice(0, WORKERS_SHOWN).map(({ tenantId, workerId, version, state, since, error, astraySince }) => {
        const info = services.tenants.byId(tenantId)?.info
        return {
          tenant: info?.name ?? tenantId, slug: info?.slug ?? '', worker: workerId, version, state, since: new Date(since).toISOString(),
          ...(error === undefined ? {} : { error }), ...(astraySince === undefined ? {} : { astraySince: new Date(astraySince).toISOString() }),
        }
      }),
    }
  }

  /** A node that was given up by the others, and does not see itself, still knows its process. */
  async function seenBy(): Promise<SeenBy> {
    const nodes = await services.nodes()
    const { host, pid } = nodes.find(({ isThis }) => isThis) ?? { host: hostname(), pid: process.pid }
    return { host, pid, isOneOfSeveral: nodes.length > 1 }
  }

  function ask(request: FastifyRequest): RequestContext {
    const context = requestContext(request.raw)
    if (context.tenant.info.kind !== 'pool') throw nothingHere()
    requirePermission(context, TENANTS_MANAGE)
    return context
  }

  function requireKnown(id: string): void {
    if (services.catalogue.find(id).length === 0) throw nothingHere()
  }

  function itemOf({ pluginId, version, state, runtime, pid, memoryBytes, group, walls, calls, failures, p50Ms, p95Ms, restarts, lastCrash, breakers }: ReleaseReport, { locale }: RequestContext): ReleaseHealthItem {
    return {
      id: pluginId, title: pluginTitle(services, pluginId, locale), version, state, runtime, walls, calls, failures, restarts, paused: breakers.length,
      ...(pid === undefined ? {} : { pid }),
      ...(group === undefined ? {} : { group: { ...group, with: group.with.map((other) => `${pluginTitle(services, other.pluginId, locale)} ${other.version}`) } }),
      ...(memoryBytes === undefined ? {} : { memoryMb: Math.round(memoryBytes / 1_000_000) }),
      ...(p50Ms === undefined ? {} : { p50Ms: rounded(p50Ms) }),
      ...(p95Ms === undefined ? {} : { p95Ms: rounded(p95Ms) }),
      ...(lastCrash === undefined ? {} : { lastCrash: crashOf(lastCrash) }),
    }
  }
}

/** What a form sends empty is every version. */
function chosen(version: string | undefined): string | undefined {
  return version === '' ? undefined : version
}

/** Two digits: the scale is no finer. */
function rounded(milliseconds: number): number {
  return Number(milliseconds.toPrecision(2))
}

function crashOf({ version, at, why, place }: Crash): { readonly version: string; readonly at: string; readonly why: string; readonly place: string } {
  return { version, why, place: place.split(' ')[0] ?? place, at: new Date(at).toISOString() }
}
