import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PlatformError } from '../errors.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { ACCOUNTS_MANAGE, TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import { AdminGovernancePage } from '../pages/admin-governance.tsx'
import { ConsoleGovernancePage, type ConsoleGovernancePageProps } from '../pages/console-governance.tsx'
import { ConsoleThresholdPage, type ConsoleThresholdPageProps } from '../pages/console-threshold.tsx'
import { translator } from '../pages/translate.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { requirePermission } from './access.ts'
import { governanceFacts } from './governance-facts.ts'
import { readForm, tryReadForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'

interface BySlug { Params: { slug: string } }
const NoFields = Type.Object({})
const AddressForm = Type.Object({ address: Type.Optional(Type.String({ maxLength: 254 })) })
const ThresholdForm = Type.Object({ validFrom: Type.String({ format: 'date' }), population: Type.Integer({ minimum: 0, maximum: 100_000 }) })

/** Who administers a tenant: for the tenant itself, and for the Pool, which names official addresses and the threshold. */
export function registerGovernance(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/admin/qui-administre', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { tenant, principal } = context
    const facts = await governanceFacts(services, tenant)
    return sendPage(services, request, reply, {
      area: 'admin',
      title: translator(context.locale)('governance.title'),
      body: jsx(AdminGovernancePage, { ...facts, tenantName: tenant.info.name, canConfirm: isImplied(facts.rule) && facts.people.some(({ id }) => id === principal.id) }),
    })
  })

  instance.post('/admin/qui-administre/confirmer', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    readForm(services, request, NoFields)
    const { tenant, principal } = context
    const { rule, accountIds } = await services.administrators.of(tenant.id)
    const account = isImplied(rule) && accountIds.includes(principal.id) ? await services.accounts.get(tenant.id, principal.id) : undefined
    if (account !== undefined) await services.accounts.setRoles(tenant.id, account.id, [...account.roles, 'tenant-admin'], actorOf(context))
    return goOn(services, request, reply, '/admin/qui-administre', translator(context.locale)('governance.confirmed'))
  })

  instance.get<BySlug>('/collectivites/:slug/administration', (request, reply) => console(request, reply, ask(request)))

  instance.post<BySlug>('/collectivites/:slug/administration/adresse', async (request, reply) => {
    const tenant = ask(request)
    const context = requestContext(request.raw)
    const { address = '' } = readForm(services, request, AddressForm)
    try {
      await services.administrators.setOfficialAddress(tenant.id, address, actorOf(context))
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'TENANT_INVALID') throw error
      return console(request, reply.code(422), tenant, { address, error: translator(context.locale)('governance.address.invalid') })
    }
    return goOn(services, request, reply, `/collectivites/${tenant.info.slug}/administration`, translator(context.locale)('governance.saved'))
  })

  instance.post<{ Params: { slug: string; id: string } }>('/collectivites/:slug/administration/comptes/:id/attester', async (request, reply) => {
    const tenant = ask(request)
    const context = requestContext(request.raw)
    readForm(services, request, NoFields)
    // Only for who stands on the page: nothing else of a tenant's accounts is the Pool's to change from here.
    if (!(await services.administrators.holdersOfAddress(tenant.id)).some(({ id }) => id === request.params.id)) throw nothingHere()
    await services.administrators.proveAddress(tenant.id, request.params.id, actorOf(context))
    return goOn(services, request, reply, `/collectivites/${tenant.info.slug}/administration`, translator(context.locale)('governance.saved'))
  })

  instance.get('/seuil', (request, reply) => threshold(request, reply))

  instance.post('/seuil', async (request, reply) => {
    const context = requireConsole(request)
    const t = translator(context.locale)
    const reading = tryReadForm(services, request, ThresholdForm, (key) => ({ 'field.validFrom': t('threshold.from'), 'field.population': t('console.population') })[key])
    const values = Object.fromEntries(request.body as URLSearchParams)
    if (!reading.ok) return threshold(request, reply.code(422), { values, errors: reading.errors })
    try {
      await services.thresholds.set(reading.data, actorOf(context))
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'SETTING_INVALID') throw error
      return threshold(request, reply.code(422), { values, errors: { validFrom: t('threshold.past') } })
    }
    return goOn(services, request, reply, '/seuil', t('governance.saved'))
  })

  function requireConsole(request: FastifyRequest): RequestContext {
    const context = requestContext(request.raw)
    if (context.tenant.info.kind !== 'pool') throw nothingHere()
    requirePermission(context, TENANTS_MANAGE)
    return context
  }

  function ask(request: FastifyRequest<BySlug>): Tenant {
    requireConsole(request)
    const tenant = services.tenants.bySlug(request.params.slug)
    if (tenant === undefined || tenant.info.kind === 'pool') throw nothingHere()
    return tenant
  }

  async function console(request: FastifyRequest, reply: FastifyReply, tenant: Tenant, form?: ConsoleGovernancePageProps['form']): Promise<FastifyReply> {
    return sendPage(services, request, reply, {
      area: 'console',
      title: translator(requestContext(request.raw).locale)('console.governance', { name: tenant.info.name }),
      body: jsx(ConsoleGovernancePage, {
        ...await governanceFacts(services, tenant), tenant: { slug: tenant.info.slug, name: tenant.info.name }, holders: await services.administrators.holdersOfAddress(tenant.id), ...(form === undefined ? {} : { form }),
      }),
    })
  }

  function threshold(request: FastifyRequest, reply: FastifyReply, form?: ConsoleThresholdPageProps['form']): FastifyReply {
    const { locale } = requireConsole(request)
    const current = services.thresholds.current()
    return sendPage(services, request, reply, {
      area: 'console',
      title: translator(locale)('threshold.title'),
      body: jsx(ConsoleThresholdPage, { thresholds: services.thresholds.list().map((each) => ({ ...each, current: each === current })), ...(form === undefined ? {} : { form }) }),
    })
  }
}

function isImplied(rule: string): boolean {
  return rule === 'official-address' || rule === 'small-commune'
}
