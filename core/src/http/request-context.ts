import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Locale } from '@liberacces/sdk'
import type { Principal } from '../identity/principal.ts'
import type { Leaving } from '../runtime/call-limit.ts'
import type { Passage } from '../runtime/gates.ts'
import type { Origin } from '../runtime/runtime.ts'
import type { Tenant } from '../tenancy/tenant.ts'

/** What the front found out about a request before anyone else saw it. It is the origin of calls into plugins. */
export class RequestContext implements Origin, Leaving {
  readonly tenant: Tenant
  readonly principal: Principal
  readonly locale: Locale
  readonly traceparent: string
  readonly tracestate: string | undefined
  /** An answer of a plugin to a request is not kept. */
  readonly reads = undefined
  /** Set by the front when the request goes into a plugin. */
  passage: Passage | undefined
  #abort: AbortController | undefined
  #gone = false
  #watchers: Set<(reason: unknown) => void> | undefined

  constructor(tenant: Tenant, principal: Principal, locale: Locale, { traceparent, tracestate }: { readonly traceparent: string; readonly tracestate: string | undefined }) {
    this.tenant = tenant
    this.principal = principal
    this.locale = locale
    this.traceparent = traceparent
    this.tracestate = tracestate
  }

  /** Aborted when the caller went away. Made on first use: most requests end before anyone asks. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.#gone) this.#abort.abort()
    }
    return this.#abort.signal
  }

  get leaving(): Leaving {
    return this
  }

  watch(left: (reason: unknown) => void): () => void {
    if (this.#gone) {
      left(this.signal.reason)
      return () => undefined
    }
    const watchers = (this.#watchers ??= new Set())
    watchers.add(left)
    return () => { watchers.delete(left) }
  }

  /** The caller went away before the answer was complete. */
  leave(): void {
    this.#gone = true
    this.#abort?.abort()
    if (this.#watchers !== undefined && this.#watchers.size > 0) for (const left of this.#watchers) left(this.signal.reason)
  }
}

const CONTEXT = Symbol('liberacces.context')
interface Carrier {
  [CONTEXT]?: RequestContext
}

/** Set once, by the front. */
export function setRequestContext(request: IncomingMessage, context: RequestContext): void {
  (request as Carrier)[CONTEXT] = context
}

/** The context of a request, where the front got as far as making one. */
export function findRequestContext(request: IncomingMessage): RequestContext | undefined {
  return (request as Carrier)[CONTEXT]
}

/** The context of a request that the front handed on. */
export function requestContext(request: IncomingMessage): RequestContext {
  const context = (request as Carrier)[CONTEXT]
  if (context === undefined) throw new Error('This request did not come through the front, so nobody knows its tenant.')
  return context
}

/** What a person sees when logged in is for nobody else's eyes, nor for the next one's at the same machine. */
export function cacheControlFor({ principal }: RequestContext): string {
  return principal.kind === 'anonymous' ? 'no-cache' : 'private, no-store'
}

/** Adds a cookie to an answer. Use this alone: a `set-cookie` header set elsewhere would replace the others. */
export function addCookie(response: ServerResponse, cookie: string): void {
  response.appendHeader('Set-Cookie', cookie)
}
