import { registerFormats, type Manifest } from '@liberacces/sdk/host'
import semver from 'semver'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Scope } from '../scope.ts'
import { InTurn } from '../in-turn.ts'
import { loadPlugin, type LoadedPlugin } from './load-plugin.ts'
import type { PluginSource, RunsIn } from './plugin-source.ts'
import { problemsAsOne } from './problems-as-one.ts'
import { ALL_INLINE, runsIn, type OutsideRunner } from './runs-in.ts'

/** A source that did not become a release, and every reason. */
export interface Rejection {
  readonly source: string
  readonly problems: readonly PlatformError[]
}

/** Told of a release. What it throws makes a loading fail. */
export type ReleaseListener = (release: LoadedRelease) => void | Promise<void>

/**
 * The releases that could run here, and those that are loaded now. Several releases of one plugin stand side by side. All lists are
 * replaced, never changed in place.
 */
export interface Catalogue {
  /** Every release that could run here: given in code, from the plugins folder, or installed from an archive. Newest first within a plugin. */
  readonly manifests: readonly Manifest[]
  /** Loaded in this process now. */
  readonly releases: readonly LoadedRelease[]
  /** What could not be taken in. One bad plugin never keeps another out. */
  readonly rejected: readonly Rejection[]
  /** Releases of a plugin, newest first, loaded or not. */
  find(pluginId: string): readonly Manifest[]
  manifest(pluginId: string, version: string): Manifest | undefined
  /** The release, where it is loaded now. */
  release(pluginId: string, version: string): LoadedRelease | undefined
  /** `sha256-<base64>` of the archive (Subresource Integrity); undefined for releases given in code or by the plugins folder. */
  digest(pluginId: string, version: string): string | undefined
  /** Where a release runs, or would, if it were loaded: `remote` where that is no matter of this platform. */
  runtime(pluginId: string, version: string): RunsIn | 'remote' | undefined
  /** Where a release came from, for people: a folder, the name of an archive, "given in code". */
  source(pluginId: string, version: string): string | undefined
  /**
   * Loads a release where it is not loaded yet, and has it take requests.
   * @throws PlatformError `PLUGIN_UNKNOWN`, `PLUGIN_LOAD_FAILED`, `MANIFEST_INVALID`; nothing of it is left then
   */
  load(pluginId: string, version: string): Promise<LoadedRelease>
  /**
   * Lets a release go that no tenant uses any more: requests under way finish, its scope closes. Harmless when it is not loaded;
   * what the platform ships stays.
   */
  unload(pluginId: string, version: string): Promise<void>
  /** Takes a release in whose manifest is known; it is loaded when somebody asks for it. @throws PlatformError `PLUGIN_PATH_TAKEN` when it is there already */
  add(source: DescribedSource): void
  /** Unloads a release and forgets it. What the platform ships stays. */
  drop(pluginId: string, version: string): Promise<void>
  /** Called for each release that is taken in after the start. Returns the remover. */
  onAdded(listener: (manifest: Manifest) => void): () => void
  /** Called for each release when it is loaded, before anyone gets it. Returns the remover. */
  onLoaded(listener: ReleaseListener): () => void
  /** Called for each release when it is no longer to be had, before its scope closes. Returns the remover. */
  onUnloaded(listener: ReleaseListener): () => void
}

/** A source of which one knows without running it what it would give. */
export interface DescribedSource extends PluginSource {
  readonly manifest: Manifest
}

/** How long the closings of one release may take: requests under way get 30 s, and a little for the rest. */
const UNLOAD_LIMIT_MS = 40_000

/**
 * Takes in every source. Those without a manifest are loaded at once, each within its own time limit, and stay; the others when
 * somebody asks. Reports instead of throwing.
 * @param limitMs - longest one plugin may take to load, in milliseconds
 * @param outside - left out where every plugin runs in this process
 */
