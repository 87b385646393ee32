import { jsx } from '@liberacces/sdk/jsx-runtime'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { nothingHere } from '../http/refusal.ts'
import { requestContext } from '../http/request-context.ts'
import { TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import { textIn } from '../localized-text.ts'
import { ConsoleTenantPage } from '../pages/console-tenant.tsx'
import { ConsolePage, type TenantSummary } from '../pages/console.tsx'
import { translator } from '../pages/translate.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { textOf } from './query-text.ts'
import type { SiteServices } from './site-services.ts'

/** Tenants on one page. */
const PAGE = 50
/** Tenants below one that its page names; the others are found by the search. */
const MOST_CHILDREN = 200
const KINDS = ['epci', 'commune', 'satellite'] as const

/** The Pool's console: its tenants and what each has switched on. */
export function registerConsole(instance: FastifyInstance, services: SiteServices): void {
  instance.get<{ Params: { slug: string } }>('/collectivites/:slug', async (request, reply) => {
    const context = requestContext(request.raw)
    if (context.tenant.info.kind !== 'pool') throw nothingHere()
    requirePermission(context, TENANTS_MANAGE)
    const tenant = services.tenants.bySlug(request.params.slug)
    if (tenant === undefined) throw nothingHere()
    const parent = tenant.parentId === undefined ? undefined : services.tenants.byId(tenant.parentId)
    const children = services.tenants.childrenOf(tenant.id)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'console',
      title: tenant.info.name,
      body: jsx(ConsoleTenantPage, {
        tenant: summary(services, tenant, context.locale, request),
        ...(parent === undefined ? {} : { parent: { slug: parent.info.slug, name: parent.info.name } }),
        children: children.slice(0, MOST_CHILDREN).map((child) => ({ slug: child.info.slug, name: child.info.name })),
        childCount: children.length,
      }),
    }))
  })
}

/** The Pool's home page: its tenants in pages, or those that a search finds. */
export function consoleHome(services: SiteServices, request: FastifyRequest<{ Querystring: { q?: unknown; kind?: unknown; page?: unknown } }>, reply: FastifyReply): FastifyReply {
  const context = requestContext(request.raw)
  requirePermission(context, TENANTS_MANAGE)
  const query = textOf(request.query.q).trim()
  const kind = KINDS.find((one) => one === textOf(request.query.kind))
  const found = services.tenants.search({ text: query, ...(kind === undefined ? {} : { kind }) }).filter((tenant) => tenant.info.kind !== 'pool')
  const pageCount = Math.max(1, Math.ceil(found.length / PAGE))
  const page = Math.min(pageCount, Math.max(1, Math.trunc(Number(textOf(request.query.page))) || 1))
  const tenants = found.slice((page - 1) * PAGE, page * PAGE)
  return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
    area: 'console',
    title: translator(context.locale)('console.title'),
    body: jsx(ConsolePage, {
      poolName: context.tenant.info.name,
      tenants: tenants.map((tenant) => summary(services, tenant, context.locale, request)),
      count: found.length,
      filter: { query, ...(kind === undefined ? {} : { kind }) },
      pagination: { page, pageCount, href: (wanted) => `/?${new URLSearchParams({ q: query, kind: kind ?? '', page: String(wanted) })}` },
    }),
  }))
}

function summary(services: SiteServices, tenant: Tenant, locale: 'fr' | 'en', request: FastifyRequest): TenantSummary {
  const { slug, name, kind, siren, insee, population } = tenant.info
  // The console's own port serves the tenants too.
  const port = /:\d+$/.exec(request.headers.host ?? '')?.[0] ?? ''
  return {
    slug, name, kind,
    ...(siren === undefined ? {} : { siren }),
    ...(insee === undefined ? {} : { insee }),
    ...(population === undefined ? {} : { population }),
    hosts: tenant.hosts.map((host) => host + port),
    plugins: services.installations.modules(tenant.id).releases.map(({ manifest }) => ({ id: manifest.id, title: textIn(locale, manifest.title), version: manifest.version, state: 'active' })),
  }
}
