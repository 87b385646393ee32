import { join } from 'node:path'
import { createReleaseFolder } from '../../catalogue/release-folder.ts'
import { unmatchedGroups } from '../../catalogue/unmatched-groups.ts'
import type { Config } from '../../config.ts'
import { pluginSourcesOf, type Surroundings } from '../surroundings.ts'
import type { Finding } from './finding.ts'

/** The groups of plugins that share a process, and what they name that is not here. Nothing where there are none. */
export async function examineGroups(surroundings: Surroundings, { processGroups, dataFolder }: Pick<Config, 'processGroups' | 'dataFolder'>): Promise<readonly Finding[]> {
  if (processGroups.length === 0) return []
  const installed = (await createReleaseFolder(join(dataFolder, 'releases')).list()).map(({ id }) => ({ names: [id] }))
  const missing = unmatchedGroups(processGroups, [...await pluginSourcesOf(surroundings), ...installed])
  return [
    ...processGroups.map(({ name, memoryMb, plugins }): Finding => ({ id: 'process-group', status: 'ok', what: `"${name}" shares one process of ${memoryMb} MiB: ${plugins.join(', ')}; they must trust each other` })),
    ...(missing.length === 0 ? [] : [{ id: 'process-group', status: 'hint', what: `no plugin is called ${missing.join(', ')}`, fix: 'In LIBERACCES_PROCESS_GROUPS name a plugin from an archive by its id, one of the plugins folder by its folder.' } as const]),
  ]
}
