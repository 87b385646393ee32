import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PluginNames } from './plugin-names.ts'

/** A plugin to start from. */
export interface Template {
  /** How it is asked for: the name of its folder. */
  readonly name: string
  readonly folder: string
  /** The names that stand in its sources. */
  readonly names: PluginNames
}

/** A folder is a template when this says what it is called in its sources. */
const DESCRIPTION = 'template.json'

/** What of a template's folder is not its own source. */
const NOT_SOURCE = new Set(['node_modules', 'dist', 'temp', 'coverage', '.liberacces', DESCRIPTION])

/** The templates below a folder, by name. */
export async function templatesIn(folder: string): Promise<readonly Template[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(entries.filter((entry) => entry.isDirectory()).map(async ({ name }) => {
    const text = await readFile(join(folder, name, DESCRIPTION), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return text === undefined ? [] : [{ name, folder: join(folder, name), names: JSON.parse(text) as PluginNames }]
  }))
  return found.flat().toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** The paths of a folder's sources within it, with `/`, in order. */
export async function sourcesOf(folder: string): Promise<readonly string[]> {
  const walk = async (below: string): Promise<readonly string[]> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true })
    const found = await Promise.all(entries.filter(({ name }) => !NOT_SOURCE.has(name)).map(async (entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      return entry.isDirectory() ? walk(path) : [path]
    }))
    return found.flat()
  }
  return (await walk('')).toSorted()
}
