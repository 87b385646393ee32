import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderPlugin, pluginsUnder, readArchive, type PluginSource } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { collectRegistrations, manifestOf, type Manifest } from '@liberacces/sdk/host'
import { NoSubject } from '../harness/no-subject.ts'

/** Where the first-party plugins lie beside this package, in its repository. */
const FIRST_PARTY = join(import.meta.dirname, '..', '..', '..', 'plugins')

/** What a plugin cannot run without. */
export interface Needed {
  readonly sources: readonly PluginSource[]
  /** Those that were given as archives; what others need comes first. */
  readonly archives: readonly Buffer[]
  /** What nobody here provides. */
  readonly missing: readonly string[]
}

/** A plugin that could provide something. */
interface Provider {
  readonly manifest: Manifest
  readonly from: { readonly source: PluginSource } | { readonly archive: Buffer }
}

/**
 * Finds the plugins that provide what a plugin requires, and what those require in turn: the archives that were given first, then first-party plugins.
 * @param given - paths of archives
 * @throws NoSubject when one of them is no archive of a plugin
 */
export async function findNeeded(manifest: Manifest, given: readonly string[] = []): Promise<Needed> {
  const alongside = await Promise.all(given.map(readGiven))
  const wanted = Object.keys(manifest.requires)
  if (wanted.length === 0) return { sources: [], archives: [], missing: [] }
  const known = [...alongside, ...await firstParty()].filter((one) => one.manifest.id !== manifest.id)
  const taken = new Map<string, Provider>()
  const missing: string[] = []
  for (let need = wanted.shift(); need !== undefined; need = wanted.shift()) {
    const provider = known.find((one) => one.manifest.id === need || one.manifest.provides.includes(need ?? ''))
    if (provider === undefined) missing.push(need)
    else if (!taken.has(provider.manifest.id)) {
      taken.set(provider.manifest.id, provider)
      wanted.push(...Object.keys(provider.manifest.requires))
    }
  }
  const found = [...taken.values()].toReversed().map(({ from }) => from)
  return { sources: found.flatMap((from) => ('source' in from ? [from.source] : [])), archives: found.flatMap((from) => ('archive' in from ? [from.archive] : [])), missing }
}

async function readGiven(path: string): Promise<Provider> {
  try {
    const archive = await readFile(path)
    const { files } = await readArchive(archive)
    const manifest = JSON.parse(files.get('plugin.json')?.toString() ?? 'null') as Manifest
    // Whether the rest is right an installation says.
    if (!Array.isArray(manifest.provides) || typeof manifest.requires !== 'object') throw new TypeError('its plugin.json is no manifest')
    return { manifest, from: { archive } }
  } catch (cause) {
    throw new NoSubject(`${path}, given with --with, is no archive of a plugin: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Give the .tgz that `liberacces-certify pack` makes.', { cause })
  }
}

async function firstParty(): Promise<readonly Provider[]> {
  if (!await access(FIRST_PARTY).then(() => true, () => false)) return []
  return Promise.all((await pluginsUnder(FIRST_PARTY)).map(async ({ name }) => {
    const source = folderPlugin(name, 'inline')
    const plugin = (await source.load()) as Plugin
    return { manifest: manifestOf(plugin, collectRegistrations(plugin)), from: { source } }
  }))
}
