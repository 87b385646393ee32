import type { Manifest } from '@liberacces/sdk/host'
import { BUILT_IN_ROLES, POOL_ADMIN } from '../identity/kernel-permissions.ts'

/**
 * Roles that exist at a tenant only because of one plugin: it names them, and nobody else does. Pure.
 * @param others - the other plugins that the tenant has, on or off; `undefined` for one whose manifest is not to be had: it might name any
 * @param made - roles that the administrator made
 */
export function ownRoles(manifest: Manifest | undefined, others: readonly (Manifest | undefined)[], made: readonly string[]): readonly string[] {
  if (manifest === undefined || others.includes(undefined)) return []
  const kept = new Set([...Object.keys(BUILT_IN_ROLES), POOL_ADMIN, ...made, ...others.flatMap(namedBy)])
  return [...new Set(namedBy(manifest))].filter((role) => !kept.has(role)).sort()
}

function namedBy(manifest: Manifest | undefined): readonly string[] {
  if (manifest === undefined) return []
  return [...Object.keys(manifest.roles), ...Object.values(manifest.permissions).flatMap(({ roles }) => roles)]
}
