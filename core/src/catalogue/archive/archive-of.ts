import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { PlatformError } from '../../errors.ts'
import { labelAround, type FoundLabel } from '../../labels/find-label.ts'
import { MOST_BUNDLE_BYTES } from '../../labels/label-bundle.ts'
import { archiveFault } from './archive-fault.ts'
import { ARCHIVE_LIMITS } from './archive-limits.ts'
import { isNpmSpec, npmArchive } from './npm-archive.ts'
import { archiveOfFolder } from './read-folder.ts'

/** An archive, its label where it has one, and where it came from: the name of the file or folder, for it may lie there for a moment only, or `npm:name@version`. */
export interface FoundArchive {
  readonly source: string
  readonly found: FoundLabel
}

/**
 * Gets the archive that somebody names: a folder that was packed and unpacked, a `.tgz` with its label beside it or none, a `.labelbundle`, or an npm package. What exists as a path is that path.
 * @param folder - where relative paths start
 * @throws PlatformError `ARCHIVE_UNAVAILABLE`, `ARCHIVE_INVALID`, `LABEL_INVALID`
 */
export async function archiveOf(spec: string, folder: string): Promise<FoundArchive> {
  const path = resolve(folder, spec)
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    // A name too long for a file, or with characters that none has, may still be a wrong one.
    if (isNpmSpec(spec)) return undefined
    throw new PlatformError('ARCHIVE_UNAVAILABLE', `"${spec}" is no npm name, and as a path it leads nowhere: ${cause.message}.`, { fix: 'Give a packed folder, a .tgz, a .labelbundle or NAME[@VERSION] of an npm package.', cause })
  })
  if (found === undefined) {
    const { bytes, source } = await npmArchive(spec)
    return { source, found: { archive: bytes } }
  }
  const source = basename(path)
  if (found.isDirectory()) return { source, found: { archive: await archiveOfFolder(path) } }
  if (!found.isFile()) throw archiveFault(`${path} is neither a file nor a folder.`, 'Give a packed folder, a .tgz, a .labelbundle or NAME[@VERSION] of an npm package.')
  const most = path.endsWith('.labelbundle') ? MOST_BUNDLE_BYTES : ARCHIVE_LIMITS.archiveBytes
  if (found.size > most) throw archiveFault(`${path} has ${found.size} bytes; ${most} are the most.`, 'Pack only what the plugin needs.')
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new PlatformError('ARCHIVE_UNAVAILABLE', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { fix: 'Give a file that the user of the server may read.', cause })
  })
  return { source, found: await labelAround(path, bytes) }
}
