import { jsx } from '@liberacces/sdk/jsx-runtime'
import type { FastifyInstance } from 'fastify'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import type { NodeDuties } from '../nodes/node-duties.ts'
import type { NodeInfo } from '../nodes/node.ts'
import { ConsoleNodesPage, type NodeItem, type NodeTask } from '../pages/console-nodes.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { pluginTitle } from './plugin-title.ts'
import type { SiteServices } from './site-services.ts'

/** Silent for so long it is shown as one that does not answer, in milliseconds: well before anything that must not be wrong takes it for dead. */
const QUIET_MS = 5_000
/** A clock that is less far off is not told of, in milliseconds. */
const SKEW_MS = 2_000
/** Tasks of a node that are named; the others are counted. */
const MOST_TASKS = 20

/** The Pool's page of the processes that serve the platform. */
export function registerConsoleNodes(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/noeuds', async (request, reply) => {
    const context = requestContext(request.raw)
    if (context.tenant.info.kind !== 'pool') throw nothingHere()
    requirePermission(context, TENANTS_MANAGE)
    const [nodes, duties] = await Promise.all([services.nodes(), services.nodeDuties()])
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'console',
      title: translator(context.locale)('nodes.title'),
      body: jsx(ConsoleNodesPage, { nodes: nodes.map((node) => item(services, context, node, duties.get(node.id))) }),
    }))
  })
}

function item(services: SiteServices, context: RequestContext, node: NodeInfo, duties: NodeDuties | undefined): NodeItem {
  const { id, host, pid, isThis, version, address, startedAt, silentMs, skewMs, work } = node
  const tasks = tasksOf(services, context, duties)
  return {
    id, host, pid, isThis, version,
    ...(address === undefined ? {} : { address }),
    since: new Date(startedAt).toISOString(),
    silentSeconds: Math.floor(silentMs / 1_000),
    isQuiet: silentMs >= QUIET_MS,
    clockAheadSeconds: Math.abs(skewMs) < SKEW_MS ? 0 : Math.round(skewMs / 1_000),
    ...(work === undefined ? {} : {
      load: { busyPercent: Math.round(work.busy * 100), requests: work.requests, calls: work.calls, megabytes: Math.round(work.memoryBytes / 1_000_000) },
      loaded: { names: work.loaded, count: work.loadedCount },
    }),
    tasks: tasks.slice(0, MOST_TASKS),
    moreTasks: Math.max(0, tasks.length - MOST_TASKS),
  }
}

function tasksOf(services: SiteServices, { locale }: RequestContext, { changes, waves, runs }: NodeDuties = { changes: [], waves: [], runs: [] }): readonly NodeTask[] {
  const tenant = (id: string): string => services.tenants.byId(id)?.info.name ?? id
  const plugin = (id: string): string => pluginTitle(services, id, locale)
  return [
    ...waves.map(({ kind, pluginId, to, through, total }): NodeTask => ({ kind: 'wave', wave: kind, plugin: plugin(pluginId), to, through, ...(total === undefined ? {} : { total }) })),
    ...changes.map(({ kind, pluginId, tenantId }): NodeTask => ({ kind, plugin: plugin(pluginId), tenant: tenant(tenantId) })),
    ...runs.map(({ scheduleId, pluginId, tenantId }): NodeTask => ({ kind: 'run', schedule: scheduleId, plugin: plugin(pluginId), tenant: tenant(tenantId) })),
  ]
}
