import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PlatformError } from '../errors.ts'
import { nothingHere } from '../http/refusal.ts'
import { addCookie, requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { isOwnAccount } from '../identity/own-password.ts'
import { SESSION_LIFE_MS } from '../identity/sessions.ts'
import { OwnAccountPage, type OwnAccountPageProps } from '../pages/own-account.tsx'
import { translator } from '../pages/translate.ts'
import { roleItems } from './admin-accounts.ts'
import { readForm } from './read-form.ts'
import { goOn, sendPage } from './send-page.ts'
import { sessionCookie } from './session-cookie.ts'
import type { SiteServices } from './site-services.ts'
import { tokenItem } from './token-item.ts'

const NoFields = Type.Object({})
const Text = Type.String({ maxLength: 1000 })
const PasswordForm = Type.Object({ username: Type.Optional(Text), current: Text, next: Text, again: Text })

/** A person's own account: who one is here, the password, the tokens of programs that act as oneself. */
export function registerOwnAccount(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/compte', (request, reply) => page(request, reply))

  instance.post('/compte/mot-de-passe', async (request, reply) => {
    const context = requirePerson(request)
    const { current, next, again } = readForm(services, request, PasswordForm)
    const t = translator(context.locale)
    const { tenant, principal } = context
    const problem = await services.ownPassword.problemOf(principal, tenant, next)
    if (problem !== undefined) return page(request, reply.code(422), { next: t(`own.problem.${problem}`) })
    if (next !== again) return page(request, reply.code(422), { again: t('own.problem.again') })
    try {
      const { token } = await services.ownPassword.change({ tenant, principal, current, next, ip: request.ip })
      addCookie(reply.raw, sessionCookie(services, token, SESSION_LIFE_MS / 1000))
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error
      if (error.code === 'LOGIN_FAILED') return page(request, reply.code(422), { current: t('own.problem.current') })
      if (error.code !== 'LOGIN_THROTTLED') throw error
      const waitSeconds = error.retryAfterSeconds ?? 60
      return page(request, reply.code(429).header('retry-after', String(waitSeconds)), { current: t('login.throttled.advice', { minutes: Math.max(1, Math.ceil(waitSeconds / 60)) }) })
    }
    return reply.code(303).header('location', '/compte?fait=1').send()
  })

  instance.post<{ Params: { id: string } }>('/compte/jetons/:id/revoquer', async (request, reply) => {
    const context = requirePerson(request)
    readForm(services, request, NoFields)
    const { tenant, principal } = context
    const mine = isOwnAccount(principal) ? await services.apiTokens.list(tenant.id, principal.id) : []
    if (!mine.some(({ id }) => id === request.params.id)) throw nothingHere()
    await services.apiTokens.revoke(tenant.id, request.params.id, actorOf(context))
    return goOn(services, request, reply, '/compte', translator(context.locale)('tokens.revoked'))
  })

  function requirePerson(request: FastifyRequest): RequestContext {
    const context = requestContext(request.raw)
    if (context.principal.kind === 'account') return context
    throw new PlatformError('AUTH_REQUIRED', 'This needs a login.', { fix: 'Log in first.' })
  }

  async function page(request: FastifyRequest, reply: FastifyReply, errors: Readonly<Record<string, string>> = {}): Promise<FastifyReply> {
    const context = requirePerson(request)
    const { principal, locale } = context
    const titles = new Map((await roleItems(services, context)).map(({ id, title }) => [id, title]))
    return sendPage(services, request, reply, {
      area: 'plain',
      title: translator(locale)('own.title'),
      body: jsx(OwnAccountPage, {
        name: principal.name, roles: principal.roles.map((id) => titles.get(id) ?? id), account: await accountPart(context, request, errors),
        ...(principal.email === undefined ? {} : { email: principal.email }),
        ...((request.query as { fait?: unknown }).fait === '1' && Object.keys(errors).length === 0 ? { changed: true } : {}),
      }),
    })
  }

  async function accountPart({ tenant, principal }: RequestContext, request: FastifyRequest, errors: Readonly<Record<string, string>>): Promise<OwnAccountPageProps['account']> {
    const { entry } = principal
    if (entry?.kind === 'guest') {
      const home = services.tenants.byId(entry.homeId)
      const port = /:\d+$/.exec(request.headers.host ?? '')?.[0] ?? ''
      return { kind: 'guest', homeName: home?.info.name ?? '', homeHref: `//${home?.hosts[0] ?? ''}${port}/compte` }
    }
    if (entry !== undefined) return { kind: 'operator' }
    const account = await services.accounts.get(tenant.id, principal.id)
    return { kind: 'own', login: account?.login ?? '', tokens: (await services.apiTokens.list(tenant.id, principal.id)).map(tokenItem), errors }
  }
}
