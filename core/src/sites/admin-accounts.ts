import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PlatformError } from '../errors.ts'
import { sendNotice } from '../http/notice-cookie.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import type { Account } from '../identity/accounts.ts'
import { ACCOUNTS_MANAGE } from '../identity/kernel-permissions.ts'
import { readablePassword } from '../identity/readable-password.ts'
import { textIn } from '../localized-text.ts'
import { AdminAccountPage, type AdminAccountPageProps } from '../pages/admin-account.tsx'
import { AdminAccountsPage, type AccountItem, type AdminAccountsPageProps } from '../pages/admin-accounts.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { textOf } from './query-text.ts'
import { readForm, tryReadForm } from './read-form.ts'
import { goOn } from './send-page.ts'
import type { SiteServices } from './site-services.ts'
import { tokenItem } from './token-item.ts'

interface ById { Params: { id: string } }
interface Query { Querystring: { q?: string; page?: string } }
const PAGE_SIZE = 50
const ADMIN_ROLES = ['tenant-admin', 'pool-admin'] as const
const NoFields = Type.Object({})
const RolesForm = Type.Object({ role: Type.Array(Type.String()) })
const NewAccountForm = Type.Object({
  login: Type.String({ minLength: 3, maxLength: 100 }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })),
  role: Type.Array(Type.String()),
})

