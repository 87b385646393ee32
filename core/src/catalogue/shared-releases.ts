import { PlatformError } from '../errors.ts'
import type { SharedFiles } from '../storage/shared-files.ts'
import type { ReleaseFolder, ReleaseKey } from './release-folder.ts'

/** A folder of releases of which every node has what it needs: what one installs is there for all, and comes when it is first read. */
export function sharedReleases(folder: ReleaseFolder, shared: SharedFiles): ReleaseFolder {
  if (!shared.isShared) return folder
  const nameOf = ({ id, version }: ReleaseKey): string => `releases/${id}/${version}`
  return {
    pathOf: (key) => folder.pathOf(key),
    async put(key, archive) {
      await folder.put(key, archive)
      await shared.publish(nameOf(key), folder.pathOf(key))
    },
    async read(key, digest) {
      try {
        return await folder.read(key, digest)
      } catch (error) {
        if (!(error instanceof PlatformError) || error.code !== 'RELEASE_DAMAGED') throw error
        // Missing here, or another one of the same name that was removed meanwhile.
        await folder.remove(key)
        if (!await shared.fetch(nameOf(key), folder.pathOf(key))) throw error
        return await folder.read(key, digest)
      }
    },
    async remove(key) {
      await folder.remove(key)
      await shared.remove(nameOf(key))
    },
    clean: (known) => folder.clean(known),
    async list() {
      const elsewhere = (await shared.names('releases/')).flatMap((name) => {
        const [, id, version] = name.split('/')
        return id === undefined || version === undefined ? [] : [{ id, version }]
      })
      return [...await folder.list(), ...elsewhere]
    },
  }
}
