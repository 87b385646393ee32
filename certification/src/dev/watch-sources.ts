import { watch, type FSWatcher } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Folders of a package in which nothing is source. Whatever begins with a dot is none either. */
const NOT_SOURCE: ReadonlySet<string> = new Set(['node_modules', 'dist', 'temp', 'report', 'coverage', 'test'])

/** How long nothing must be written before the sources are read, in milliseconds: editors write a file in several steps. */
const QUIET_MS = 40

/** Watches the sources of a plugin. */
export interface SourceWatch {
  stop(): void
}

/**
 * Calls back when sources of a package have changed, once for what was written together. Folders that are made later are watched too.
 * @param changed - told of one path, for people
 */
export async function watchSources(folder: string, changed: (path: string) => void): Promise<SourceWatch> {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const note = (path: string): void => {
    clearTimeout(timer)
    timer = setTimeout(() => { if (!isStopped) changed(path) }, QUIET_MS)
  }
  const isSource = (name: string): boolean => !name.startsWith('.') && !NOT_SOURCE.has(name) && !name.endsWith('~')
  const follow = (name: string): void => {
    if (isStopped || watchers.has(name)) return
    const watcher = watch(join(folder, name), { recursive: true }, (_kind, path) => { if (path === null || isSource(path.split(/[/\\]/).at(-1) ?? '')) note(path === null ? name : join(name, path)) })
    // A folder that is removed is no longer watched; another of its name is found again.
    watcher.on('error', () => {
      watcher.close()
      watchers.delete(name)
    })
    watchers.set(name, watcher)
  }
  const followAll = async (): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) if (entry.isDirectory() && isSource(entry.name)) follow(entry.name)
  }
  const top = watch(folder, (_kind, path) => {
    if (path === null || !isSource(path)) return
    note(path)
    // Where the folder itself is gone there is nothing left to follow.
    followAll().catch(() => undefined)
  })
  await followAll()
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
      top.close()
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}
