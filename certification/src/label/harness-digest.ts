import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Which harness made a verdict. */
export interface HarnessDigest {
  readonly version: string
  /** SHA-256 over its own code, hex. */
  readonly digest: string
}

/** This harness: its version, and a digest of all of its code as it runs. */
export async function harnessDigest(): Promise<HarnessDigest> {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const { version } = JSON.parse(await readFile(join(folder, '..', 'package.json'), 'utf8')) as { readonly version: string }
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const named = files.map((path) => ({ path, name: relative(folder, path).replaceAll('\\', '/') })).sort((a, b) => (a.name < b.name ? -1 : 1))
  const hash = createHash('sha256')
  for (const { path, name } of named) hash.update(`${name}\n`).update(createHash('sha256').update(await readFile(path)).digest())
  return { version, digest: hash.digest('hex') }
}
