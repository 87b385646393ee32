import { loadCatalogue } from '../../catalogue/catalogue.ts'
import { Scope } from '../../scope.ts'
import { pluginFolderOf, pluginSourcesOf, type Surroundings } from '../surroundings.ts'
import type { Finding } from './finding.ts'

/** The plugins: which are found, and why others are not taken. */
export async function examinePlugins(surroundings: Surroundings): Promise<readonly Finding[]> {
  const folder = pluginFolderOf(surroundings)
  const scope = new Scope('doctor')
  try {
    const { releases, rejected } = await loadCatalogue(await pluginSourcesOf(surroundings), scope)
    const found = releases.map(({ manifest }) => `${manifest.id} ${manifest.version}`).sort()
    return [
      found.length > 0
        ? { id: 'plugins', status: 'ok', what: `${found.length} in ${folder}: ${found.join(', ')}` }
        : { id: 'plugins', status: 'hint', what: `none in ${folder}`, fix: 'Name the folder that holds them with --plugins or LIBERACCES_PLUGINS.' },
      ...rejected.flatMap(({ source, problems }) => problems.map(({ message, fix }): Finding => ({ id: 'plugin-rejected', status: 'broken', what: `${source}: ${message}`, fix }))),
    ]
  } finally {
    await scope.close()
  }
}
