import { registerFormats, type Manifest } from '@liberacces/sdk/host'
import type { PlatformError } from '../../errors.ts'
import type { LoadedRelease } from '../../runtime/release.ts'
import { LONGEST_BLOCK_MS } from '../../runtime/within-time.ts'
import { describedRelease, NOBODY_CALLED } from '../described-release.ts'
import { loadPlugin } from '../load-plugin.ts'
import { scriptFile } from '../page-scripts.ts'
import type { OutsideRunner } from '../runs-in.ts'
import type { PluginSource } from '../plugin-source.ts'
import { problemsIn } from '../problems-as-one.ts'
import { checkArchive } from './check-archive.ts'
import { evaluateCode } from './evaluate-code.ts'
import { readArchive, type Archive } from './read-archive.ts'

/** Longest the code of a release may take to load, in milliseconds. */
const LOAD_LIMIT_MS = 10_000

/** An archive that would run here, or all that keeps it from it. */
export type Examined =
  | { readonly ok: true; readonly manifest: Manifest; readonly digest: string; readonly files: number }
  | { readonly ok: false; readonly manifest?: Manifest; readonly digest?: string; readonly problems: readonly PlatformError[] }

/**
 * Reads an archive, looks at everything in it, and only then runs its code once, to see that it is what its manifest says. Writes nothing.
 * @param outside - left out where every plugin runs in this process
 * @param tryOut - what else must go well with the loaded plugin, such as registering its endpoints; throws PlatformErrors
 */
export async function examineArchive(bytes: Uint8Array, source: string, tryOut: (plugin: Omit<LoadedRelease, 'scope'>) => Promise<void>, outside?: OutsideRunner): Promise<Examined> {
  // Schemas may name formats; without them nothing could be checked.
  registerFormats()
  let archive: Archive
  try {
    archive = await readArchive(bytes)
  } catch (error) {
    return { ok: false, problems: problemsIn(error) }
  }
  const { digest, files } = archive
  const checked = checkArchive(files)
  if ('problems' in checked) return { ok: false, digest, problems: checked.problems }
  const { manifest, main } = checked
  const loaded = await loadPlugin(main === undefined
    ? { name: source, manifest, load: async () => describedRelease(files, NOBODY_CALLED) }
    : { ...codeOf(source, manifest, digest, main, textOf(files.get(main))), browser: async (name) => files.get(scriptFile(name)) }, LOAD_LIMIT_MS, outside)
  if ('problems' in loaded) return { ok: false, digest, manifest, problems: loaded.problems }
  try {
    await tryOut(loaded)
  } catch (error) {
    return { ok: false, digest, manifest, problems: problemsIn(error) }
  } finally {
    await loaded.process?.stop()
  }
  return { ok: true, digest, manifest, files: files.size }
}

function codeOf(name: string, manifest: Manifest, digest: string, main: string, text: string): PluginSource {
  const file = `${manifest.id}@${manifest.version}/${main}`
  return { name, manifest, digest, load: () => evaluateCode(text, file, LONGEST_BLOCK_MS), code: async () => ({ file, text }) }
}

/** The text of a file, which JavaScript engines read as UTF-8. */
export function textOf(content: Uint8Array | undefined): string {
  return new TextDecoder().decode(content ?? new Uint8Array(0))
}
