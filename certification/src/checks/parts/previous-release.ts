import { readFile } from 'node:fs/promises'
import { readArchive } from '@liberacces/core'
import type { Manifest } from '@liberacces/sdk/host'
import type { PackageSubject } from '../../harness/subject.ts'

/** Why nothing is compared. */
export const NO_PREVIOUS = 'Nothing to compare with: give the archive of the version before with --previous.'

/** The manifest of the version before, or `undefined` when none was given. @throws PlatformError when it is no archive */
export async function previousManifest({ given }: PackageSubject): Promise<Manifest | undefined> {
  if (given.previous === undefined) return undefined
  const { files } = await readArchive(await readFile(given.previous))
  return JSON.parse(files.get('plugin.json')?.toString() ?? 'null') as Manifest
}
