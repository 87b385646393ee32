import type { Manifest } from '@liberacces/sdk/host'
import { LONGEST_BLOCK_MS } from '../runtime/within-time.ts'
import type { ReleaseRow } from '../storage/platform-tables.ts'
import { checkArchive } from './archive/check-archive.ts'
import { evaluateCode } from './archive/evaluate-code.ts'
import { textOf } from './archive/examine-archive.ts'
import { readArchive } from './archive/read-archive.ts'
import type { DescribedSource } from './catalogue.ts'
import { describedRelease, type Connect } from './described-release.ts'
import { scriptFile } from './page-scripts.ts'
import type { PluginCode } from './plugin-source.ts'
import { problemsAsOne } from './problems-as-one.ts'
import type { ReleaseFolder } from './release-folder.ts'

/**
 * An installed release as a source of the catalogue: known by its row, read and compared with its digest each time it is loaded.
 * @param connect - has one that runs elsewhere called there
 */
export function storedSource(folder: ReleaseFolder, connect: Connect, { id, version, digest, manifest_json: manifestJson, source }: ReleaseRow): DescribedSource {
  // Checked when it was installed; nobody but the kernel writes its tables.
  const manifest = JSON.parse(manifestJson) as Manifest
  return {
    name: source,
    digest,
    manifest,
    // An application has none here.
    ...(manifest.runtime === 'remote' ? {} : { code: async () => codeIn(await open()) }),
    browser: async (name) => (await open()).files.get(scriptFile(name)),
    async load() {
      const opened = await open()
      if (opened.main === undefined) return describedRelease(opened.files, connect(manifest))
      const { file, text } = codeIn(opened)
      return evaluateCode(text, file, LONGEST_BLOCK_MS)
    },
  }

  async function open(): Promise<{ readonly files: ReadonlyMap<string, Uint8Array>; readonly main: string | undefined }> {
    const { files } = await readArchive(await folder.read({ id, version }, digest))
    const checked = checkArchive(files)
    // The rules may have become stricter since, or the SDK another one.
    if ('problems' in checked) throw problemsAsOne(checked.problems)
    return { files, main: checked.main }
  }

  function codeIn({ files, main = '' }: Awaited<ReturnType<typeof open>>): PluginCode {
    return { file: `${id}@${version}/${main}`, text: textOf(files.get(main)) }
  }
}
