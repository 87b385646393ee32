import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Manifest } from '@liberacces/sdk/host'
import { PlatformError } from '../errors.ts'
import { bundleScript } from './bundle-script.ts'

/** Largest script of a plugin, in bytes. */
const MOST_SCRIPT_BYTES = 524_288

/** A script that pages of a plugin load. */
export interface LoadedScript {
  readonly content: Buffer
  /** First 16 hexadecimal digits of its SHA-256, which its address holds. */
  readonly hash: string
}

/** Where a script lies in an archive. */
export function scriptFile(name: string): string {
  return `browser/${name}.js`
}

/**
 * The scripts that a manifest names, from where the plugin comes from.
 * @param from - its name, and what reads a script
 * @throws PlatformError `PLUGIN_LOAD_FAILED` for one that is not there, or larger than 512 KiB
 */
export async function pageScripts({ id, version, browser = [] }: Manifest, from: { readonly name: string; readonly browser?: (name: string) => Promise<Uint8Array | undefined> }): Promise<ReadonlyMap<string, LoadedScript>> {
  return new Map(await Promise.all(browser.map(async (name) => {
    const content = await from.browser?.(name)
    if (content === undefined) {
      throw new PlatformError('PLUGIN_LOAD_FAILED', `Plugin "${id}" ${version}: its script "${name}" is missing in ${from.name}.`, { fix: `Write browser/${name}.ts in its package and pack it again.` })
    }
    if (content.byteLength > MOST_SCRIPT_BYTES) {
      throw new PlatformError('PLUGIN_LOAD_FAILED', `Plugin "${id}" ${version}: its script "${name}" has ${content.byteLength} bytes, more than ${MOST_SCRIPT_BYTES}.`, { fix: 'Make it smaller: a page of a town hall runs on old tablets.' })
    }
    return [name, { content: Buffer.from(content), hash: createHash('sha256').update(content).digest('hex').slice(0, 16) }] as const
  })))
}

/**
 * A script of a package folder: as it was built beside the main file, or made from its source.
 * @param entry - the main file, relative to the folder
 */
export async function scriptInFolder(folder: string, entry: string, name: string): Promise<Uint8Array | undefined> {
  const built = await readIfThere(join(folder, dirname(entry), scriptFile(name)))
  if (built !== undefined) return built
  const source = join(folder, 'browser', `${name}.ts`)
  return await readIfThere(source) === undefined ? undefined : bundleScript(source)
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
}
