import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncNames } from '../storage/sync-folder.ts'
import { INDEX_FILE } from './archive-folder.ts'
import { archiveFolders, archivePath, removeAll, UNFINISHED } from './archive-path.ts'
import type { ArchiveName, ArchiveShelf } from './archive-shelf.ts'
import type { SharedArchives } from './shared-archives.ts'

/** What the shelf is made from. */
export interface OwnArchiveShelfOptions {
  readonly folder: string
  /** Where archives lie that were made on a database of several nodes. */
  readonly before: SharedArchives
  readonly log: { warn(detail: object, message: string): void }
}

/** Archives of a platform that is one process: folders `<tenant id>/<plugin id>/<id>`. */
export function createOwnArchiveShelf({ folder, before, log }: OwnArchiveShelfOptions): ArchiveShelf {
  const placeOf = ({ tenantId, pluginId, id }: ArchiveName): string => archivePath(folder, tenantId, pluginId, id)

  const shelf: ArchiveShelf = {
    async put(name, write) {
      const place = placeOf(name)
      const unfinished = `${place}${UNFINISHED}`
      try {
        await rm(unfinished, { recursive: true, force: true })
        await mkdir(unfinished, { recursive: true, mode: 0o700 })
        const result = await write(unfinished)
        await rm(place, { recursive: true, force: true })
        await rename(unfinished, place)
        await syncNames(place, folder)
        return result
      } catch (error) {
        await removeAll(unfinished)
        throw error
      }
    },
    use: (name, body) => body(placeOf(name)),
    async index(name) {
      return await readFile(join(placeOf(name), INDEX_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
        throw error
      })
    },
    async names({ tenantId, pluginId }) {
      archivePath(folder, tenantId, ...(pluginId === undefined ? [] : [pluginId]))
      return (await archiveFolders(folder, { tenantId, pluginId })).filter(({ hasIndex }) => hasIndex)
    },
    async drop(name) {
      const place = placeOf(name)
      await removeAll(`${place}${UNFINISHED}`)
      // All at once: what a crash leaves is no archive any more, and goes at the next start.
      await rename(place, `${place}${UNFINISHED}`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
      })
      await removeAll(`${place}${UNFINISHED}`)
    },
    async dropTenant(tenantId) {
      await rm(archivePath(folder, tenantId), { recursive: true, force: true })
    },
    async open() {
      for (const { id, path } of await archiveFolders(folder)) if (id.endsWith(UNFINISHED)) await removeAll(path)
      for (const name of await before.names()) {
        if (await shelf.index(name) === undefined) {
          try {
            await shelf.put(name, (into) => before.bring(name, into))
          } catch (err) {
            log.warn({ tenant: name.tenantId, plugin: name.pluginId, archive: name.id, err }, 'an archive in the database cannot be brought to the data folder; the next start tries again')
            continue
          }
        }
        await before.drop(name)
      }
    },
    async sweep() {
      // There is nobody else, and what this process leaves is taken away when it starts again.
    },
    async copyOut() {
      // A backup takes the folder as it is.
    },
  }
  return shelf
}
