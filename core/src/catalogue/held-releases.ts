import type { Reloadable } from '../nodes/reloadable.ts'
import type { Storage } from '../storage/storage.ts'
import type { Catalogue } from './catalogue.ts'
import type { Connect } from './described-release.ts'
import type { ReleaseFolder } from './release-folder.ts'
import { storedSource } from './stored-source.ts'

/** The installed releases, as the catalogue knows them. One that another node removed is let go: no tenant runs it any more. */
export function heldReleases({ storage, catalogue, folder, connect, log }: {
  readonly storage: Storage
  readonly catalogue: Catalogue
  readonly folder: ReleaseFolder
  readonly connect: Connect
  readonly log: { warn(detail: object, message: string): void }
}): Reloadable {
  return {
    tables: ['release'],
    async reload() {
      // What is installed while the rows are read is not among them, and stays.
      const before = catalogue.manifests
      const rows = await storage.platform.selectFrom('release').selectAll().orderBy('installed_at').execute()
      for (const { id, version } of before) {
        const digest = catalogue.digest(id, version)
        if (digest === undefined || rows.some((row) => row.id === id && row.version === version && row.digest === digest)) continue
        // Requests under way on it may take their time; others are not to wait for that.
        const gone = catalogue.drop(id, version)
        const isReplaced = rows.some((row) => row.id === id && row.version === version)
        if (isReplaced) await gone
        else gone.catch((err: unknown) => { log.warn({ plugin: id, version, err }, 'a release that was removed did not close in good order') })
      }
      for (const row of rows) if (catalogue.manifest(row.id, row.version) === undefined) catalogue.add(storedSource(folder, connect, row))
    },
  }
}
