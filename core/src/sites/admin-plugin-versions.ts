import { jsx } from '@liberacces/sdk/jsx-runtime'
import type { Manifest } from '@liberacces/sdk/host'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import semver from 'semver'
import { describeDifference } from '../consent/difference-text.ts'
import { releaseDifference } from '../consent/release-difference.ts'
import { scopeText } from '../consent/scope-text.ts'
import { PlatformError } from '../errors.ts'
import { sendNotice } from '../http/notice-cookie.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { statusOf } from '../http/status-codes.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { MODULES_MANAGE } from '../identity/kernel-permissions.ts'
import type { Installation } from '../lifecycle/installations.ts'
import { textIn } from '../localized-text.ts'
import { AdminPluginVersionsPage, type AdminPluginVersionsPageProps, type PossibleUpgrade, type RehearsalResult, type WayBackItem } from '../pages/admin-plugin-versions.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { pluginTitle } from './plugin-title.ts'
import { textOf } from './query-text.ts'
import { readForm } from './read-form.ts'
import type { SiteServices } from './site-services.ts'

interface ById { Params: { id: string }; Querystring: { to?: unknown } }
const UpgradeForm = Type.Object({ to: Type.String({ maxLength: 100 }), accept: Type.Array(Type.String({ maxLength: 300 })) })
const BackForm = Type.Object({ discard: Type.Optional(Type.Literal('yes')) })

/** What the page is about, and what has just been tried on it. */
interface Shown {
  readonly to?: string
  readonly rehearsal?: RehearsalResult
  readonly problem?: PlatformError
}

/** Versions of a plugin at a tenant: upgrade with rehearsal and consent, and the way back. */
export function registerAdminPluginVersions(instance: FastifyInstance, services: SiteServices): void {
  instance.get<ById>('/admin/modules/:id/versions', (request, reply) => show(request, reply, { to: textOf(request.query.to) }))

  instance.post<ById>('/admin/modules/:id/versions/repeter', async (request, reply) => {
    const { context, installation } = await ask(request)
    const { to } = readForm(services, request, UpgradeForm)
    const { go, migrations, problems, ms } = await services.installations.rehearse(context.tenant.id, installation.pluginId, { range: to, acceptScopes: true, by: actorOf(context) })
    return show(request, reply, { to, rehearsal: { go, migrations, problems, ms } })
  })

  instance.post<ById>('/admin/modules/:id/versions/mettre-a-jour', async (request, reply) => {
    const { context, installation } = await ask(request)
    const { to, accept } = readForm(services, request, UpgradeForm)
    const target = targetsOf(services, installation).find(({ version }) => version === to)
    if (target === undefined) throw nothingHere()
    const by = actorOf(context)
    try {
      // The button says what is agreed to; boxes left empty are refusals.
      const { optional } = await services.consents.missing(context.tenant.id, target)
      await services.consents.accept(context.tenant.id, target, { refuse: optional.filter((scope) => !accept.includes(scope)) }, by)
      await services.installations.upgrade(context.tenant.id, installation.pluginId, { range: to, by })
    } catch (error) {
      return refused(request, reply, error, { to })
    }
    return done(reply, context, installation.pluginId, 'versions.upgraded', to)
  })

  instance.post<ById>('/admin/modules/:id/versions/revenir', async (request, reply) => {
    const { context, installation } = await ask(request)
    const { discard } = readForm(services, request, BackForm)
    try {
      const { to } = await services.installations.rollback(context.tenant.id, installation.pluginId, { discardChanges: discard === 'yes', by: actorOf(context) })
      return done(reply, context, installation.pluginId, 'versions.rolled-back', to)
    } catch (error) {
      return refused(request, reply, error, {})
    }
  })

  async function ask(request: FastifyRequest<ById>): Promise<{ readonly context: RequestContext; readonly installation: Installation }> {
    const context = requestContext(request.raw)
    requirePermission(context, MODULES_MANAGE)
    const installation = (await services.installations.list(context.tenant.id)).find(({ pluginId }) => pluginId === request.params.id)
    if (installation === undefined) throw nothingHere()
    return { context, installation }
  }

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, { to, rehearsal, problem }: Shown): Promise<FastifyReply> {
    const { context, installation } = await ask(request)
    const { pluginId, version, digest, state, since } = installation
    const title = pluginTitle(services, pluginId, context.locale)
    const upgrade = await upgradeOf(services, context, installation, to)
    const wayBack = await wayBackOf(services, context, installation)
    const props: AdminPluginVersionsPageProps = {
      plugin: { id: pluginId, title, version, state, since: new Date(since).toISOString(), ...(digest === undefined ? {} : { digest }) },
      ...(upgrade === undefined ? {} : { upgrade: { ...upgrade, ...(rehearsal === undefined ? {} : { rehearsal }) } }),
      ...(wayBack === undefined ? {} : { wayBack: { ...wayBack, losesChanges: problem?.code === 'ROLLBACK_LOSES_DATA' } }),
      // The page has words of its own for this one.
      ...(problem === undefined || problem.code === 'ROLLBACK_LOSES_DATA' ? {} : { problem: { code: problem.code, message: problem.message, fix: problem.fix } }),
    }
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin', title: translator(context.locale)('versions.title', { title }), body: jsx(AdminPluginVersionsPage, props),
    }))
  }

  /** The page again, with what stood in the way; the status is that of the error. */
  async function refused(request: FastifyRequest<ById>, reply: FastifyReply, error: unknown, shown: Shown): Promise<FastifyReply> {
    if (!(error instanceof PlatformError)) throw error
    return show(request, reply.code(statusOf(error.code)), { ...shown, problem: error })
  }

  function done(reply: FastifyReply, context: RequestContext, id: string, message: 'versions.upgraded' | 'versions.rolled-back', to: string): FastifyReply {
    sendNotice(services.notices, reply.raw, context, translator(context.locale)(message, { title: pluginTitle(services, id, context.locale), to }))
    return reply.code(303).header('location', `/admin/modules/${id}/versions`).send()
  }
}

