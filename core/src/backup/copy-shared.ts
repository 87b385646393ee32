import { join } from 'node:path'
import type { SharedFiles } from '../storage/shared-files.ts'

const SNAPSHOTS = 'snapshots'

/**
 * Brings into a backup what other nodes have made and this one may never have read: archives of releases, databases of snapshots. What is there already stays.
 * @param releasePath - where a release lies below a data folder
 * @throws PlatformError `FILE_DAMAGED`
 */
export async function copyShared(shared: Pick<SharedFiles, 'names' | 'fetch'>, releasePath: (id: string, version: string) => string, out: string): Promise<void> {
  for (const name of await shared.names('releases/')) {
    const [, id = '', version = ''] = name.split('/')
    await shared.fetch(name, join(out, releasePath(id, version)))
  }
  for (const name of await shared.names(`${SNAPSHOTS}/`)) {
    const [, tenantId = '', pluginId = '', id = ''] = name.split('/')
    await shared.fetch(name, join(out, SNAPSHOTS, tenantId, pluginId, id, 'store.sqlite'))
  }
}
