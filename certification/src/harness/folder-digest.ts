import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** What of a folder is made from the rest of it, or belongs to nobody's work. */
const NOT_CONTENT: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage'])

/** `sha256-<base64>` over the names and contents of all files below a folder, but for what `node_modules`, `dist`, `coverage` and names with a dot in front hold. */
export async function folderDigest(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
  const content = files.filter((name) => !name.split('/').some((part) => part.startsWith('.') || NOT_CONTENT.has(part))).sort()
  const hash = createHash('sha256')
  for (const name of content) hash.update(`${name}\n`).update(createHash('sha256').update(await readFile(join(folder, name))).digest())
  return `sha256-${hash.digest('base64')}`
}
