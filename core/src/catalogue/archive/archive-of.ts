import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { PlatformError } from '../../errors.ts'
import { archiveFault } from './archive-fault.ts'
import { ARCHIVE_LIMITS } from './archive-limits.ts'
import { isNpmSpec, npmArchive, type NpmArchive } from './npm-archive.ts'
import { archiveOfFolder } from './read-folder.ts'

/** An archive and where it came from: the name of the file or folder, for it may lie there for a moment only, or `npm:name@version`. */
export type FoundArchive = NpmArchive

/**
 * Gets the archive that somebody names: a folder that was packed and unpacked, a `.tgz`, or an npm package. What exists as a path is that path.
 * @param folder - where relative paths start
 * @throws PlatformError `ARCHIVE_UNAVAILABLE`, `ARCHIVE_INVALID`
 */
export async function archiveOf(spec: string, folder: string): Promise<FoundArchive> {
  const path = resolve(folder, spec)
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    // A name too long for a file, or with characters that none has, may still be a wrong one.
    if (isNpmSpec(spec)) return undefined
    throw new PlatformError('ARCHIVE_UNAVAILABLE', `"${spec}" is no npm name, and as a path it leads nowhere: ${cause.message}.`, { fix: 'Give a packed folder, a .tgz or NAME[@VERSION] of an npm package.', cause })
  })
  if (found === undefined) return npmArchive(spec)
  if (found.isDirectory()) return { bytes: await archiveOfFolder(path), source: basename(path) }
  if (!found.isFile()) throw archiveFault(`${path} is neither a file nor a folder.`, 'Give a packed folder, a .tgz or NAME[@VERSION] of an npm package.')
  if (found.size > ARCHIVE_LIMITS.archiveBytes) throw archiveFault(`${path} has ${found.size} bytes; ${ARCHIVE_LIMITS.archiveBytes} are the most.`, 'Pack only what the plugin needs.')
  try {
    return { bytes: await readFile(path), source: basename(path) }
  } catch (cause) {
    throw new PlatformError('ARCHIVE_UNAVAILABLE', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { fix: 'Give a file that the user of the server may read.', cause })
  }
}
