import type { Storage } from '../storage/storage.ts'
import type { DescribedSource } from './catalogue.ts'
import type { Connect } from './described-release.ts'
import type { ReleaseFolder } from './release-folder.ts'
import { storedSource } from './stored-source.ts'

/**
 * The installed releases as sources of the catalogue. What an installation or removal that was cut short left in the folder is taken away
 * first, and said: what is on record is there, and what is not on record is not.
 */
export async function openReleases(storage: Storage, folder: ReleaseFolder, connect: Connect, log: { warn(detail: object, message: string): void }): Promise<readonly DescribedSource[]> {
  const rows = await storage.platform.selectFrom('release').selectAll().orderBy('installed_at').execute()
  const left = await folder.clean(rows)
  if (left.length > 0) log.warn({ left }, 'removed what an interrupted installation or removal of a release had left')
  const there = new Set((await folder.list()).map(({ id, version }) => `${id}@${version}`))
  for (const { id, version } of rows) {
    if (!there.has(`${id}@${version}`)) log.warn({ plugin: id, version, code: 'RELEASE_DAMAGED' }, 'the archive of an installed release is missing; install the same archive again')
  }
  return rows.map((row) => storedSource(folder, connect, row))
}
