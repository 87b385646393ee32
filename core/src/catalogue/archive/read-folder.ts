import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlatformError } from '../../errors.ts'
import { problemsAsOne } from '../problems-as-one.ts'
import { archiveFault } from './archive-fault.ts'
import { ARCHIVE_LIMITS } from './archive-limits.ts'
import { writeArchive } from './write-archive.ts'

/**
 * The archive that a folder would be: one that was packed and unpacked again. The same files
 * give the same archive, and so the same digest.
 * @throws PlatformError `ARCHIVE_INVALID`: links and whatever else is no plain file, too much of it
 */
export async function archiveOfFolder(folder: string): Promise<Buffer> {
  const faults: PlatformError[] = []
  const files = new Map<string, Buffer>()
  let bytes = 0
  const walk = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      if (files.size > ARCHIVE_LIMITS.entries || bytes > ARCHIVE_LIMITS.unpackedBytes) return
      if (entry.isDirectory()) await walk(below)
      else if (entry.isFile()) {
        const content = await readFile(join(folder, below))
        bytes += content.length
        files.set(below, content)
      } else faults.push(archiveFault(`${JSON.stringify(below)} is ${entry.isSymbolicLink() ? 'a symbolic link' : 'no plain file'}; an archive holds plain files only.`, 'Pack the plugin with `liberacces-certify pack`.'))
    }
  }
  // A source folder has all kinds of things in it; what is wrong is that it was not packed.
  const names = await readdir(folder)
  if (!names.includes('plugin.json')) {
    throw archiveFault(`${folder} has no plugin.json: it is the source of a plugin, or no plugin at all.`, 'Pack it first: `liberacces-certify pack` (here `pnpm certify pack`), and install the .tgz that it makes.')
  }
  await walk('')
  if (files.size > ARCHIVE_LIMITS.entries) faults.push(archiveFault(`It has more than ${ARCHIVE_LIMITS.entries} files.`, 'Pack only what the plugin needs.'))
  if (bytes > ARCHIVE_LIMITS.unpackedBytes) faults.push(archiveFault(`It has more than ${ARCHIVE_LIMITS.unpackedBytes} bytes.`, 'Pack only what the plugin needs.'))
  if (faults.length > 0) throw problemsAsOne(faults)
  return writeArchive(files)
}
