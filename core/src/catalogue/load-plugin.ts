import { collectRegistrations, manifestOf, type Manifest } from '@liberacces/sdk/host'
import { isDeepStrictEqual } from 'node:util'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { LONGEST_BLOCK_MS, withinTime } from '../runtime/within-time.ts'
import { checkPlugin } from './check-manifest.ts'
import type { PluginSource } from './plugin-source.ts'

/** A plugin that was loaded and found right; not yet owned by anybody. */
export type LoadedPlugin = Omit<LoadedRelease, 'scope'>

/**
 * Runs a plugin's module and its `setup`, and checks what it declares. Reports instead of throwing.
 * @param limitMs - longest it may take, in milliseconds
 */
export async function loadPlugin(source: PluginSource, limitMs: number): Promise<LoadedPlugin | { readonly problems: readonly PlatformError[] }> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => { reject(new PlatformError('PLUGIN_LOAD_FAILED', `Loading ${source.name} took longer than ${limitMs} ms.`, { fix: 'A plugin does nothing at import; move work into handlers.' })) }, limitMs)
  try {
    const plugin = await Promise.race([source.load(), late])
    const registrations = withinTime(Math.min(limitMs, LONGEST_BLOCK_MS), `setup() of ${source.name}`, () => collectRegistrations(plugin))
    const manifest = manifestOf(plugin, registrations)
    const problems = checkPlugin(manifest, plugin, registrations)
    if (problems.length > 0) return { problems }
    const others = source.manifest === undefined ? [] : differences(source.manifest, manifest)
    return others.length > 0 ? { problems: [otherThanDeclared(source, others)] } : { manifest, plugin, registrations }
  } catch (cause) {
    if (cause instanceof PlatformError) return { problems: [cause] }
    return { problems: [new PlatformError('PLUGIN_LOAD_FAILED', `${source.name} failed while loading: ${cause instanceof Error ? cause.message : String(cause)}`, { fix: 'See the cause; setup() only registers and must not throw.', cause })] }
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
