import { readdirSync, rmSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createFiles } from '../../src/storage/files.ts'
import { BlobFolder } from '../../src/storage/files/blob-folder.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside, KEY, temporaryFolder } from '../storage/temporary-storage.ts'
import { certifyFiles } from './certify-files.ts'

certifyFiles({
  name: 'disk',
  async create() {
    const folder = join(temporaryFolder(), 'blobs')
    const below = (): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile()).sort()
    return {
      open: (newId) => BlobFolder.open(folder, newId),
      paths: async () => below().filter((path) => !path.startsWith('.')),
      ownPaths: async () => below().filter((path) => path.startsWith('.')),
      async write(path, bytes) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), bytes)
      },
      remove: async (path) => { rmSync(join(folder, path)) },
    }
  },
})

test('[X4] on the disk of the data, bytes that are copied away share their place', async () => {
  const outside = new FakeOutside()
  const folder = temporaryFolder()
  const files = await createFiles({ storage: await runStorage({ outside }), outside, folder: join(folder, 'files') })
  const { sha256 } = await files.of(KEY).put(new TextEncoder().encode('kept'), { name: 'note.txt', type: 'text/plain' })
  await files.copyBlobs(KEY, join(folder, 'away'))
  const inodeOf = (...parts: readonly string[]): number => statSync(join(folder, ...parts, sha256.slice(0, 2), sha256)).ino
  expect(inodeOf('away')).toBe(inodeOf('files', KEY.tenantId, KEY.pluginId))
})
