import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Principal } from './principal.ts'

/** Protection of cookie sessions against requests that other sites make a browser send. */
export interface Csrf {
  /** The token that a session's forms carry. */
  tokenFor(sessionTokenHash: Uint8Array): string
  /**
   * Whether a request that changes something, made by cookie, comes from our own page.
   * @param token - from the header `X-CSRF-Token` or the form field `_csrf`
   */
  check(request: { readonly headers: IncomingHttpHeaders }, principal: Principal, token: string | undefined): boolean
}

// What a form of another site can send without asking us first (Fetch standard, CORS-safelisted).
const FORM_TYPES: ReadonlySet<string> = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])

/** @param key - 32 bytes, derived for this purpose alone */
export function createCsrf({ key }: { readonly key: Uint8Array }): Csrf {
  return {
    tokenFor: (sessionTokenHash) => createHmac('sha256', key).update(sessionTokenHash).digest('base64url'),
    check({ headers }, principal, token) {
      if (!originAllowed(headers, headers.host)) return false
      if (token !== undefined) return sameToken(principal.csrfToken, token)
      const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
      if (type !== undefined) return !FORM_TYPES.has(type)
      // Without a body a form could have sent it too: then the browser must have said where it comes from.
      return headers['sec-fetch-site'] === 'same-origin' || headers.origin !== undefined
    },
  }
}

/**
 * Whether what the browser says of a request's origin speaks against it. A client that says nothing is no browser of
 * today, and passes.
 * @param ownHost - host the request was sent to, with its port where it has one
 */
export function originAllowed(headers: IncomingHttpHeaders, ownHost: string | undefined): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin } = headers
  if (origin === undefined) return true
  const url = URL.parse(origin)
  // Behind a proxy that ends TLS we cannot know our own scheme, so hosts alone are compared.
  return url !== null && ownHost !== undefined && url.host === hostFor(url.protocol, ownHost)
}

/** A host as the URL parser writes it: lower case, without the scheme's own port. */
function hostFor(protocol: string, host: string): string | undefined {
  return protocol === 'http:' || protocol === 'https:' ? URL.parse(`${protocol}//${host}`)?.host : undefined
}

function sameToken(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)]
  return expected !== '' && one.length === other.length && timingSafeEqual(one, other)
}
