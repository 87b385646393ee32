import type { CodeFile } from '../../harness/subject.ts'

/** A package whose code is in an archive. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** As its `package.json` says it; `unknown` where it says nothing. */
  readonly license: string
}

const NOTICE = 'THIRD-PARTY.txt'

/** The packages that an archive says are in its code, by its `THIRD-PARTY.txt`. */
export function noticedPackages(files: ReadonlyMap<string, Buffer>): readonly BundledPackage[] {
  const text = files.get(NOTICE)?.toString() ?? ''
  // The first line of each part; its licence text comes after it.
  return text.split('\n\n').flatMap((part) => {
    const found = /^(?:---\n+)?((?:@[^\s/]+\/)?[^\s@/]+) (\d+\.\d+\.\d+\S*) \((.+)\)$/.exec(part.trim())
    return found === null ? [] : [{ name: found[1] ?? '', version: found[2] ?? '', license: found[3] ?? '' }]
  })
}

/** The packages whose code is in a bundle, by the comments that packing leaves before each file: `name@version`. */
export function markedPackages(bundle: CodeFile): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const [index, line] of bundle.text.split('\n').entries()) {
    const name = /^\s*\/\/ plugin:((?:@[^\s/@]+\/)?[^\s/@]+@\d[^\s/]*)\//.exec(line)?.[1]
    if (name !== undefined && !found.has(name)) found.set(name, index + 1)
  }
  return found
}

/** The file of source that a line of a bundle came from: the author's, or `name@version/path` of a package. */
export function originOf(bundle: CodeFile, line: number): string | undefined {
  const lines = bundle.text.split('\n')
  for (let at = Math.min(line, lines.length) - 1; at >= 0; at -= 1) {
    const origin = /^\s*\/\/ plugin:(\S+)$/.exec(lines[at] ?? '')?.[1]
    if (origin !== undefined) return origin
  }
  return undefined
}
