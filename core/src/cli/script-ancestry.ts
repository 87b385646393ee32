import { readFileSync } from 'node:fs'

/** Set by npm, npx and pnpm in the environment of everything that they run. */
const MARK = 'npm_lifecycle_event='

/** A process, and the one that started it. */
interface Link {
  readonly pid: number
  readonly parent: number
}

/**
 * Tells whether the package manager that runs this process as a script is still there: between them stand shells that die of a
 * signal without passing it on. On systems without `/proc` it looks no further than the parent.
 * @returns `undefined` when no package manager runs this process
 */
export function scriptAncestry(env: Readonly<Record<string, string | undefined>>): { isWhole(): boolean } | undefined {
  if (env['npm_lifecycle_event'] === undefined) return undefined
  const links = linksToRunner()
  // Who loses its parent is given another one, so numbers that are used again deceive nobody.
  return { isWhole: () => links.every(({ pid, parent }) => parentOf(pid) === parent) }
}

/** From this process up to the package manager that a person, or another program, called. */
function linksToRunner(): readonly Link[] {
  const links: Link[] = []
  for (let pid = process.pid; ;) {
    const parent = parentOf(pid)
    if (parent === undefined) return links
    links.push({ pid, parent })
    if (!isMarked(parent)) return links
    pid = parent
  }
}

function parentOf(pid: number): number | undefined {
  if (pid === process.pid) return process.ppid
  try {
    // `pid (name) state parent …`; the name may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(fields.slice(fields.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

function isMarked(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').some((entry) => entry.startsWith(MARK))
  } catch {
    return false
  }
}
