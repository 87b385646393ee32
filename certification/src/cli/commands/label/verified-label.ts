import { resolve } from 'node:path'
import {
  archiveDigests, labelAround, labelBeside, listOf, platformVersion, readTrustRoot, requireInputs, requireOwnKeys, verifyLabel, withBundled, withNewerList,
  type FoundLabel, type LabelPolicy, type TrustStore, type VerifiedLabel,
} from '@liberacces/core'
import { LabelError } from '../../../label/label-error.ts'
import { readIfThere, readNamed } from './label-files.ts'

/** What a label is verified by. */
export interface VerifyOptions {
  readonly root: readonly string[]
  readonly status?: string
  readonly kernel?: string
  readonly policy: LabelPolicy
  readonly now: number
}

/** A bundle, an archive with its label, or a label with its archive. @throws LabelError, PlatformError `LABEL_INVALID` */
export async function foundAt(folder: string, file: string): Promise<FoundLabel & { readonly label: Buffer }> {
  if (file.endsWith('.label.json')) {
    const archivePath = file.replace(/\.label\.json$/, '.tgz')
    const archive = await readIfThere(folder, archivePath)
    if (archive === undefined) throw new LabelError(`The archive ${archivePath} does not lie beside its label.`, 'Put it there, or give the bundle.', 2)
    return { archive, label: await readNamed(folder, file) }
  }
  const found = await labelAround(resolve(folder, file), await readNamed(folder, file))
  if (found.label === undefined) throw new LabelError(`${file} has no label: there is no ${labelBeside(file)}.`, 'Give a .labelbundle, or an archive with its label beside it.')
  return { ...found, label: found.label }
}

/** Verifies what was found, offline. @throws PlatformError with what fails first */
export async function verifiedLabel(folder: string, found: FoundLabel & { readonly label: Buffer }, { root, status, kernel, policy, now }: VerifyOptions): Promise<VerifiedLabel> {
  const roots = await Promise.all(root.map(async (path) => readTrustRoot(await readNamed(folder, path))))
  for (const one of roots) requireOwnKeys(roots, one)
  let store: TrustStore = { roots, lists: [] }
  if (status !== undefined) store = withNewerList(store, await readNamed(folder, status))
  store = withBundled(store, found)
  const verified = verifyLabel(found.label, {
    archive: archiveDigests(found.archive), roots: store.roots, statusOf: (uri, rootId) => listOf(store, uri, rootId), policy, kernel: kernel ?? platformVersion(), now,
  })
  requireInputs(verified.statement, found)
  return verified
}
