import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import { syncFolder, syncNames } from '../storage/sync-folder.ts'
import { writeDurably } from '../storage/write-durably.ts'
import { digestOf } from './archive/digest.ts'

/** One release, as it lies on disk. */
export interface ReleaseKey {
  readonly id: string
  readonly version: string
}

/**
 * The archives of installed releases, each immutable under `<folder>/<plugin id>/<version>/plugin.tgz`. What is there is there as a
 * whole, also after a power cut. Ids and versions come from checked manifests, so that they are plain names.
 */
export interface ReleaseFolder {
  /**
   * Stores an archive, over one that nobody has on record.
   * @throws PlatformError `RELEASE_NOT_STORED`; nothing of it is left then
   */
  put(key: ReleaseKey, archive: Uint8Array): Promise<void>
  /** The archive. @param digest - that it must have @throws PlatformError `RELEASE_DAMAGED` */
  read(key: ReleaseKey, digest: string): Promise<Buffer>
  /** Takes an archive away; harmless when it is gone. */
  remove(key: ReleaseKey): Promise<void>
  /** What an installation or removal that was cut short left: everything but `known`. Removes it, and says what it was. */
  clean(known: readonly ReleaseKey[]): Promise<readonly string[]>
  /** Releases that have a folder, whatever is in it. */
  list(): Promise<readonly ReleaseKey[]>
  /** Where the archive of a release lies, or would. */
  pathOf(key: ReleaseKey): string
}

/** Writes a file and waits until it is on disk. */
export type WriteFile = (path: string, content: Uint8Array) => Promise<void>

const STAGING = '.staging'
const ARCHIVE = 'plugin.tgz'

/**
 * @param reached - told at each point where a crash must be harmless
 * @param write - how files are written; tests let a disk be full
 */
export function createReleaseFolder(folder: string, reached: (point: string) => void | Promise<void> = () => undefined, write: WriteFile = writeForGood): ReleaseFolder {
  const placeOf = ({ id, version }: ReleaseKey): string => join(folder, id, version)
  const staging = join(folder, STAGING)

  const list = async (): Promise<readonly ReleaseKey[]> => {
    const ids = await foldersIn(folder)
    const releases = await Promise.all(ids.filter((id) => id !== STAGING).map(async (id) => (await foldersIn(join(folder, id))).map((version) => ({ id, version }))))
    return releases.flat()
  }

  return {
    list,
    pathOf: (key) => join(placeOf(key), ARCHIVE),
    async put(key, archive) {
      const making = join(staging, `${key.id}@${key.version}`)
      try {
        await rm(making, { recursive: true, force: true })
        await mkdir(making, { recursive: true, mode: 0o700 })
        await write(join(making, ARCHIVE), archive)
        await syncFolder(making)
        await reached('install:staged')
        await mkdir(join(folder, key.id), { recursive: true, mode: 0o700 })
        // An archive without a row, from a removal that was cut short and not yet cleaned up.
        await rm(placeOf(key), { recursive: true, force: true })
        await rename(making, placeOf(key))
        await syncNames(placeOf(key), folder)
      } catch (cause) {
        // What fails here has failed for the same reason; the next start cleans up.
        await rm(making, { recursive: true, force: true }).catch(() => undefined)
        if (!isDiskError(cause)) throw cause
        throw new PlatformError('RELEASE_NOT_STORED', `${key.id} ${key.version} could not be stored in ${folder}: ${reasonOf(cause)}. Nothing was installed.`,
          { fix: 'Make room there, or let the user of the server write there; then install it again.', cause })
      }
      await reached('install:placed')
    },
    async read(key, digest) {
      const path = join(placeOf(key), ARCHIVE)
      let archive: Buffer
      try {
        archive = await readFile(path)
      } catch (cause) {
        throw damaged(key, `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
      }
      if (digestOf(archive) !== digest) throw damaged(key, `${path} is not what was installed: it has ${digestOf(archive)} instead of ${digest}`)
      return archive
    },
    async remove(key) {
      await rm(placeOf(key), { recursive: true, force: true })
      if ((await foldersIn(join(folder, key.id))).length === 0) await rm(join(folder, key.id), { recursive: true, force: true })
      await syncFolder(folder).catch(ignoreMissing)
    },
    async clean(known) {
      const left: string[] = (await foldersIn(staging)).map((name) => `${STAGING}/${name}`)
      await rm(staging, { recursive: true, force: true })
      for (const key of await list()) {
        if (known.some(({ id, version }) => id === key.id && version === key.version)) continue
        left.push(`${key.id}/${key.version}`)
        await this.remove(key)
      }
      return left
    },
  }
}

/** Read only: it never changes. Its folder may be removed by its owner all the same. */
const writeForGood: WriteFile = (path, content) => writeDurably(path, content, 0o400)

async function foldersIn(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  } catch (error) {
    if (isDiskError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw error
  }
}

function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}

function ignoreMissing(error: unknown): void {
  if (!isDiskError(error) || error.code !== 'ENOENT') throw error
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC': return 'the disk is full'
    case 'EDQUOT': return 'the quota of the user is used up'
    case 'EROFS': return 'the disk can only be read'
    case 'EACCES':
    case 'EPERM': return 'this user may not write there'
    case 'ENOTDIR':
    case 'EEXIST': return 'a file stands in its place'
    default: return message
  }
}

function damaged({ id, version }: ReleaseKey, what: string, cause?: unknown): PlatformError {
  return new PlatformError('RELEASE_DAMAGED', `${id} ${version}: ${what}.`, { fix: 'Look at the disk, then install the same archive again.', cause })
}
