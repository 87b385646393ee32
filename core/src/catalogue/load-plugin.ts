import { collectRegistrations, manifestOf, type Manifest } from '@liberacces/sdk/host'
import { isDeepStrictEqual } from 'node:util'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { LONGEST_BLOCK_MS, withinTime } from '../runtime/within-time.ts'
import { checkPlugin } from './check-manifest.ts'
import { pageScripts } from './page-scripts.ts'
import type { PluginSource } from './plugin-source.ts'
import { ALL_INLINE, runsIn, USUAL_MEMORY_MB, type OutsideRunner } from './runs-in.ts'

/** A plugin that was loaded and found right; not yet owned by anybody. Where it has a process, whoever has it stops that. */
export type LoadedPlugin = Omit<LoadedRelease, 'scope'>

/**
 * Runs a plugin's module and its `setup`, where it is to run, and checks what it declares. Reports instead of throwing.
 * @param limitMs - longest it may take, in milliseconds
 * @param outside - left out where every plugin runs in this process
 */
export async function loadPlugin(source: PluginSource, limitMs: number, outside?: OutsideRunner): Promise<LoadedPlugin | { readonly problems: readonly PlatformError[] }> {
  let loaded: Omit<LoadedPlugin, 'manifest'> | undefined
  const failed = async (problems: readonly PlatformError[]): Promise<{ readonly problems: readonly PlatformError[] }> => {
    await loaded?.process?.stop()
    return { problems }
  }
  try {
    loaded = await load(source, limitMs, outside)
    const { plugin, registrations } = loaded
    const manifest = manifestOf(plugin, registrations)
    const problems = checkPlugin(manifest, plugin, registrations)
    if (problems.length > 0) return await failed(problems)
    const others = source.manifest === undefined ? [] : differences(source.manifest, manifest)
    if (others.length > 0) return await failed([otherThanDeclared(source, others)])
    return { manifest, ...loaded, ...(manifest.browser === undefined ? {} : { scripts: await pageScripts(manifest, source) }) }
  } catch (cause) {
    if (cause instanceof PlatformError) return failed([cause])
    return failed([new PlatformError('PLUGIN_LOAD_FAILED', `${source.name} failed while loading: ${cause instanceof Error ? cause.message : String(cause)}`, { fix: 'See the cause; setup() only registers and must not throw.', cause })])
  }
}

async function load(source: PluginSource, limitMs: number, outside: OutsideRunner | undefined): Promise<Omit<LoadedPlugin, 'manifest'>> {
  const where = runsIn(source, outside?.choice ?? ALL_INLINE)
  if (where === 'inline' || outside === undefined) return loadHere(source, limitMs)
  if (where === 'loopback') {
    const plugin = await source.load()
    return 'registrations' in plugin ? plugin : outside.loader.loopback(plugin, limitMs)
  }
  const { name, names = [], manifest, code } = source
  if (code === undefined) throw new PlatformError('PLUGIN_LOAD_FAILED', `${name} was to run in a process of its own, and has no code that could be given to one.`, { fix: 'Give it as a folder or an archive.' })
  return outside.loader.load({ name, id: manifest?.id ?? name, version: manifest?.version ?? '', memoryMb: manifest?.limits.memoryMb ?? USUAL_MEMORY_MB, names, code }, limitMs)
}

async function loadHere(source: PluginSource, limitMs: number): Promise<Omit<LoadedPlugin, 'manifest'>> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => { reject(new PlatformError('PLUGIN_LOAD_FAILED', `Loading ${source.name} took longer than ${limitMs} ms.`, { fix: 'A plugin does nothing at import; move work into handlers.' })) }, limitMs)
  try {
    const found = await Promise.race([source.load(), late])
    // One whose functions are elsewhere was set up there.
    if ('registrations' in found) return found
    const registrations = withinTime(Math.min(limitMs, LONGEST_BLOCK_MS), `setup() of ${source.name}`, () => collectRegistrations(found))
    return { plugin: found, registrations }
  } finally {
    clearTimeout(timer)
  }
}

/** The keys in which two manifests differ. One that an older packer did not know yet, and that is empty, is no difference. */
function differences(declared: Manifest, real: Manifest): readonly string[] {
  const value = (manifest: Manifest, key: string): unknown => {
    const found = (manifest as Readonly<Record<string, unknown>>)[key]
    return isEmpty(found) ? undefined : found
  }
  return [...new Set([...Object.keys(declared), ...Object.keys(real)])].filter((key) => !isDeepStrictEqual(value(declared, key), value(real, key)))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function otherThanDeclared({ name }: PluginSource, keys: readonly string[]): PlatformError {
  return new PlatformError('MANIFEST_INVALID', `The code of ${name} is something else than its plugin.json says: ${keys.join(', ')}.`,
    { fix: 'Pack the plugin again, so that plugin.json is made from the code.' })
}
