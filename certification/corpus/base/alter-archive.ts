import { writeFile } from 'node:fs/promises'
import { digestOf, readArchive, writeArchive } from '@liberacces/core'
import { packPlugin } from '../../src/pack/pack-plugin.ts'

const DIGESTS = 'digests.json'

/**
 * Packs a folder and changes what is in the archive, as somebody would who did not use our packing.
 * @param change - changes the files in place; the list of digests is made anew unless it `keeps` it
 * @returns path of the archive
 */
export async function alterArchive(folder: string, change: (files: Map<string, Buffer>) => void, { keepsDigests = false } = {}): Promise<string> {
  const files = new Map((await readArchive((await packPlugin(folder)).archive)).files)
  change(files)
  if (!keepsDigests) {
    files.delete(DIGESTS)
    files.set(DIGESTS, Buffer.from(`${JSON.stringify(Object.fromEntries([...files].map(([path, content]) => [path, digestOf(content)])), null, 2)}\n`))
  }
  const path = `${folder}.tgz`
  await writeFile(path, await writeArchive(files))
  return path
}

/** Changes a JSON file of an archive. */
export function changeJson(files: Map<string, Buffer>, path: string, change: (value: Record<string, unknown>) => void): void {
  const value = JSON.parse(files.get(path)?.toString() ?? '{}') as Record<string, unknown>
  change(value)
  files.set(path, Buffer.from(`${JSON.stringify(value, null, 2)}\n`))
}
