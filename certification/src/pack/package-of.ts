import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A package on this machine. */
export interface FoundPackage {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly folder: string
}

const known = new Map<string, FoundPackage | undefined>()

/** The package that a file belongs to: the nearest folder above whose `package.json` has a name. @throws Error when there is none */
export async function packageOf(path: string): Promise<FoundPackage> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = known.has(folder) ? known.get(folder) : await read(folder)
    known.set(folder, found)
    if (found !== undefined) return found
    if (folder === dirname(folder)) throw new Error(`${path} belongs to no package.`)
  }
}

async function read(folder: string): Promise<FoundPackage | undefined> {
  let text: string
  try {
    text = await readFile(join(folder, 'package.json'), 'utf8')
  } catch {
    // No package here: it is looked for further up.
    return undefined
  }
  const { name, version, license } = JSON.parse(text) as Partial<Record<'name' | 'version' | 'license', string>>
  return name === undefined ? undefined : { name, version: version ?? '0.0.0', license: license ?? 'unknown', folder }
}
