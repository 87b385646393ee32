import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from './release.ts'
import { requireScope } from './scope-gate.ts'

/** Redirects followed at most; each one's host is held against the scopes too. */
const MOST_REDIRECTS = 5

/**
 * A request of a plugin to the outside, to hosts that it declared as `net:<host>` alone, over HTTPS alone, redirects included.
 * @param accepted - the optional scopes that the tenant's administrator granted
 * @throws PlatformError `SCOPE_MISSING` for any other host, `SCOPE_REFUSED` for one that was not granted
 */
export async function fetchAs(release: LoadedRelease, accepted: ReadonlySet<string>, fetch: typeof globalThis.fetch, url: string | URL, init: RequestInit): Promise<Response> {
  let target = new URL(url)
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    refuseUndeclared(release, accepted, target)
    const response = await fetch(target, { ...init, redirect: 'manual' })
    const next = response.headers.get('location')
    if (next === null || ![301, 302, 303, 307, 308].includes(response.status)) return response
    await response.body?.cancel()
    target = new URL(next, target)
  }
  throw new PlatformError('SCOPE_MISSING', `Plugin "${release.manifest.id}" was sent on more than ${MOST_REDIRECTS} times from ${new URL(url).host}.`, { fix: 'Ask for the final address.' })
}

function refuseUndeclared(release: LoadedRelease, accepted: ReadonlySet<string>, target: URL): void {
  const scope = `net:${target.hostname}`
  const { scopes, optionalScopes = {} } = release.manifest
  if (target.protocol === 'https:' && (scopes.includes(scope) || Object.hasOwn(optionalScopes, scope))) {
    requireScope(release, accepted, scope)
    return
  }
  throw new PlatformError('SCOPE_MISSING', `Plugin "${release.manifest.id}" may not send a request to ${target.protocol}//${target.host}.`,
    { fix: `Declare '${scope}' in scopes or optionalScopes, and use HTTPS.` })
}
