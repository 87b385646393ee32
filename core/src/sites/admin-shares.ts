import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ACCOUNTS } from '../delegation/reach.ts'
import type { Share } from '../delegation/share.ts'
import { PlatformError } from '../errors.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { ACCOUNTS_MANAGE } from '../identity/kernel-permissions.ts'
import { textIn } from '../localized-text.ts'
import { AdminSharesPage, type AdminSharesPageProps, type ShareItem } from '../pages/admin-shares.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { roleItems } from './admin-accounts.ts'
import { pluginTitle } from './plugin-title.ts'
import { readForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import type { SiteServices } from './site-services.ts'

interface BySlug { Params: { slug: string } }
const PATH = '/admin/partages'
const NoFields = Type.Object({})
const WhatForm = Type.Object({ what: Type.String({ maxLength: 200 }) })
const OfferForm = Type.Object({ what: Type.String({ maxLength: 200 }), permission: Type.Optional(Type.Array(Type.String({ maxLength: 300 }))) })
const GuestForm = Type.Object({ login: Type.String({ maxLength: 100 }), role: Type.Array(Type.String({ maxLength: 60 })) })

/** What a tenant shares with its satellites, and a satellite takes from the tenant above. */
export function registerAdminShares(instance: FastifyInstance, services: SiteServices): void {
  const ask = (request: FastifyRequest): RequestContext => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    return context
  }
  const below = ({ tenant }: RequestContext, slug: string): string => {
    const satellite = services.tenants.childrenOf(tenant.id).find(({ info }) => info.kind === 'satellite' && info.slug === slug)
    if (satellite === undefined) throw nothingHere()
    return satellite.id
  }
  const done = (request: FastifyRequest, reply: FastifyReply): FastifyReply => goOn(services, request, reply, PATH, translator(requestContext(request.raw).locale)('shares.saved'))

  instance.get(PATH, (request, reply) => page(request, reply))

  instance.post<BySlug>(`${PATH}/:slug/proposer`, async (request, reply) => {
    const context = ask(request)
    const { what, permission = [] } = readForm(services, request, OfferForm)
    await services.shares.offer(context.tenant.id, below(context, request.params.slug), { what, permissions: permission }, actorOf(context))
    return done(request, reply)
  })

  instance.post<BySlug>(`${PATH}/:slug/retirer`, async (request, reply) => {
    const context = ask(request)
    const { what } = readForm(services, request, WhatForm)
    await services.shares.end(below(context, request.params.slug), what, actorOf(context))
    return done(request, reply)
  })

  instance.post(`${PATH}/accepter`, async (request, reply) => {
    const context = ask(request)
    await services.shares.accept(context.tenant.id, readForm(services, request, WhatForm).what, actorOf(context))
    return done(request, reply)
  })

  instance.post(`${PATH}/arreter`, async (request, reply) => {
    const context = ask(request)
    await services.shares.end(context.tenant.id, readForm(services, request, WhatForm).what, actorOf(context))
    return done(request, reply)
  })

  instance.post(`${PATH}/invites`, async (request, reply) => {
    const context = ask(request)
    const { login, role } = readForm(services, request, GuestForm)
    const t = translator(context.locale)
    if (role.length === 0) return page(request, reply.code(422), { login, roles: role, error: t('guests.noRole') })
    try {
      await services.guests.setRoles(context.tenant.id, login, role, actorOf(context))
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'ACCOUNT_UNKNOWN') throw error
      return page(request, reply.code(422), { login, roles: role, error: t('guests.unknown') })
    }
    return done(request, reply)
  })

  instance.post<{ Params: { login: string } }>(`${PATH}/invites/:login/retirer`, async (request, reply) => {
    const context = ask(request)
    readForm(services, request, NoFields)
    await services.guests.setRoles(context.tenant.id, request.params.login, [], actorOf(context))
    return done(request, reply)
  })

  async function page(request: FastifyRequest, reply: FastifyReply, form?: NonNullable<AdminSharesPageProps['guests']>['form']): Promise<FastifyReply> {
    const context = ask(request)
    const { tenant, locale, principal } = context
    const t = translator(locale)
    const parent = tenant.info.kind === 'satellite' && tenant.parentId !== undefined ? services.tenants.byId(tenant.parentId) : undefined
    const received = services.shares.offeredTo(tenant.id)
    const guestsOpen = services.shares.accountsFrom(tenant.id) !== undefined
    return sendPage(services, request, reply, {
      area: 'admin',
      title: t('admin.menu.shares'),
      body: jsx(AdminSharesPage, {
        canDecide: principal.entry === undefined,
        satellites: services.tenants.childrenOf(tenant.id).filter(({ info }) => info.kind === 'satellite').map(({ id, info }) => ({ slug: info.slug, name: info.name, shares: offers(context, id, info.name) })),
        ...(parent === undefined ? {} : { above: { name: parent.info.name, shares: received.map((share) => item(context, share, parent.id, parent.info.name)) } }),
        ...(guestsOpen ? { guests: { list: await services.guests.list(tenant.id), roles: await roleItems(services, context), ...(form === undefined ? {} : { form }) } } : {}),
      }),
    })
  }

  /** What is shared with a satellite, and what could be. */
  function offers(context: RequestContext, satelliteId: string, name: string): readonly ShareItem[] {
    const { tenant } = context
    const made = services.shares.offeredBy(tenant.id).filter((share) => share.satelliteId === satelliteId)
    const possible = [ACCOUNTS, ...services.shares.shareable(tenant.id).map(({ contract }) => contract)]
    return [...new Set([...possible, ...made.map(({ what }) => what)])].map((what) => {
      const share = made.find((one) => one.what === what)
      return share === undefined
        ? { ...words(context, what, tenant.id, tenant.info.name, name), what, state: 'none' as const, neededBy: [], permissions: permissionsOf(context, what) }
        : item(context, share, tenant.id, tenant.info.name, name)
    })
  }

  function item(context: RequestContext, share: Share, parentId: string, parentName: string, satelliteName: string = context.tenant.info.name): ShareItem {
    return {
      ...words(context, share.what, parentId, parentName, satelliteName), what: share.what, state: share.acceptedAt === undefined ? 'offered' : 'shared',
      neededBy: services.shares.dependants(share).map((id) => pluginTitle(services, id, context.locale)), permissions: [],
    }
  }

  function words({ locale }: RequestContext, what: string, parentId: string, parent: string, satellite: string): Pick<ShareItem, 'title' | 'hint'> {
    const t = translator(locale)
    if (what === ACCOUNTS) return { title: t('shares.accounts'), hint: t('shares.accounts.hint', { parent, satellite }) }
    const provider = services.shares.shareable(parentId).find(({ contract }) => contract === what)?.provider
    return { title: provider === undefined ? what : textIn(locale, { fr: provider.fr, ...(provider.en === undefined ? {} : { en: provider.en }) }), hint: t('shares.contract.hint', { parent, satellite }) }
  }

  function permissionsOf({ tenant, locale }: RequestContext, what: string): ShareItem['permissions'] {
    const asked = services.shares.shareable(tenant.id).find(({ contract }) => contract === what)?.permissions ?? []
    const known = services.roles.available(tenant.id)
    return asked.map((id) => ({ id, title: textIn(locale, known.find(({ permission }) => permission === id)?.title ?? { fr: id }), held: false }))
  }
}