/** Releases that come after the one that runs, newest first. */
function targetsOf({ catalogue }: Pick<SiteServices, 'catalogue'>, { pluginId, version }: Installation): readonly Manifest[] {
  return catalogue.find(pluginId).filter((manifest) => semver.gt(manifest.version, version))
}

async function upgradeOf(services: SiteServices, { tenant, locale }: RequestContext, installation: Installation, wanted: string | undefined): Promise<PossibleUpgrade | undefined> {
  const targets = targetsOf(services, installation)
  const target = targets.find(({ version }) => version === wanted) ?? targets[0]
  // One whose release is gone can still move on.
  if (target === undefined || (installation.state !== 'active' && installation.state !== 'degraded')) return undefined
  const t = translator(locale)
  const { required, optional } = await services.consents.missing(tenant.id, target)
  return {
    versions: targets.map(({ version }) => version),
    to: target.version,
    difference: describeDifference(releaseDifference(services.catalogue.manifest(installation.pluginId, installation.version), target), locale, {
      need: (id) => (services.catalogue.find(id)[0] === undefined ? undefined : pluginTitle(services, id, locale)),
    }),
    optional: optional.map((scope) => {
      const without = target.optionalScopes?.[scope]
      return { scope, what: scopeText(scope, t), without: without === undefined ? '' : textIn(locale, without) }
    }),
    needsConsent: required.length + optional.length > 0,
  }
}

/** The release before, as long as a snapshot from before the upgrade is kept. */
async function wayBackOf({ installations }: SiteServices, { tenant }: RequestContext, { pluginId, version, state }: Installation): Promise<WayBackItem | undefined> {
  if (state !== 'active') return undefined
  const then = (await installations.snapshots.list({ tenantId: tenant.id, pluginId })).find(({ reason, release }) => reason === 'upgrade' && release.version !== version)
  return then === undefined ? undefined : { to: then.release.version, leftAt: new Date(then.takenAt).toISOString() }
}
