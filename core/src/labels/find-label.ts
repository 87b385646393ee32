import { readFile, stat } from 'node:fs/promises'
import { labelFault } from './label-fault.ts'
import { looksLikeBundle, MOST_BUNDLE_BYTES, readBundle } from './label-bundle.ts'

/** An archive and what tells of it, as it lies in a bundle or beside it. Nothing of it is verified. */
export interface FoundLabel {
  readonly archive: Buffer
  readonly label?: Buffer
  readonly root?: Buffer
  readonly status?: Buffer
  readonly sbom?: Buffer
  readonly testResult?: Buffer
}

const LABEL_ENDING = '.label.json'

/** Where the label of an archive lies, when it lies beside it: `x.tgz` → `x.label.json`. */
export function labelBeside(archivePath: string): string {
  return `${archivePath.replace(/\.(tgz|tar\.gz)$/, '')}${LABEL_ENDING}`
}

/** What is in a bundle, or an archive and the label beside it. @param path - absolute @throws PlatformError `LABEL_INVALID`, `ARCHIVE_UNAVAILABLE` by its reader */
export async function labelAround(path: string, bytes: Buffer): Promise<FoundLabel> {
  if (looksLikeBundle(bytes)) {
    const { 'package.tgz': archive, 'label.json': label, 'root.json': root, 'status.json': status, 'sbom.json': sbom, 'test-result.json': testResult } = readBundle(bytes)
    return { archive, label, root, ...(status === undefined ? {} : { status }), ...(sbom === undefined ? {} : { sbom }), ...(testResult === undefined ? {} : { testResult }) }
  }
  const beside = labelBeside(path)
  const size = await stat(beside).then((found) => (found.isFile() ? found.size : undefined), (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (size === undefined) return { archive: bytes }
  if (size > MOST_BUNDLE_BYTES) throw labelFault('LABEL_INVALID', `${beside} has ${size} bytes, too many for a label.`, 'Give the label that belongs to the archive.')
  return { archive: bytes, label: await readFile(beside) }
}
