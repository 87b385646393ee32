import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { folderPlugin, pluginsUnder, type PluginSource } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { collectRegistrations, manifestOf, type Manifest } from '@liberacces/sdk/host'

/** Where the first-party plugins lie beside this package, in its repository. */
const FIRST_PARTY = join(import.meta.dirname, '..', '..', '..', 'plugins')

/** What a plugin cannot run without. */
export interface Needed {
  readonly sources: readonly PluginSource[]
  /** What nobody here provides. */
  readonly missing: readonly string[]
}

/** Finds the first-party plugins that provide what a plugin requires, and what those require in turn. */
export async function findNeeded(manifest: Manifest): Promise<Needed> {
  const wanted = Object.keys(manifest.requires)
  if (wanted.length === 0) return { sources: [], missing: [] }
  const known = await firstParty(manifest.id)
  const taken = new Map<string, PluginSource>()
  const missing: string[] = []
  for (let need = wanted.shift(); need !== undefined; need = wanted.shift()) {
    const provider = known.find((one) => one.manifest.id === need || one.manifest.provides.includes(need ?? ''))
    if (provider === undefined) missing.push(need)
    else if (!taken.has(provider.manifest.id)) {
      taken.set(provider.manifest.id, provider.source)
      wanted.push(...Object.keys(provider.manifest.requires))
    }
  }
  return { sources: [...taken.values()].toReversed(), missing }
}

async function firstParty(without: string): Promise<readonly { readonly source: PluginSource; readonly manifest: Manifest }[]> {
  if (!await access(FIRST_PARTY).then(() => true, () => false)) return []
  const found = await Promise.all((await pluginsUnder(FIRST_PARTY)).map(async ({ name }) => {
    const source = folderPlugin(name, 'inline')
    const plugin = (await source.load()) as Plugin
    return { source, manifest: manifestOf(plugin, collectRegistrations(plugin)) }
  }))
  return found.filter(({ manifest }) => manifest.id !== without)
}
