import type { GroupChoice } from '../process/group/groups.ts'
import type { PluginSource } from './plugin-source.ts'

/** What groups name and no plugin is called by: one of the folder of plugins is called by its folder, one from an archive by its id. */
export function unmatchedGroups(groups: readonly GroupChoice[], sources: readonly Pick<PluginSource, 'manifest' | 'names'>[]): readonly string[] {
  const known = new Set(sources.flatMap(({ manifest, names = [] }) => [...names, ...(manifest === undefined ? [] : [manifest.id])]))
  return groups.flatMap(({ plugins }) => plugins).filter((name) => !known.has(name))
}
