import { collectRegistrations, manifestOf, registerFormats } from '@liberacces/sdk/host'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Scope } from '../scope.ts'
import { checkPlugin } from './check-manifest.ts'
import type { PluginSource } from './plugin-source.ts'

/** A source that did not become a release, and every reason. */
export interface Rejection {
  readonly source: string
  readonly problems: readonly PlatformError[]
}

/** The releases this process has loaded. */
export interface Catalogue {
  readonly releases: readonly LoadedRelease[]
  /** What could not be taken in. One bad plugin never keeps another out. */
  readonly rejected: readonly Rejection[]
  /** Loaded releases of a plugin, any version. */
  find(pluginId: string): readonly LoadedRelease[]
  release(pluginId: string, version: string): LoadedRelease | undefined
}

/** Loads every source, each within its own time limit, and reports instead of throwing. */
export async function loadCatalogue(sources: readonly PluginSource[], scope: Scope, limitMs = 10_000): Promise<Catalogue> {
  // Schemas of slots and settings may name formats; without them nothing could be checked.
  registerFormats()
  const releases: LoadedRelease[] = []
  const rejected: Rejection[] = []
  const outcomes = await Promise.all(sources.map((source) => load(source, limitMs)))
  for (const [index, outcome] of outcomes.entries()) {
    const source = sources[index]?.name ?? ''
    if ('problems' in outcome) {
      rejected.push({ source, problems: outcome.problems })
      continue
    }
    const { id, version } = outcome.manifest
    if (releases.some((other) => other.manifest.id === id && other.manifest.version === version)) {
      rejected.push({ source, problems: [new PlatformError('PLUGIN_PATH_TAKEN', `${id} ${version} from ${source} is in the catalogue already.`, { fix: 'Remove one of the two.' })] })
      continue
    }
    releases.push({ ...outcome, scope: scope.child(`${id}@${version}`) })
  }
  return {
    releases,
    rejected,
    find: (pluginId) => releases.filter((release) => release.manifest.id === pluginId),
    release: (pluginId, version) => releases.find((release) => release.manifest.id === pluginId && release.manifest.version === version),
  }
}

type Outcome = Omit<LoadedRelease, 'scope'> | { readonly problems: readonly PlatformError[] }

async function load(source: PluginSource, limitMs: number): Promise<Outcome> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => { reject(new PlatformError('PLUGIN_LOAD_FAILED', `Loading ${source.name} took longer than ${limitMs} ms.`, { fix: 'A plugin does nothing at import; move work into handlers.' })) }, limitMs)
  try {
    const plugin = await Promise.race([source.load(), late])
    const registrations = collectRegistrations(plugin)
    const manifest = manifestOf(plugin, registrations)
    const problems = checkPlugin(manifest, plugin, registrations)
    return problems.length > 0 ? { problems } : { manifest, plugin, registrations }
  } catch (cause) {
    if (cause instanceof PlatformError) return { problems: [cause] }
    return { problems: [new PlatformError('PLUGIN_LOAD_FAILED', `${source.name} failed while loading: ${cause instanceof Error ? cause.message : String(cause)}`, { fix: 'See the cause; setup() only registers and must not throw.', cause })] }
  } finally {
    clearTimeout(timer)
  }
}
