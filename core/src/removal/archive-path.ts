import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import { isSegment } from '../storage/files/blob-path.ts'
import { namesIn } from '../storage/folder-content.ts'
import { INDEX_FILE } from './archive-folder.ts'
import type { ArchiveName } from './archive-shelf.ts'

/** How the folder of an archive ends that is being written, or only looked at. */
export const UNFINISHED = '.part'

/** A path below the folder of archives. @throws PlatformError `PLUGIN_ARCHIVE_UNKNOWN` for what cannot be part of one */
export function archivePath(folder: string, ...names: readonly string[]): string {
  for (const name of names) if (!isSegment(name)) throw new PlatformError('PLUGIN_ARCHIVE_UNKNOWN', `"${name}" names no archive.`, { fix: 'See `liberacces archive list --tenant T`.' })
  return join(folder, ...names)
}

/** A folder where that of an archive would lie. */
export interface FoundFolder extends ArchiveName {
  readonly path: string
  /** Without an index it is no archive. */
  readonly hasIndex: boolean
}

/** Folders below that of archives, three deep: of all tenants, of one, or of one of its plugins. */
export async function archiveFolders(folder: string, of: { readonly tenantId?: string; readonly pluginId?: string | undefined } = {}): Promise<readonly FoundFolder[]> {
  const found: FoundFolder[] = []
  for (const tenantId of of.tenantId === undefined ? (await namesIn(folder)).filter(isSegment) : [of.tenantId]) {
    for (const pluginId of of.pluginId === undefined ? (await namesIn(join(folder, tenantId))).filter(isSegment) : [of.pluginId]) {
      for (const id of (await namesIn(join(folder, tenantId, pluginId))).filter(isSegment)) {
        const path = join(folder, tenantId, pluginId, id)
        found.push({ tenantId, pluginId, id, path, hasIndex: !id.endsWith(UNFINISHED) && (await namesIn(path)).includes(INDEX_FILE) })
      }
    }
  }
  return found
}

/** Deletes a file or folder, also where there is not even a folder that it could be in. */
export async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTDIR') throw error
  })
}
