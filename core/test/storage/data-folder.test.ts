import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { requireWritable } from '../../src/storage/data-folder.ts'
import { openFolderStorage } from '../../src/storage/open-storage.ts'

const outside = { now: () => 0, randomBytes: (length: number) => new Uint8Array(length), fetch: globalThis.fetch }

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'liberacces-folder-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

test('[N2] a data folder that is a file is refused by its variable', async () => {
  const path = join(await folder(), 'file')
  await writeFile(path, 'x')
  await expect(requireWritable(path)).rejects.toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID', message: `LIBERACCES_DATA: ${path} cannot hold data: a file stands in its place.` }))
})

test('[N2] a damaged database is refused by its path, and left as it is', async () => {
  const data = await folder()
  const path = join(data, 'platform.sqlite')
  await writeFile(path, 'this is no database, whatever its name says'.repeat(100))
  expect(() => openFolderStorage({ folder: data, outside })).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(path) }))
  expect(await readFile(path, 'utf8')).toContain('this is no database')
})
