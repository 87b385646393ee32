import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveDigests, PlatformError, readArchive, readBundle, readLabel, requireInputs, type StatusList, type TrustRoot } from '@liberacces/core'
import type { TestResult } from '../label/test-result.ts'
import { registerEntry, type RegisterEntry } from './register-entry.ts'

/** A file that is no label of this certifier. */
export interface RefusedFile {
  readonly file: string
  readonly why: string
}

/** Reads every `.labelbundle` and `.label.json` of a folder; by plugin, newest version of a label first. Each label is there once, however many files hold it. */
export async function readLabels(folder: string, root: TrustRoot, list: StatusList, now: number): Promise<{ readonly entries: readonly RegisterEntry[]; readonly refused: readonly RefusedFile[] }> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile() && /\.(labelbundle|label\.json)$/.test(entry.name)).map(({ name }) => name).sort()
  const entries = new Map<number, RegisterEntry>()
  const refused: RefusedFile[] = []
  for (const file of names) {
    try {
      const { label, result, archive } = partsOf(file, await readFile(join(folder, file)), await beside(folder, file))
      const entry = registerEntry(label, root, list, now, result)
      const known = entries.get(entry.idx)
      const title = known?.title ?? (archive === undefined ? undefined : await titleIn(archive, entry))
      entries.set(entry.idx, { ...(known?.result === undefined ? entry : known), ...(title === undefined ? {} : { title }) })
    } catch (error) {
      // One bad file is told and keeps nobody from seeing the others told too; what else fails is our fault.
      if (!(error instanceof Error)) throw error
      refused.push({ file, why: error instanceof PlatformError ? `${error.message} (${error.code})` : error.message })
    }
  }
  return { entries: [...entries.values()].sort((a, b) => (a.id === b.id ? b.idx - a.idx : a.id < b.id ? -1 : 1)), refused }
}

async function beside(folder: string, file: string): Promise<Buffer | undefined> {
  if (!file.endsWith('.label.json')) return undefined
  return readFile(join(folder, file.replace(/\.label\.json$/, '.test-result.json'))).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

function partsOf(file: string, bytes: Buffer, ownResult: Buffer | undefined): { readonly label: Buffer; readonly result: TestResult | undefined; readonly archive: Buffer | undefined } {
  const bundle = file.endsWith('.labelbundle') ? readBundle(bytes) : undefined
  const label = bundle?.['label.json'] ?? bytes
  const testResult = bundle?.['test-result.json'] ?? ownResult
  const { statement } = readLabel(label)
  // What the label names by digest is as good as signed.
  if (testResult !== undefined) requireInputs(statement, { archive: Buffer.alloc(0), testResult })
  return { label, result: testResult === undefined ? undefined : JSON.parse(testResult.toString()) as TestResult, archive: bundle?.['package.tgz'] }
}

/** What the plugin is called, by the archive that the label names. @throws Error for another archive */
async function titleIn(archive: Buffer, { id, version, sha256 }: RegisterEntry): Promise<string | undefined> {
  if (archiveDigests(archive).sha256 !== sha256) throw new Error(`The bundle holds another archive than the one that the label of ${id} ${version} is for.`)
  try {
    const { title } = JSON.parse((await readArchive(archive)).files.get('plugin.json')?.toString() ?? '{}') as { readonly title?: { readonly fr?: unknown } }
    return typeof title?.fr === 'string' && title.fr.trim() !== '' ? title.fr : undefined
  } catch (error) {
    // It was labelled as it is: the register shows its id, as it does where there is the label alone.
    if (error instanceof PlatformError || error instanceof SyntaxError) return undefined
    throw error
  }
}
