// What the checks share: where the workspace is, how to walk its files, how to tell what was found.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** The folder of the workspace, absolute. */
export const root: string = join(import.meta.dirname, '..')

const SKIPPED = new Set(['node_modules', 'dist', 'temp', 'coverage', 'data', '.git'])

/** The files under `folder` whose path matches, relative to the root, with `/`; folders of built or foreign files are skipped. */
export function filesUnder(folder: string, pattern: RegExp): readonly string[] {
  const walk = (path: string): string[] => readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(join(path, entry.name))
    return [relative(root, join(path, entry.name)).split(sep).join('/')]
  })
  return walk(join(root, folder)).filter((path) => pattern.test(path)).toSorted()
}

/** The text of a file, by its path from the root. */
export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** The folders of the packages of the workspace, from the root: `sdk`, `plugins/news`… */
export function packageFolders(): readonly string[] {
  return filesUnder('.', /^([^/.]+|(plugins|templates)\/[^/]+)\/package\.json$/).map((path) => path.replace(/\/package\.json$/, ''))
}

/** Prints every problem, or one line of success; the process then ends with exit code 1 or 0. */
export function report(check: string, problems: readonly string[], success: string): void {
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) {
    console.error(`${check}: ${problems.length} problem${problems.length > 1 ? 's' : ''}`)
    process.exitCode = 1
  } else {
    console.log(`${check}: ${success}`)
  }
}
