import type { EndpointSetup } from '../endpoints/endpoint-setup.ts'
import type { RequestContext } from '../request-context.ts'

/** Whether the tenant lets this plugin run scripts on its pages. Most plugins ask for it outright, and are not asked again. */
export async function mayRunScripts({ ports, release }: Pick<EndpointSetup, 'ports' | 'release'>, context: RequestContext): Promise<boolean> {
  const { scopes, optionalScopes = {}, limits } = release.manifest
  if (scopes.includes('browser')) return true
  if (!Object.hasOwn(optionalScopes, 'browser')) return false
  return ports.runtime.call(release, context, { what: 'scope browser', limitMs: limits.callMs }, (c) => c.granted('browser'))
}
