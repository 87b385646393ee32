import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import { parseCookie } from 'cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PlatformError } from '../errors.ts'
import { prefersHtml } from '../http/media-preference.ts'
import { safeNext } from '../http/next-path.ts'
import { addCookie, requestContext } from '../http/request-context.ts'
import { originAllowed } from '../identity/csrf.ts'
import { BUREAU_OPEN } from '../identity/kernel-permissions.ts'
import { SESSION_COOKIE } from '../identity/session-cookie.ts'
import { SESSION_LIFE_MS } from '../identity/sessions.ts'
import { LoginPage, type LoginPageProps } from '../pages/login.tsx'
import { translator } from '../pages/translate.ts'
import { fits } from '../validation.ts'
import { framedAnswer } from './frame.ts'
import { readForm } from './read-form.ts'
import { sessionCookie } from './session-cookie.ts'
import type { SiteServices } from './site-services.ts'

const Credentials = Type.Object({ login: Type.String({ maxLength: 200 }), password: Type.String({ maxLength: 1000 }), next: Type.Optional(Type.String()) })
const NoFields = Type.Object({})

/** Logging in and out. */
export function registerLogin(instance: FastifyInstance, services: SiteServices): void {
  instance.get<{ Querystring: { next?: string } }>('/auth/login', (request, reply) => {
    const { principal } = requestContext(request.raw)
    const next = safeNext(request.query.next)
    if (principal.kind === 'account' && request.query.next === undefined) return reply.code(303).header('location', '/').send()
    return page(request, reply, { login: '', next, ...(request.query.next === undefined ? {} : { problem: { kind: 'required' } }) })
  })

  instance.post('/auth/login', async (request, reply) => {
    const { tenant } = requestContext(request.raw)
    // There is no session yet to carry a token: where the request comes from decides.
    if (!originAllowed(request.headers, request.headers.host)) {
      throw new PlatformError('CSRF_REFUSED', 'This login does not come from our own page.', { fix: 'Open the login page and send it from there.' })
    }
    const fromForm = request.body instanceof URLSearchParams
    const credentials: unknown = fromForm ? Object.fromEntries(request.body as URLSearchParams) : request.body
    if (!fits(Credentials, credentials)) {
      throw new PlatformError('REQUEST_INVALID', 'A login takes the fields "login" and "password", both text.', { fix: 'Send them as JSON or as a form.', fields: { login: 'text', password: 'text' } })
    }
    const next = safeNext(credentials.next)
    try {
      const previousToken = parseCookie(request.headers.cookie ?? '')[SESSION_COOKIE]
      const { token, principal } = await services.login.login({
        tenant, login: credentials.login, password: credentials.password, ip: request.ip, ...(previousToken === undefined ? {} : { previousToken }),
      })
      addCookie(reply.raw, sessionCookie(services, token, SESSION_LIFE_MS / 1000))
      const home = principal.permissions.has(BUREAU_OPEN) && tenant.info.kind !== 'pool' ? '/bureau' : '/'
      const to = credentials.next === undefined || next === '/' ? home : next
      if (fromForm || prefersHtml(request.headers.accept)) return await reply.code(303).header('location', to).send()
      return await reply.send({ account: { id: principal.id, name: principal.name, roles: principal.roles }, csrfToken: principal.csrfToken, next: to })
    } catch (error) {
      if (!fromForm || !(error instanceof PlatformError)) throw error
      if (error.code === 'LOGIN_FAILED') return page(request, reply.code(401), { login: credentials.login, next, problem: { kind: 'failed' } })
      if (error.code !== 'LOGIN_THROTTLED') throw error
      const waitSeconds = error.retryAfterSeconds ?? 60
      return page(request, reply.code(429).header('retry-after', String(waitSeconds)), { login: credentials.login, next, problem: { kind: 'throttled', waitSeconds } })
    }
  })

  instance.post('/auth/logout', async (request, reply) => {
    readForm(services, request, NoFields)
    const token = parseCookie(request.headers.cookie ?? '')[SESSION_COOKIE]
    if (token !== undefined) await services.login.logout(token, requestContext(request.raw).tenant)
    addCookie(reply.raw, sessionCookie(services, '', 0))
    return reply.code(303).header('location', '/').send()
  })

  function page(request: FastifyRequest, reply: FastifyReply, props: Omit<LoginPageProps, 'tenantName'>): FastifyReply {
    const { tenant, locale } = requestContext(request.raw)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'plain',
      title: translator(locale)('login.title'),
      body: jsx(LoginPage, { tenantName: tenant.info.name, ...props }),
    }))
  }
}