export async function loadCatalogue(sources: readonly PluginSource[], scope: Scope, limitMs = 10_000, outside?: OutsideRunner): Promise<Catalogue> {
  // Schemas of slots and settings may name formats; without them nothing could be checked.
  registerFormats()
  const catalogue = new DynamicCatalogue(scope, limitMs, outside)
  const outcomes = await Promise.all(sources.map(async (source) => (source.manifest === undefined ? loadPlugin(source, limitMs, outside) : undefined)))
  for (const [index, source] of sources.entries()) catalogue.take(source, outcomes[index])
  return catalogue
}

interface Entry {
  readonly manifest: Manifest
  readonly source: PluginSource
  /** Came with the platform, and stays loaded. */
  readonly isShipped: boolean
  readonly release: LoadedRelease | undefined
}

const keyOf = (pluginId: string, version: string): string => `${pluginId}@${version}`

class DynamicCatalogue implements Catalogue {
  manifests: readonly Manifest[] = []
  releases: readonly LoadedRelease[] = []
  rejected: readonly Rejection[] = []
  readonly #scope: Scope
  readonly #limitMs: number
  readonly #outside: OutsideRunner | undefined
  readonly #turns = new InTurn()
  #entries: ReadonlyMap<string, Entry> = new Map()
  #loaded: readonly ReleaseListener[] = []
  #unloaded: readonly ReleaseListener[] = []
  #added: readonly ((manifest: Manifest) => void)[] = []

  constructor(scope: Scope, limitMs: number, outside: OutsideRunner | undefined) {
    this.#scope = scope
    this.#limitMs = limitMs
    this.#outside = outside
  }

  take(source: PluginSource, outcome: Awaited<ReturnType<typeof loadPlugin>> | undefined): void {
    if (outcome !== undefined && 'problems' in outcome) {
      this.#reject(source, outcome.problems)
      return
    }
    const manifest = outcome?.manifest ?? source.manifest
    if (manifest === undefined) throw new Error(`${source.name} was neither loaded nor described.`)
    const taken = this.#takenBy(source, manifest)
    if (taken === undefined) this.#put({ manifest, source, isShipped: outcome !== undefined, release: outcome && this.#owned(outcome) })
    else {
      this.#reject(source, [taken])
      // Nobody else knows of it.
      if (outcome?.process !== undefined) this.#scope.defer(`process of ${source.name}`, outcome.process.stop.bind(outcome.process))
    }
  }

  find(pluginId: string): readonly Manifest[] {
    return this.manifests.filter((manifest) => manifest.id === pluginId)
  }

  manifest(pluginId: string, version: string): Manifest | undefined {
    return this.#entries.get(keyOf(pluginId, version))?.manifest
  }

  release(pluginId: string, version: string): LoadedRelease | undefined {
    return this.#entries.get(keyOf(pluginId, version))?.release
  }

  digest(pluginId: string, version: string): string | undefined {
    return this.#entries.get(keyOf(pluginId, version))?.source.digest
  }

