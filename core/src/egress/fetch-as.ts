import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { requireScope } from '../runtime/scope-gate.ts'
import { checkAddress, type EgressGate } from './egress-policy.ts'
import { limitedBody } from './limited-body.ts'
import { limitedResponse } from './limited-response.ts'
import type { PinnedFetch } from './pinned-fetch.ts'
import { sentHeaders } from './sent-headers.ts'

/** Redirects followed at most; each one's host is held against the scopes and looked up anew. */
const MOST_REDIRECTS = 5
/** Longest that one request may take, its answer included, in milliseconds; the call's own limit may be shorter. */
const LONGEST_MS = 60_000
/** Largest answer that a plugin gets, and most that it sends, in bytes. Answers come as they were sent: what is packed is the plugin's to unpack. */
const LARGEST_BYTES = 32 * 1_048_576
/** Headers that say whom one is towards one host; they do not go along to another. */
const CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'] as const

/** What requests of plugins go through. */
export interface EgressDeps extends EgressGate {
  readonly fetch: PinnedFetch
}

/** Who asks: a release, with the optional scopes that the tenant's administrator granted. */
export interface Asker {
  readonly release: Pick<LoadedRelease, 'manifest'>
  readonly accepted: ReadonlySet<string>
}

/**
 * A request of a plugin to the outside: to hosts that it declared as `net:<host>`, or to any public one with `net:*`; over HTTPS alone, unless
 * the operator named the host; to public addresses alone, likewise. The addresses are looked at before the connection is made to just them, at
 * each redirect too.
 * @throws PlatformError `SCOPE_MISSING` for any other host, `SCOPE_REFUSED` for one that was not granted, `EGRESS_REFUSED` for an address that
 * is not public, `EGRESS_FAILED` when nobody answers or the answer is too large
 */
export async function fetchAs(deps: EgressDeps, asker: Asker, url: string | URL, init: RequestInit): Promise<Response> {
  let target = new URL(url)
  let { method = 'GET' } = init
  const headers = sentHeaders(init.headers)
  const signal = AbortSignal.any([AbortSignal.timeout(LONGEST_MS), ...(init.signal === null || init.signal === undefined ? [] : [init.signal])])
  const content = await limitedBody(init.body, LARGEST_BYTES, signal)
  let body = content?.bytes ?? null
  if (content?.type !== undefined && !headers.has('content-type')) headers.set('content-type', content.type)
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const { addresses } = await checkTarget(deps, asker, target, signal)
    const response = await send(deps.fetch, target, { ...init, method, body, headers, signal, redirect: 'manual' }, addresses)
    const next = response.headers.get('location')
    if (next === null || ![301, 302, 303, 307, 308].includes(response.status) || init.redirect === 'manual') return limitedResponse(response, LARGEST_BYTES, target)
    await response.body?.cancel()
    if (init.redirect === 'error') throw failed(target, 'it sends on to another address, which was not to be followed')
    const to = URL.canParse(next, target) ? new URL(next, target) : undefined
    if (to === undefined) throw failed(target, 'it sends on to what is no address')
    if (to.origin !== target.origin) for (const name of CREDENTIALS) headers.delete(name)
    // As browsers do (Fetch, HTTP-redirect fetch): what follows is a plain question.
    if (response.status === 303 || ([301, 302].includes(response.status) && method.toUpperCase() === 'POST')) {
      method = 'GET'
      body = null
      headers.delete('content-type')
    }
    target = to
  }
  throw failed(new URL(url), `it sends on more than ${MOST_REDIRECTS} times`)
}

async function checkTarget(gate: EgressGate, { release, accepted }: Asker, target: URL, signal: AbortSignal): Promise<{ readonly addresses: readonly string[] }> {
  const plugin = release.manifest.id
  const scope = scopeFor(release, target)
  if (scope === undefined || !['https:', 'http:'].includes(target.protocol) || target.username !== '' || target.password !== '') {
    throw new PlatformError('SCOPE_MISSING', `Plugin "${plugin}" may not send a request to ${target.protocol}//${target.host}.`,
      { fix: `Declare 'net:${target.hostname}' in scopes or optionalScopes, and use HTTPS, without a user in the address.` })
  }
  requireScope(release, accepted, scope)
  const port = target.port === '' ? (target.protocol === 'https:' ? 443 : 80) : Number(target.port)
  const checked = await checkAddress(gate, plugin, target.hostname, port, signal)
  if (target.protocol !== 'https:' && !checked.isAllowed) {
    throw new PlatformError('EGRESS_REFUSED', `Plugin "${plugin}" may not send a request to ${target.host} without TLS.`,
      { fix: 'Use https. For a host on a network of your own the operator of the platform can add it to LIBERACCES_EGRESS_ALLOW.' })
  }
  return checked
}

/** The scope that opens the way: the host's own before the one for all. */
function scopeFor({ manifest: { scopes, optionalScopes = {} } }: Asker['release'], { hostname }: URL): string | undefined {
  return [`net:${hostname}`, 'net:*'].find((scope) => scopes.includes(scope) || Object.hasOwn(optionalScopes, scope))
}

async function send(fetch: PinnedFetch, target: URL, init: RequestInit, addresses: readonly string[]): Promise<Response> {
  try {
    return await fetch(target, init, addresses)
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause
    throw failed(target, describe(cause, init.signal ?? undefined), cause)
  }
}

function describe(cause: unknown, signal: AbortSignal | undefined): string {
  if (signal?.aborted === true) return 'it did not answer in time'
  const { code, message } = cause as { readonly code?: string; readonly message?: string }
  return code ?? message ?? 'the connection failed'
}

function failed(target: URL, what: string, cause?: unknown): PlatformError {
  return new PlatformError('EGRESS_FAILED', `A request to ${target.host} failed: ${what}.`, { fix: 'Look at the address and whether who is there answers; try again later.', cause })
}
