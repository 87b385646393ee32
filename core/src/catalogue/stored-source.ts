import type { Manifest } from '@liberacces/sdk/host'
import { LONGEST_BLOCK_MS } from '../runtime/within-time.ts'
import type { ReleaseRow } from '../storage/platform-tables.ts'
import { checkArchive } from './archive/check-archive.ts'
import { evaluateCode } from './archive/evaluate-code.ts'
import { textOf } from './archive/examine-archive.ts'
import { readArchive } from './archive/read-archive.ts'
import type { DescribedSource } from './catalogue.ts'
import { problemsAsOne } from './problems-as-one.ts'
import type { ReleaseFolder } from './release-folder.ts'

/** An installed release as a source of the catalogue: known by its row, read and compared with its digest each time it is loaded. */
export function storedSource(folder: ReleaseFolder, { id, version, digest, manifest_json: manifestJson, source }: ReleaseRow): DescribedSource {
  return {
    name: source,
    digest,
    // Checked when it was installed; nobody but the kernel writes its tables.
    manifest: JSON.parse(manifestJson) as Manifest,
    async code() {
      const { files } = await readArchive(await folder.read({ id, version }, digest))
      const checked = checkArchive(files)
      if ('problems' in checked) throw problemsAsOne(checked.problems)
      return { file: `${id}@${version}/${checked.main}`, text: textOf(files.get(checked.main)) }
    },
    async load() {
      const { files } = await readArchive(await folder.read({ id, version }, digest))
      const checked = checkArchive(files)
      // The rules may have become stricter since, or the SDK another one.
      if ('problems' in checked) throw problemsAsOne(checked.problems)
      return evaluateCode(textOf(files.get(checked.main)), `${id}@${version}/${checked.main}`, LONGEST_BLOCK_MS)
    },
  }
}
