import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Affected } from '../entitlement/entitlement-desk.ts'
import { allows, type PluginRule } from '../entitlement/policy.ts'
import { QUOTA_KINDS, type QuotaKind } from '../entitlement/quota-kind.ts'
import { parseQuota, quotaInput } from '../entitlement/quota-text.ts'
import { PlatformError } from '../errors.ts'
import { sendNotice } from '../http/notice-cookie.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import { textIn } from '../localized-text.ts'
import { ConsoleRightsPage, type ConsoleRightsPageProps } from '../pages/console-rights.tsx'
import { translator } from '../pages/translate.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { pluginTitle } from './plugin-title.ts'
import { quotaItems } from './quota-items.ts'
import { readForm } from './read-form.ts'
import type { SiteServices } from './site-services.ts'

interface BySlug { Params: { slug: string } }
const Ids = Type.Array(Type.String({ maxLength: 300 }), { maxItems: 10_000 })
const PluginsForm = Type.Object({ shown: Ids, grant: Ids, rule: Type.Union([Type.Literal('all-but'), Type.Literal('only')]), disable: Type.Boolean({ default: false }) })
const QuotasForm = Type.Object(Object.fromEntries(QUOTA_KINDS.map((kind) => [kind, Type.Optional(Type.String({ maxLength: 40 }))])))
/** Tenants named before a plugin is taken from them. */
const NAMED = 10

/** What the Pool lets a tenant use, and how much: looked at and decided in the console. */
export function registerConsoleRights(instance: FastifyInstance, services: SiteServices): void {
  const { entitlements, entitlementDesk, tenants, csrf, notices } = services

  const tenantOf = (request: FastifyRequest<BySlug>): Tenant => {
    const context = requestContext(request.raw)
    if (context.tenant.info.kind !== 'pool') throw nothingHere()
    requirePermission(context, TENANTS_MANAGE)
    const tenant = tenants.bySlug(request.params.slug)
    if (tenant === undefined) throw nothingHere()
    return tenant
  }

  instance.get<BySlug>('/collectivites/:slug/droits', async (request, reply) =>
    reply.type('text/html; charset=utf-8').send(await page(request, reply, tenantOf(request), {})))

  instance.post<BySlug>('/collectivites/:slug/droits/modules', async (request, reply) => {
    const tenant = tenantOf(request)
    const context = requestContext(request.raw)
    const { shown, grant, rule: kind, disable } = readForm({ csrf }, request, PluginsForm)
    const rule = ruleOf(entitlements.policyOf(tenant.id).plugins, kind, new Set(shown), new Set(grant))
    try {
      await entitlementDesk.apply(tenant, rule, { disable }, actorOf(context))
    } catch (error) {
      if (!(error instanceof PlatformError) || (error.code !== 'PLUGIN_IN_USE' && error.code !== 'PLUGIN_NEEDED')) throw error
      const t = translator(context.locale)
      const asked = { rule, ...(error.code === 'PLUGIN_IN_USE' ? { inUse: entitlementDesk.affected(tenant, rule) } : { problem: t('rights.needed') }) }
      return reply.code(409).type('text/html; charset=utf-8').send(await page(request, reply, tenant, asked))
    }
    sendNotice(notices, reply.raw, context, translator(context.locale)('rights.saved'))
    return reply.code(303).header('location', `/collectivites/${tenant.info.slug}/droits`).send()
  })

  instance.post<BySlug>('/collectivites/:slug/droits/quotas', async (request, reply) => {
    const tenant = tenantOf(request)
    const context = requestContext(request.raw)
    const t = translator(context.locale)
    const typed = readForm({ csrf }, request, QuotasForm) as Readonly<Partial<Record<QuotaKind, string>>>
    const amounts = QUOTA_KINDS.map((kind) => [kind, (typed[kind] ?? '').trim() === '' ? undefined : (parseQuota(kind, typed[kind] ?? '') ?? Number.NaN)] as const)
    const errors = Object.fromEntries(amounts.flatMap(([kind, amount]) => (Number.isNaN(amount) ? [[kind, t(`rights.quota.${kind}.wrong`)]] : [])))
    if (Object.keys(errors).length > 0) return reply.code(422).type('text/html; charset=utf-8').send(await page(request, reply, tenant, { typed, errors }))
    await entitlements.setQuotas(tenant, Object.fromEntries(amounts), actorOf(context))
    sendNotice(notices, reply.raw, context, t('rights.quotas.saved'))
    return reply.code(303).header('location', `/collectivites/${tenant.info.slug}/droits`).send()
  })

  async function page(request: FastifyRequest, reply: FastifyReply, tenant: Tenant, asked: {
    readonly rule?: PluginRule; readonly inUse?: readonly Affected[]; readonly problem?: string
    readonly typed?: Readonly<Partial<Record<QuotaKind, string>>>; readonly errors?: ConsoleRightsPageProps['errors']
  }): Promise<string> {
    const { locale } = requestContext(request.raw)
    const { plugins, quotas } = entitlements.policyOf(tenant.id)
    const rule = asked.rule ?? plugins
    const isPool = tenant.info.kind === 'pool'
    const letter = locale === 'fr' ? 'o' : 'B'
    return framedAnswer(services, request.raw, reply.raw, {
      area: 'console',
      title: translator(locale)('rights.title', { name: tenant.info.name }),
      body: jsx(ConsoleRightsPage, {
        tenant: { slug: tenant.info.slug, name: tenant.info.name, isPool, below: tenants.childrenOf(tenant.id).length },
        plugins: entitlementDesk.grantsOf(tenant).map(({ pluginId, title, barredBy, isOn }) => ({
          id: pluginId, title: textIn(locale, title), ticked: allows(rule, pluginId), isOn,
          ...(barredBy === undefined || barredBy.id === tenant.id ? {} : { barredAbove: barredBy.info.name }),
        })).toSorted((a, b) => a.title.localeCompare(b.title, locale)),
        grantsNew: rule.kind !== 'only',
        ...(asked.inUse === undefined ? {} : { inUse: { names: asked.inUse.slice(0, NAMED).map((one) => `${one.tenant.info.name} – ${one.pluginIds.map((id) => pluginTitle(services, id, locale)).join(', ')}`), more: Math.max(0, asked.inUse.length - NAMED) } }),
        ...(asked.problem === undefined ? {} : { problem: asked.problem }),
        use: await quotaItems(services, tenant),
        quotas: Object.fromEntries(QUOTA_KINDS.map((kind) => [kind, asked.typed?.[kind] ?? (asked.typed !== undefined || quotas[kind] === undefined ? '' : quotaInput(kind, quotas[kind], letter))])) as Record<QuotaKind, string>,
        errors: asked.errors ?? {},
      }),
    })
  }
}

/** The rule that a form means. What was not on the page stays as it was decided. */
function ruleOf(before: PluginRule, kind: 'all-but' | 'only', shown: ReadonlySet<string>, ticked: ReadonlySet<string>): PluginRule {
  const unseen = before.kind === 'all' ? [] : [...before.plugins].filter((id) => !shown.has(id))
  const wanted = [...shown].filter((id) => ticked.has(id))
  const plugins = kind === 'only'
    ? new Set([...wanted, ...unseen.filter((id) => allows(before, id))])
    : new Set([...[...shown].filter((id) => !ticked.has(id)), ...unseen.filter((id) => !allows(before, id))])
  return kind === 'all-but' && plugins.size === 0 ? { kind: 'all' } : { kind, plugins }
}
