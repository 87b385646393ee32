import { requireScope } from '../../runtime/scope-gate.ts'
import type { RequestContext } from '../request-context.ts'
import type { EndpointSetup } from './endpoint-setup.ts'

const GRANTED: ReadonlySet<string> = new Set(['files'])
const NONE: ReadonlySet<string> = new Set()

/**
 * Stands in front of files that the kernel takes or sends for a plugin, outside of its own calls.
 * @throws PlatformError `SCOPE_MISSING`, `SCOPE_REFUSED`
 */
export async function requireFiles({ ports, release }: Pick<EndpointSetup, 'ports' | 'release'>, context: RequestContext): Promise<void> {
  // Most ask for the scope outright, and are not asked again.
  if (release.manifest.scopes.includes('files')) return
  const isGranted = await ports.runtime.call(release, context, { what: 'scope files', limitMs: release.manifest.limits.callMs }, (c) => c.granted('files'))
  requireScope(release, isGranted ? GRANTED : NONE, 'files')
}
