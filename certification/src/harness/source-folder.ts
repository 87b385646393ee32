import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceFolder } from './subject.ts'

/** Not the author's work, or not part of it. */
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage', 'temp', 'data'])
/** A plugin has hundreds of files at most: whoever points at a home folder by mistake need not wait for it to be read. */
const MOST_FILES = 5_000

/** Lists the files of a plugin's folder. Links are not followed. */
export async function sourceFolder(path: string): Promise<SourceFolder> {
  const files: string[] = []
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(path, below), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (files.length >= MOST_FILES) return
      if (entry.name.startsWith('.') || LEFT_OUT.has(entry.name)) continue
      const file = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) await walk(file)
      else if (entry.isFile()) files.push(file)
    }
  }
  await walk('')
  return { path, files, read: (file) => readFile(join(path, file), 'utf8') }
}
