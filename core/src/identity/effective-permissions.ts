import { POOL_ADMIN, TENANTS_MANAGE, type Permission } from './kernel-permissions.ts'

/** An administrator's decisions: role to permission to whether it is held. */
export type Decisions = ReadonlyMap<string, ReadonlyMap<string, boolean>>

/**
 * Whether a role holds a permission before anyone decided. `pool-admin` holds what `tenant-admin` does: plugins, which
 * cannot know the Pool, name only the latter.
 */
export function holdsByDefault(role: string, { roles }: Permission): boolean {
  return roles.includes(role) || (role === POOL_ADMIN && roles.includes('tenant-admin'))
}

/**
 * What a person of these roles may do: for each role its defaults, as changed by decisions about that role; then all of it
 * together. A decision about a permission that does not exist (its plugin is off) gives nothing.
 */
export function effectivePermissions(available: readonly Permission[], roles: readonly string[], decisions: Decisions, isPool: boolean): ReadonlySet<string> {
  const held = new Set<string>()
  for (const role of roles) {
    if (role === POOL_ADMIN && !isPool) continue
    const decided = decisions.get(role)
    for (const each of available) {
      if (each.permission === TENANTS_MANAGE && role !== POOL_ADMIN) continue
      if (decided?.get(each.permission) ?? holdsByDefault(role, each)) held.add(each.permission)
    }
  }
  return held
}
