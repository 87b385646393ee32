import { codeFile, isCode } from './code-file.ts'
import type { PackageSubject, SourceSubject } from './subject.ts'

/** The one file of code that packing makes. */
const BUNDLE = 'plugin.cjs'

/** Reads and parses the code of a plugin: the author's own where there is a folder, and the bundle of its archive. */
export async function openSources(subject: PackageSubject): Promise<SourceSubject> {
  const { folder, files } = subject
  const bundled = files?.get(BUNDLE)
  const bundle = bundled === undefined ? undefined : codeFile(BUNDLE, bundled.toString())
  // Those for pages are files of their own; in a folder they are among the author's.
  const scripts = [...files ?? []].flatMap(([path, content]) => (path.startsWith('browser/') && isCode(path) ? [codeFile(path, content.toString())] : []))
  if (folder === undefined) return { ...subject, bundle, code: bundle === undefined ? scripts : [bundle, ...scripts] }
  const code = await Promise.all(folder.files.filter(isCode).map(async (path) => codeFile(path, await folder.read(path))))
  return { ...subject, bundle, code }
}
