import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folderDigest } from './folder-digest.ts'

/** Which harness made a verdict. */
export interface HarnessDigest {
  readonly version: string
  /** `sha256-<base64>` over its own code. */
  readonly digest: string
}

/** This harness: its version, and a digest of all of its code as it runs. */
export async function harnessDigest(): Promise<HarnessDigest> {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const { version } = JSON.parse(await readFile(join(folder, '..', 'package.json'), 'utf8')) as { readonly version: string }
  return { version, digest: await folderDigest(folder) }
}
