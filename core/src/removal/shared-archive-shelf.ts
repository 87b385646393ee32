import { mkdir } from 'node:fs/promises'
import { archiveFolders, archivePath, removeAll, UNFINISHED } from './archive-path.ts'
import type { ArchiveName, ArchiveShelf } from './archive-shelf.ts'
import type { SharedArchives } from './shared-archives.ts'

/** What the shelf is made from. */
export interface SharedArchiveShelfOptions {
  /** Where they lie on this node while it reads or writes them: never longer, since another node may delete them. */
  readonly folder: string
  readonly archives: SharedArchives
  readonly log: { warn(detail: object, message: string): void }
}

/** Archives of a platform of several nodes: each has all of them, whichever made them. */
export function createSharedArchiveShelf({ folder, archives, log }: SharedArchiveShelfOptions): ArchiveShelf {
  const placeOf = ({ tenantId, pluginId, id }: ArchiveName): string => archivePath(folder, tenantId, pluginId, id)

  const inPassing = async <Result>(name: ArchiveName, body: (work: string) => Promise<Result>): Promise<Result> => {
    const work = `${placeOf(name)}${UNFINISHED}`
    try {
      await removeAll(work)
      await mkdir(work, { recursive: true, mode: 0o700 })
      return await body(work)
    } finally {
      await removeAll(work)
    }
  }

  return {
    put: (name, write) => inPassing(name, async (work) => {
      const result = await write(work)
      await archives.publish(name, work)
      return result
    }),
    use: (name, body) => inPassing(name, async (work) => {
      await archives.bring(name, work)
      return body(work)
    }),
    async index(name) {
      placeOf(name)
      return archives.index(name)
    },
    async names({ tenantId, pluginId }) {
      archivePath(folder, tenantId, ...(pluginId === undefined ? [] : [pluginId]))
      return archives.names({ tenantId, ...(pluginId === undefined ? {} : { pluginId }) })
    },
    async drop(name) {
      const place = placeOf(name)
      await archives.drop(name)
      await removeAll(`${place}${UNFINISHED}`)
    },
    async dropTenant(tenantId) {
      await archives.dropTenant(tenantId)
      await removeAll(archivePath(folder, tenantId))
    },
    async open() {
      for (const { tenantId, pluginId, id, hasIndex, path } of await archiveFolders(folder)) {
        if (id.endsWith(UNFINISHED)) await removeAll(path)
        if (!hasIndex) continue
        // Made while there was one process, or brought by a backup.
        try {
          await archives.publish({ tenantId, pluginId, id }, path)
          await removeAll(path)
        } catch (err) {
          log.warn({ tenant: tenantId, plugin: pluginId, archive: id, err }, 'an archive in the data folder cannot be brought to where all nodes find it; the next start tries again')
        }
      }
    },
    sweep: (making) => archives.sweep(making),
    async copyOut(to, likewise) {
      for (const name of await archives.names()) {
        const place = [name.tenantId, name.pluginId, name.id] as const
        const into = archivePath(to, ...place)
        await archives.bring(name, into, likewise === undefined ? undefined : archivePath(likewise, ...place))
        // Deleted meanwhile: half of it is none.
        if (await archives.index(name) === undefined) await removeAll(into)
      }
    },
  }
}
