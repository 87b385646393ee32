import type { ServerResponse } from 'node:http'

/**
 * The one style sheet that Turbo writes into a page when it loads (how `turbo-frame` is laid out). A browser test fails when a
 * later Turbo writes another: then it says the hash.
 */
const TURBO_STYLE = "'sha256-WAyOw4V+FqDc35lQPyRADLBWbuNK8ahvYEaQIYF1+Ps='"

/** Nothing from elsewhere, nothing inline but Turbo's own, in no one's frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'", `style-src 'self' ${TURBO_STYLE}`, "img-src 'self' data:", "script-src 'self'", "connect-src 'self'", "font-src 'self'",
  "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
].join('; ')

/** On every answer, whoever makes it. */
export const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['Content-Security-Policy', CONTENT_SECURITY_POLICY],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
]

/** Set before anybody else touches the answer, so that none can forget them. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value)
}

/**
 * Lets the one page that is answered send its form to one other origin, and say to it where it comes from.
 * @param origin - `scheme://host[:port]` of a host of ours
 */
export function allowFormTo(response: ServerResponse, origin: string): void {
  if (new URL(origin).origin !== origin) throw new Error(`"${origin}" is no origin.`)
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY.replace("form-action 'self'", `form-action 'self' ${origin}`))
  // "same-origin" would make the browser say "Origin: null".
  response.setHeader('Referrer-Policy', 'strict-origin')
}
