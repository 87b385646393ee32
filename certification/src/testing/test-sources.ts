import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { folderPlugin, givenPlugin, loopbackPlugin, type PluginSource } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'

/** Where plugins of a test run. */
export type TestRuntime = 'inline' | 'loopback' | 'process'

const RUNTIMES: readonly TestRuntime[] = ['inline', 'loopback', 'process']

/**
 * Plugins as the kernel takes them in, for where they are to run.
 * @param scripts - those for pages of plugins that are no packages of the workspace
 */
export async function sourcesFor(plugins: readonly Plugin[], runtime = runtimeOfTests(), scripts: TestScripts = {}): Promise<readonly PluginSource[]> {
  const folders = runtime === 'process' || plugins.some(({ browser = [] }) => browser.length > 0) ? await foldersByPlugin() : new Map<string, string>()
  return plugins.map((plugin) => {
    const folder = folders.get(`${plugin.id}@${plugin.version}`)
    const given = scripts[plugin.id]
    const browser: PluginSource['browser'] = given === undefined ? (folder === undefined ? undefined : folderPlugin(folder).browser) : async (name) => (given[name] === undefined ? undefined : Buffer.from(given[name]))
    const withScripts = (source: PluginSource): PluginSource => ({ ...source, ...(browser === undefined ? {} : { browser }) })
    if (runtime === 'inline') return withScripts(givenPlugin(plugin))
    return withScripts(folder === undefined || runtime === 'loopback' ? loopbackPlugin(plugin) : folderPlugin(folder, 'process'))
  })
}

/** Text of scripts, by plugin and name. */
export type TestScripts = Readonly<Record<string, Readonly<Record<string, string>>>>

function runtimeOfTests(): TestRuntime {
  const given = process.env['LIBERACCES_TEST_RUNTIME'] || 'inline'
  const known = RUNTIMES.find((runtime) => runtime === given)
  if (known === undefined) throw new Error(`LIBERACCES_TEST_RUNTIME is "${given}"; give one of ${RUNTIMES.join(', ')}.`)
  return known
}

/** Packages of the workspace that are plugins, by what their source says that they are. */
async function foldersByPlugin(): Promise<ReadonlyMap<string, string>> {
  const root = await workspaceAbove(process.cwd())
  const packages = root === undefined ? [process.cwd()] : (await Promise.all(['plugins', 'templates'].map((parent) => foldersIn(join(root, parent))))).flat()
  const found = await Promise.all(packages.map(async (folder) => {
    const entry = await entryOf(folder)
    const source = entry === undefined ? undefined : await readFile(join(folder, entry), 'utf8').catch(() => undefined)
    const [id, version] = [/^\s*id: '([a-z0-9.-]+)'/m.exec(source ?? '')?.[1], /^\s*version: '([^']+)'/m.exec(source ?? '')?.[1]]
    return id === undefined || version === undefined ? [] : [[`${id}@${version}`, folder] as const]
  }))
  return new Map(found.flat())
}

async function workspaceAbove(folder: string): Promise<string | undefined> {
  const names = await readdir(folder)
  if (names.includes('pnpm-workspace.yaml')) return folder
  return dirname(folder) === folder ? undefined : workspaceAbove(dirname(folder))
}

async function foldersIn(parent: string): Promise<readonly string[]> {
  return (await readdir(parent, { withFileTypes: true }).catch(() => [])).filter((entry) => entry.isDirectory()).map(({ name }) => join(parent, name))
}

async function entryOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined)
  const entry = text === undefined ? undefined : (JSON.parse(text) as { readonly exports?: Readonly<Record<string, unknown>> }).exports?.['.']
  return typeof entry === 'string' ? entry : undefined
}
