import type { PlatformTables } from '../storage/platform-tables.ts'

/** Tenants whose rows have changed; `undefined` when any may have. */
export type ChangedTenants = ReadonlySet<string> | undefined

/** Rows of the kernel's tables that a service holds in memory. Another node may change them beneath it, and then has it read them anew. */
export interface Reloadable {
  readonly tables: readonly (keyof PlatformTables)[]
  /**
   * Reads what is held anew, as it is when this is called or later. Answers go on meanwhile, from what was held before. One at a time.
   * When it rejects, what is held is what was held before, and it is asked again.
   */
  reload(changed: ChangedTenants): Promise<void>
}

/** Keys of a map, or those of them that are asked for. */
export function changedAmong(held: ReadonlyMap<string, unknown>, changed: ChangedTenants): readonly string[] {
  return [...held.keys()].filter((id) => changed?.has(id) ?? true)
}
