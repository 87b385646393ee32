import type { IncomingMessage } from 'node:http'
import type { Locale } from '@liberacces/sdk'
import type { Logger } from 'pino'
import type { Code } from '../errors.ts'
import { METHODS_HEADER, type Refusal } from './refusal.ts'
import { findRequestContext, type RequestContext } from './request-context.ts'
import { pathOf } from './request-path.ts'
import { prefersHtml } from './media-preference.ts'
import { PROBLEM_TYPE, problemOf, type Problem } from './problem.ts'
import { toPlatformError } from './to-platform-error.ts'
import { traceIdOf } from './traceparent.ts'

/** A page about an error, for the person in front of it. */
interface ErrorPage {
  readonly context: RequestContext
  /** Nothing in it tells of the platform's inside. */
  readonly problem: Problem
}

/** What an error page needs from outside. */
export interface FailurePorts {
  readonly log: Logger
  /** The whole page, in the reader's language. */
  renderError(page: ErrorPage): string | Promise<string>
}

/** Which plugin a request was for, for the log. */
export interface Blame {
  readonly plugin: string
  readonly release: string
}

/** An answer about an error, ready to send. */
export interface FailureAnswer {
  readonly code: Code
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Turns any error into an answer, as a page or as problem details, and logs it: 5xx as errors with their cause, the rest at
 * debug. Never throws: where the page cannot be rendered, a plain one is sent.
 */
export async function answerFailure(ports: FailurePorts, request: IncomingMessage, thrown: unknown, blame?: Blame): Promise<FailureAnswer> {
  const error = toPlatformError(thrown)
  const context = findRequestContext(request)
  const traceId = context === undefined ? undefined : traceIdOf(context.traceparent)
  const path = pathOf(request.url ?? '')
  const refusal = error as Refusal
  const problem = problemOf(error, {
    instance: path,
    ...(traceId === undefined ? {} : { traceId }),
    ...(refusal.status === undefined ? {} : { status: refusal.status }),
  })
  const line = { code: error.code, status: problem.status, method: request.method, path, tenant: context?.tenant.info.slug, ...blame, traceId }
  // A plugin that is out of service was told of once; each request that it costs is no news.
  if (problem.status >= 500 && problem.outage === undefined) ports.log.error({ ...line, err: error }, error.message)
  else ports.log.debug({ ...line, fields: error.fields }, error.message)

  const headers: Record<string, string> = {
    'Cache-Control': 'no-store',
    ...(error.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(error.retryAfterSeconds) }),
    ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    ...(refusal[METHODS_HEADER] === undefined ? {} : { Allow: refusal[METHODS_HEADER] }),
  }
  if (!prefersHtml(request.headers.accept)) {
    return { code: error.code, status: problem.status, headers: { ...headers, 'Content-Type': PROBLEM_TYPE }, body: JSON.stringify(problem) }
  }
  const body = context === undefined ? plainPage(problem, 'fr') : await renderOrPlain(ports, context, problem)
  return { code: error.code, status: problem.status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' }, body }
}

async function renderOrPlain(ports: FailurePorts, context: RequestContext, problem: Problem): Promise<string> {
  try {
    return await ports.renderError({ context, problem })
  } catch (cause) {
    ports.log.error({ err: cause, code: problem.code, traceId: problem.traceId }, 'The error page itself could not be rendered.')
    return plainPage(problem, context.locale)
  }
}

/** A page that needs nothing: no tenant, no style, no template. */
function plainPage(problem: Problem, locale: Locale): string {
  const [title, text] = PLAIN[locale](problem.status)
  const trace = problem.traceId === undefined ? '' : `<p><code>${problem.traceId}</code></p>`
  return `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head><body><main><h1>${title}</h1><p>${text}</p>${trace}</main></body></html>`
}

const PLAIN: Readonly<Record<Locale, (status: number) => readonly [title: string, text: string]>> = {
  fr: (status) => (status >= 500
    ? ['Service momentanément indisponible', 'Réessayez dans quelques instants.']
    : status === 404 ? ['Page introuvable', 'Il n’y a rien à cette adresse. Vérifiez-la, puis réessayez.'] : ['Demande refusée', 'Cette demande ne peut pas être traitée.']),
  en: (status) => (status >= 500
    ? ['Service unavailable', 'Try again in a moment.']
    : status === 404 ? ['Page not found', 'There is nothing at this address. Check it and try again.'] : ['Request refused', 'This request cannot be handled.']),
}
