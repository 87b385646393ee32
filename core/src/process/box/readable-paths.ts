import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, sep } from 'node:path'
import { PlatformError } from '../../errors.ts'

/** Most entries looked through for links; a release has far fewer. */
const MOST_ENTRIES = 50_000

/** What a child may read, by the paths under which it lies in truth. */
export interface ReadablePaths {
  /** Absolute, without links, none within another. */
  readonly paths: readonly string[]
  /** The program, by its true path. */
  readonly program: string
}

/**
 * Resolves what a child may read, and refuses what would let it read more: a link inside a folder that leads out of all of them (Node's permissions
 * follow it), or a name that Node would take for a pattern.
 *
 * @throws PlatformError `PLUGIN_LOAD_FAILED` when something is missing, or one of these stands in it
 */
export async function resolveReadable(name: string, program: string, readable: readonly string[]): Promise<ReadablePaths> {
  const truePaths = await Promise.all([program, ...readable].map((path) => truePathOf(name, path)))
  const paths = truePaths.filter((path, at) => truePaths.indexOf(path) === at && !truePaths.some((other) => other !== path && isWithin(path, other)))
  let left = MOST_ENTRIES
  const examine = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      left -= 1
      if (left < 0) throw refused(name, `there are more than ${MOST_ENTRIES} files to be read`, 'Give the box a folder of the plugin alone.')
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await examine(path)
      else if (entry.isSymbolicLink()) await examineLink(path)
      else if (!entry.isFile()) throw refused(name, `${path} is neither file nor folder`, 'Take it away; a plugin consists of files.')
    }
  }
  const examineLink = async (path: string): Promise<void> => {
    const target = await realpath(path).catch(() => undefined)
    if (target !== undefined && !paths.some((allowed) => target === allowed || isWithin(target, allowed))) {
      throw refused(name, `${path} is a link to something outside of it`, 'Put a copy in its place; what a plugin reads must lie in its own folder.')
    }
  }
  for (const path of paths) if ((await stat(path)).isDirectory()) await examine(path)
  return { paths, program: truePaths[0] ?? program }
}

async function truePathOf(name: string, path: string): Promise<string> {
  if (!isAbsolute(path)) throw refused(name, `${path} is no absolute path`, 'Resolve it first.')
  const truePath = await realpath(path).catch((cause: unknown) => {
    throw refused(name, `${path} cannot be read`, 'Install the release again.', cause)
  })
  // Node takes `*` for a pattern, and older versions a comma for the beginning of the next path.
  if (/[*,]/.test(truePath) || dirname(truePath) === truePath) throw refused(name, `${truePath} cannot be granted for reading alone`, 'Move it to a path without "*" and ",".')
  return truePath
}

function isWithin(path: string, folder: string): boolean {
  return path.startsWith(folder + sep)
}

function refused(name: string, what: string, fix: string, cause?: unknown): PlatformError {
  return new PlatformError('PLUGIN_LOAD_FAILED', `${name} cannot run in a box: ${what}.`, { fix, cause })
}