/** Accounts of a tenant: list, create, roles, password, on and off. A new password is shown once, in the answer itself. */
export function registerAdminAccounts(instance: FastifyInstance, services: SiteServices): void {
  instance.get<Query>('/admin/comptes', (request, reply) => list(request, reply, {}))

  instance.post('/admin/comptes', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const t = translator(context.locale)
    const reading = tryReadForm(services, request, NewAccountForm, (key) => ({ 'field.login': t('accounts.login'), 'field.name': t('accounts.name'), 'field.email': t('accounts.email') })[key])
    const typed = request.body as URLSearchParams
    const values = { login: typed.get('login') ?? '', name: typed.get('name') ?? '', email: typed.get('email') ?? '', role: typed.getAll('role') }
    if (!reading.ok) return list(request, reply.code(422), { form: { values, errors: reading.errors } })
    const { login, name, email, role } = reading.data
    refuseRoles(context, role)
    const password = readablePassword((length) => services.outside.randomBytes(length))
    try {
      await services.accounts.create(context.tenant.id, { login, name, password, roles: role, ...(email === undefined ? {} : { email }) }, actorOf(context))
    } catch (error) {
      if (!(error instanceof PlatformError) || (error.code !== 'ACCOUNT_EXISTS' && error.code !== 'ACCOUNT_INVALID' && error.code !== 'ADMINISTRATOR_NEEDED')) throw error
      if (error.code === 'ADMINISTRATOR_NEEDED') return list(request, reply.code(422), { form: { values, errors: { '': t('accounts.administratorNeeded') } } })
      return list(request, reply.code(422), { form: { values, errors: error.code === 'ACCOUNT_EXISTS' ? { login: t('accounts.exists') } : { login: t('accounts.login.hint') } } })
    }
    return list(request, reply, { issuedPassword: { login, password } })
  })

  instance.get<ById>('/admin/comptes/:id', (request, reply) => one(request, reply, {}))

  instance.post<ById>('/admin/comptes/:id/mot-de-passe', async (request, reply) => {
    const { context, account } = await ask(request)
    readForm(services, request, NoFields)
    const password = readablePassword((length) => services.outside.randomBytes(length))
    await services.accounts.setPassword(context.tenant.id, account.id, password, actorOf(context))
    return one(request, reply, { issuedPassword: { login: account.login, password } })
  })

  instance.post<ById>('/admin/comptes/:id/roles', async (request, reply) => {
    const { context, account } = await ask(request)
    const { role } = readForm(services, request, RolesForm)
    refuseRoles(context, role.filter((id) => !account.roles.includes(id)))
    if (account.id === context.principal.id && ADMIN_ROLES.some((id) => account.roles.includes(id) && !role.includes(id))) {
      throw new PlatformError('PERMISSION_DENIED', 'Nobody takes the administration from themselves: there might be no one left to give it back.', { fix: 'Ask another administrator.' })
    }
    return changed(request, reply, () => services.accounts.setRoles(context.tenant.id, account.id, role, actorOf(context)))
  })

  instance.post<{ Params: { id: string; token: string } }>('/admin/comptes/:id/jetons/:token/revoquer', async (request, reply) => {
    const { context, account } = await ask(request)
    readForm(services, request, NoFields)
    if (!(await services.apiTokens.list(context.tenant.id, account.id)).some(({ id }) => id === request.params.token)) throw nothingHere()
    await services.apiTokens.revoke(context.tenant.id, request.params.token, actorOf(context))
    return goOn(services, request, reply, `/admin/comptes/${account.id}`, translator(context.locale)('tokens.revoked'))
  })

  for (const [path, change] of [['desactiver', 'disable'], ['activer', 'enable']] as const) {
    instance.post<ById>(`/admin/comptes/:id/${path}`, async (request, reply) => {
      const { context, account } = await ask(request)
      readForm(services, request, NoFields)
      if (account.id === context.principal.id) throw new PlatformError('PERMISSION_DENIED', 'Nobody switches off their own account.', { fix: 'Ask another administrator.' })
      return changed(request, reply, () => services.accounts[change](context.tenant.id, account.id, actorOf(context)))
    })
  }

  async function ask(request: FastifyRequest<{ Params: { id: string } }>): Promise<{ context: RequestContext; account: Account }> {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const account = await services.accounts.get(context.tenant.id, request.params.id)
    if (account === undefined) throw nothingHere()
    return { context, account }
  }

  /** Does it, or shows the page again with why it was not done. */
  async function changed(request: FastifyRequest<ById>, reply: FastifyReply, change: () => Promise<void>): Promise<FastifyReply> {
    const { context, account } = await ask(request)
    try {
      await change()
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'ADMINISTRATOR_NEEDED') throw error
      return one(request, reply.code(409), { problem: translator(context.locale)('accounts.administratorNeeded') })
    }
    return done(reply, context, account)
  }

  function done(reply: FastifyReply, context: RequestContext, account: Account): FastifyReply {
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('accounts.saved'))
    return reply.code(303).header('location', `/admin/comptes/${account.id}`).send()
  }

  async function list(request: FastifyRequest, reply: FastifyReply, more: Pick<AdminAccountsPageProps, 'form' | 'issuedPassword'>): Promise<FastifyReply> {
    const context = requestContext(request.raw)
    requirePermission(context, ACCOUNTS_MANAGE)
    const { q: searched, page: wanted } = request.query as { q?: unknown; page?: unknown }
    const q = textOf(searched)
    const page = Math.max(1, Number.parseInt(textOf(wanted), 10) || 1)
    const { accounts, total } = await services.accounts.list(context.tenant.id, { search: q, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE })
    const pageCount = Math.max(1, Math.ceil(total / PAGE_SIZE))
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(context.locale)('admin.menu.accounts'),
      body: jsx(AdminAccountsPage, {
        accounts: accounts.map(accountItem),
        roles: await roleItems(services, context),
        query: q,
        pagination: { page, pageCount, href: (to: number) => `/admin/comptes?${new URLSearchParams({ q, page: String(to) })}` },
        ...more,
      }),
    }))
  }

  async function one(request: FastifyRequest<ById>, reply: FastifyReply, more: Pick<AdminAccountPageProps, 'issuedPassword' | 'problem'>): Promise<FastifyReply> {
    const { context, account } = await ask(request)
    const { rule, accountIds } = await services.administrators.of(context.tenant.id)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: account.name,
      body: jsx(AdminAccountPage, {
        account: accountItem(account), roles: await roleItems(services, context), isSelf: account.id === context.principal.id,
        tokens: (await services.apiTokens.list(context.tenant.id, account.id)).map(tokenItem),
        ...((rule === 'official-address' || rule === 'small-commune') && accountIds.includes(account.id) ? { administers: rule } : {}),
        ...more,
      }),
    }))
  }

  /** Only a Pool administrator makes another. */
  function refuseRoles({ principal }: RequestContext, roles: readonly string[]): void {
    if (roles.includes('pool-admin') && !principal.roles.includes('pool-admin')) {
      throw new PlatformError('PERMISSION_DENIED', 'The role "pool-admin" is not yours to give.', { fix: 'Ask an administrator of the Pool.' })
    }
  }
}

/** Roles of a tenant as the pages show them. */
export async function roleItems(services: SiteServices, { tenant, locale }: Pick<RequestContext, 'tenant' | 'locale'>): Promise<readonly { readonly id: string; readonly title: string }[]> {
  return (await services.roles.list(tenant.id)).map((role) => ({ id: role.id, title: textIn(locale, role.title) }))
}

function accountItem(account: Account): AccountItem {
  const { id, login, name, email, roles, status, lastLoginAt } = account
  return {
    id, login, name, roles, active: status === 'active',
    ...(email === undefined ? {} : { email }),
    ...(lastLoginAt === undefined ? {} : { lastLoginAt: new Date(lastLoginAt).toISOString() }),
  }
}
