import { codeFile, isCode } from './code-file.ts'
import type { PackageSubject, SourceSubject } from './subject.ts'

/** The one file of code that packing makes. */
const BUNDLE = 'plugin.cjs'

/** Reads and parses the code of a plugin: the author's own where there is a folder, and the bundle of its archive. */
export async function openSources(subject: PackageSubject): Promise<SourceSubject> {
  const { folder, files } = subject
  const bundled = files?.get(BUNDLE)
  const bundle = bundled === undefined ? undefined : codeFile(BUNDLE, bundled.toString())
  if (folder === undefined) return { ...subject, bundle, code: bundle === undefined ? [] : [bundle] }
  const code = await Promise.all(folder.files.filter(isCode).map(async (path) => codeFile(path, await folder.read(path))))
  return { ...subject, bundle, code }
}
