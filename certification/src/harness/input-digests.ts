import { readFile, stat } from 'node:fs/promises'
import { digestOf } from '@liberacces/core'
import { folderDigest } from './folder-digest.ts'
import { NoSubject } from './no-subject.ts'
import type { GivenFiles } from './subject.ts'

/** Something that was given beside the plugin, so that a verdict can be held against the same. */
export interface InputDigest {
  /** The option that it was given by, such as `previous`; several `with` are numbered from 1, in the order of their digests. */
  readonly name: string
  /** `sha256-<base64>` of the file, or of all that a folder holds. */
  readonly digest: string
}

/** The digests of what was given along, by name. @throws NoSubject when one of them cannot be read */
export async function inputDigests({ advisories, previous, source, alongside = [] }: GivenFiles): Promise<readonly InputDigest[]> {
  const single = Object.entries({ advisories, previous, source }).flatMap(([name, path]) => (path === undefined ? [] : [{ name, path }]))
  const many = (await Promise.all(alongside.map((path) => digestAt('with', path)))).sort().map((digest, index) => ({ name: `with-${index + 1}`, digest }))
  return [...await Promise.all(single.map(async ({ name, path }) => ({ name, digest: await digestAt(name, path) }))), ...many]
}

async function digestAt(name: string, path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? await folderDigest(path) : digestOf(await readFile(path))
  } catch (cause) {
    throw new NoSubject(`What was given with --${name} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Give a file that is there.', { cause })
  }
}
