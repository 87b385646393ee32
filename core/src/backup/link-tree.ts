import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { linkOrCopy } from '../storage/files/blob-folder.ts'
import { syncFolder } from '../storage/sync-folder.ts'

/**
 * Gives every file below a folder a second name below another, or copies it where that lies on another disk. What is there already
 * stays; what is gone meanwhile is passed over; a folder that does not exist has nothing.
 * @param likewise - a folder on the other's disk that has some of it too
 */
export async function linkTree(from: string, to: string, likewise?: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (entries.length === 0) return
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const entry of entries) {
    // Somebody is writing it, or was when a crash came.
    if (entry.name.endsWith('.part')) continue
    const known = likewise === undefined ? undefined : join(likewise, entry.name)
    if (entry.isDirectory()) await linkTree(join(from, entry.name), join(to, entry.name), known)
    else if (entry.isFile()) await linkOrCopy(known !== undefined && existsSync(known) ? known : join(from, entry.name), join(to, entry.name))
  }
  await syncFolder(to)
}
