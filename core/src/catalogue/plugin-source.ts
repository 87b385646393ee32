import { access, readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from '@liberacces/sdk'
import type { Manifest } from '@liberacces/sdk/host'
import { PlatformError } from '../errors.ts'
import type { DescribedRelease } from './described-release.ts'
import { scriptInFolder } from './page-scripts.ts'

/** Where a plugin comes from. `load` runs the plugin's module; nothing else does. */
export interface PluginSource {
  /** For messages: a folder, or "given in code". */
  readonly name: string
  /** What it says of itself, where that is known without running it. It is then loaded only when somebody needs it. */
  readonly manifest?: Manifest
  /** `sha256-<base64>` of its archive, where it came in one. */
  readonly digest?: string
  /** The plugin, or what stands here for one that runs elsewhere. */
  load(): Promise<Plugin | DescribedRelease>
  /** Its code in one file, for a process of its own. Left out by what can only run in the kernel's. */
  readonly code?: () => Promise<PluginCode>
  /** A script for its pages, as browsers read it; `undefined` where there is none of that name. Left out by what can have none. */
  readonly browser?: (name: string) => Promise<Uint8Array | undefined>
  /** What an operator may call it by before it is loaded. */
  readonly names?: readonly string[]
  /** Where it runs whatever it asks and the operator wants: for tests. */
  readonly runtime?: RunsIn
}

/** The one CommonJS file of a plugin. */
export interface PluginCode {
  /** Its name in stack traces, `<id>@<version>/<file>`. */
  readonly file: string
  readonly text: string
}

/** Where a plugin runs: in the kernel's process, in one of its own, or in the kernel's but reached as if it were not. */
export type RunsIn = 'inline' | 'process' | 'loopback'

/** A plugin that code already holds, as tests do. It runs in the kernel's process. */
export function givenPlugin(plugin: Plugin): PluginSource {
  return { name: `${plugin.id} (given in code)`, load: () => Promise.resolve(plugin) }
}

/** The same, reached as if it ran in a process of its own. */
export function loopbackPlugin(plugin: Plugin): PluginSource {
  return { ...givenPlugin(plugin), runtime: 'loopback' }
}

/**
 * A package folder whose main export is a plugin.
 * @param runtime - where it runs, whatever the operator wants: for tests
 */
export function folderPlugin(folder: string, runtime?: RunsIn): PluginSource {
  return {
    name: folder,
    names: [basename(folder), `plugin-${basename(folder)}`],
    ...(runtime === undefined ? {} : { runtime }),
    async code() {
      const entry = await entryOf(folder)
      const { bundlePlugin } = await import('../process/bundle-plugin.ts').catch((cause: unknown) => {
        throw new PlatformError('CONFIG_INVALID', `${folder} is to run in a process of its own, and esbuild, which puts its code into one file, is not installed.`, { fix: 'Install esbuild, or install the plugin from an archive.', cause })
      })
      return { file: `${basename(folder)}/${entry.replace(/^\.\//, '')}`, text: await bundlePlugin(join(folder, entry)) }
    },
    browser: async (name) => scriptInFolder(folder, await entryOf(folder), name),
    async load() {
      const entry = join(folder, await entryOf(folder))
      const loaded = (await import(pathToFileURL(entry).href)) as { readonly default?: Plugin }
      if (loaded.default === undefined || typeof loaded.default.setup !== 'function') {
        throw new PlatformError('PLUGIN_LOAD_FAILED', `${entry} has no plugin as its default export.`, { fix: 'Write `export default definePlugin()({ … })`.' })
      }
      return loaded.default
    },
  }
}

/** Every package with a plugin directly under a folder, in the order of their names. A folder that is not there has none. */
export async function pluginsUnder(folder: string): Promise<readonly PluginSource[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw new PlatformError('CONFIG_INVALID', `The plugin folder ${folder} cannot be read: ${cause.message}`, { fix: 'Give a folder that this user may read.', cause })
  })
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => resolve(folder, entry.name)).sort()
  const packages = await Promise.all(folders.map((path) => access(join(path, 'package.json')).then(() => [path], () => [])))
  return packages.flat().map((path) => folderPlugin(path))
}

async function entryOf(folder: string): Promise<string> {
  const path = join(folder, 'package.json')
  try {
    const { exports } = JSON.parse(await readFile(path, 'utf8')) as { readonly exports?: Readonly<Record<string, string | { readonly import?: string; readonly default?: string }>> }
    const main = exports?.['.']
    const entry = typeof main === 'string' ? main : (main?.import ?? main?.default)
    if (entry === undefined) throw new Error('it has no "." in its "exports"')
    return entry
  } catch (cause) {
    throw new PlatformError('PLUGIN_LOAD_FAILED', `${path}: ${cause instanceof Error ? cause.message : String(cause)}.`, { fix: 'A plugin is a package whose "exports" name its main file.', cause })
  }
}