  runtime(pluginId: string, version: string): RunsIn | 'remote' | undefined {
    const entry = this.#entries.get(keyOf(pluginId, version))
    if (entry === undefined) return undefined
    return entry.release?.process?.runtime ?? (entry.manifest.runtime === 'remote' ? 'remote' : runsIn(entry.source, this.#outside?.choice ?? ALL_INLINE))
  }

  source(pluginId: string, version: string): string | undefined {
    return this.#entries.get(keyOf(pluginId, version))?.source.name
  }

  load(pluginId: string, version: string): Promise<LoadedRelease> {
    return this.#turns.take(keyOf(pluginId, version), async () => {
      const entry = this.#entries.get(keyOf(pluginId, version))
      if (entry === undefined) throw unknownRelease(pluginId, version, this.find(pluginId))
      if (entry.release !== undefined) return entry.release
      const outcome = await loadPlugin(entry.source, this.#limitMs, this.#outside)
      if ('problems' in outcome) throw problemsAsOne(outcome.problems)
      const release = this.#owned(outcome)
      try {
        for (const listener of this.#loaded) await listener(release)
      } catch (error) {
        await release.scope.close(UNLOAD_LIMIT_MS)
        throw error
      }
      this.#put({ ...entry, release })
      return release
    })
  }

  unload(pluginId: string, version: string): Promise<void> {
    return this.#turns.take(keyOf(pluginId, version), () => this.#unload(pluginId, version))
  }

  add(source: DescribedSource): void {
    const taken = this.#takenBy(source, source.manifest)
    if (taken !== undefined) throw taken
    this.#put({ manifest: source.manifest, source, isShipped: false, release: undefined })
    for (const listener of this.#added) listener(source.manifest)
  }

  drop(pluginId: string, version: string): Promise<void> {
    const key = keyOf(pluginId, version)
    return this.#turns.take(key, async () => {
      await this.#unload(pluginId, version)
      const entry = this.#entries.get(key)
      if (entry !== undefined && !entry.isShipped) this.#replace([...this.#entries.values()].filter((other) => other !== entry))
    })
  }

  onAdded(listener: (manifest: Manifest) => void): () => void {
    this.#added = [...this.#added, listener]
    return () => { this.#added = this.#added.filter((other) => other !== listener) }
  }

  onLoaded(listener: ReleaseListener): () => void {
    this.#loaded = [...this.#loaded, listener]
    return () => { this.#loaded = this.#loaded.filter((other) => other !== listener) }
  }

  onUnloaded(listener: ReleaseListener): () => void {
    this.#unloaded = [...this.#unloaded, listener]
    return () => { this.#unloaded = this.#unloaded.filter((other) => other !== listener) }
  }

  async #unload(pluginId: string, version: string): Promise<void> {
    const entry = this.#entries.get(keyOf(pluginId, version))
    if (entry?.release === undefined || entry.isShipped) return
    const { release } = entry
    this.#put({ ...entry, release: undefined })
    for (const listener of this.#unloaded) await listener(release)
    const failed = (await release.scope.close(UNLOAD_LIMIT_MS)).filter((closing) => closing.error !== undefined)
    if (failed.length > 0) throw new AggregateError(failed.map((closing) => closing.error), `${pluginId} ${version} did not close in good order: ${failed.map((closing) => closing.label).join(', ')}.`)
  }

  #owned(plugin: LoadedPlugin): LoadedRelease {
    const scope = this.#scope.child(keyOf(plugin.manifest.id, plugin.manifest.version))
    const { process } = plugin
    if (process !== undefined) scope.defer('process', () => process.stop())
    return { ...plugin, scope }
  }

  #takenBy({ name }: PluginSource, { id, version }: Manifest): PlatformError | undefined {
    if (!this.#entries.has(keyOf(id, version))) return undefined
    return new PlatformError('PLUGIN_PATH_TAKEN', `${id} ${version} from ${name} is in the catalogue already.`, { fix: 'Remove one of the two.' })
  }

  #reject({ name }: PluginSource, problems: readonly PlatformError[]): void {
    this.rejected = [...this.rejected, { source: name, problems }]
  }

  #put(entry: Entry): void {
    const key = keyOf(entry.manifest.id, entry.manifest.version)
    // In its place, so that what was taken in first stays first.
    this.#replace(this.#entries.has(key) ? [...this.#entries].map(([other, known]) => (other === key ? entry : known)) : [...this.#entries.values(), entry])
  }

  #replace(entries: readonly Entry[]): void {
    this.#entries = new Map(entries.map((entry) => [keyOf(entry.manifest.id, entry.manifest.version), entry]))
    this.releases = entries.flatMap(({ release }) => release ?? [])
    this.manifests = [...Map.groupBy(entries, ({ manifest }) => manifest.id).values()]
      .flatMap((own) => own.map(({ manifest }) => manifest).toSorted((a, b) => semver.rcompare(a.version, b.version)))
  }
}

function unknownRelease(pluginId: string, version: string, others: readonly Manifest[]): PlatformError {
  return new PlatformError('PLUGIN_UNKNOWN', `No release ${version} of "${pluginId}" is in the catalogue.`,
    { fix: others.length > 0 ? `Choose one of: ${others.map((manifest) => manifest.version).join(', ')}; or install this one.` : 'Install it: `liberacces plugin install`.' })
}
