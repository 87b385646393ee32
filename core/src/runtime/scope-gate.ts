import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from './release.ts'

/** What a release may do without asking: it declares nothing that could be refused. */
export const NO_SCOPES: ReadonlySet<string> = new Set()

/**
 * Whether a plugin may use a scope on a tenant.
 * @param accepted - the optional scopes that the tenant's administrator granted
 */
export function mayUse({ manifest }: Pick<LoadedRelease, 'manifest'>, accepted: ReadonlySet<string>, scope: string): boolean {
  return manifest.scopes.includes(scope) || (accepted.has(scope) && isOptional(manifest, scope))
}

/**
 * Stands in front of everything that a scope opens.
 * @throws PlatformError `SCOPE_MISSING` for what the plugin never asked for, `SCOPE_REFUSED` for what was not granted to it
 */
export function requireScope(release: Pick<LoadedRelease, 'manifest'>, accepted: ReadonlySet<string>, scope: string): void {
  if (mayUse(release, accepted, scope)) return
  const { manifest } = release
  if (isOptional(manifest, scope)) {
    throw new PlatformError('SCOPE_REFUSED', `Plugin "${manifest.id}" used its optional scope "${scope}", which this tenant's administrator has not granted.`,
      { fix: `Grant it with \`liberacces consent accept ${manifest.id} ${scope} --tenant T\`; the plugin asks c.granted('${scope}') first.` })
  }
  throw new PlatformError('SCOPE_MISSING', `Plugin "${manifest.id}" did not ask for the scope "${scope}".`, { fix: `Add '${scope}' to scopes or optionalScopes.` })
}

function isOptional({ optionalScopes }: LoadedRelease['manifest'], scope: string): boolean {
  return optionalScopes !== undefined && Object.hasOwn(optionalScopes, scope)
}
