import { DESCRIPTION_FILE } from '../catalogue/archive/check-archive.ts'
import { writeArchive } from '../catalogue/archive/write-archive.ts'
import type { Manifest } from '@liberacces/sdk/host'
import type { Description } from '../process/description.ts'

/**
 * A release of an application as an archive, so that it is kept, compared, shared among nodes and backed up as any other: what it says of itself, and
 * nothing of where it runs, which may change.
 */
export function remoteArchive(manifest: Manifest, description: Description): Promise<Buffer> {
  const files = new Map(Object.entries({
    'plugin.json': manifest,
    'package.json': { name: manifest.id, version: manifest.version, license: manifest.license, liberacces: { plugin: manifest.id } },
    [DESCRIPTION_FILE]: description,
  }).map(([path, content]) => [path, new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`)]))
  return writeArchive(files)
}
