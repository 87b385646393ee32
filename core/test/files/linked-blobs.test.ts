import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFiles, type FileStore } from '../../src/storage/files.ts'
import { blobsIn, type Blob } from '../../src/storage/files/blob-folder.ts'
import { FakeOutside, KEY, temporaryFolder, temporaryStorage } from '../storage/temporary-storage.ts'

const OTHER = { ...KEY, pluginId: 'fr.example.archive' }
const TEXT = { name: 'note.txt', type: 'text/plain' }
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

async function setUp() {
  const outside = new FakeOutside()
  const folder = temporaryFolder()
  const storage = temporaryStorage({ folder, outside })
  const files = await createFiles({ storage, outside, folder: join(folder, 'files') })
  return { folder, storage, files }
}

async function all(blobs: AsyncIterable<Blob>): Promise<readonly Blob[]> {
  const found: Blob[] = []
  for await (const blob of blobs) found.push(blob)
  return found
}

test('[X4] the stored bytes of a tenant are listed once each, in the order of their hashes, store by store', async () => {
  const { files } = await setUp()
  for (const text of ['one', 'two', 'three', 'one']) await files.of(KEY).put(bytes(text), TEXT)
  await files.of(OTHER).put(bytes('elsewhere'), TEXT)
  expect(await files.storesOf(KEY.tenantId)).toEqual([OTHER, KEY])
  expect(await all(files.blobs(KEY))).toEqual(['one', 'two', 'three'].map((text) => ({ sha256: sha256(text), size: text.length })).toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1)))
  expect(await all(files.blobs({ ...KEY, tenantId: 'nobody' }))).toEqual([])
})

test('[X4] linked bytes outlive what they were linked from, are the same on disk, and come back', async () => {
  const { folder, files, storage } = await setUp()
  const ref = await files.of(KEY).put(bytes('kept'), TEXT)
  const away = join(folder, 'away')
  await files.linkBlobs(KEY, away)
  expect(statSync(join(away, ref.sha256.slice(0, 2), ref.sha256)).ino).toBe(statSync(files.blobPath(KEY, ref.sha256)).ino)
  await storage.copyStore(KEY, join(folder, 'copy.sqlite'))
  await files.delete(KEY, ref.id)
  expect(await all(files.blobs(KEY))).toEqual([])
  const late = await files.of(KEY).put(bytes('late'), TEXT)
  await files.placeBlobs(KEY, away)
  await storage.placeStore(KEY, join(folder, 'copy.sqlite'))
  expect(await files.pruneBlobs(KEY)).toBe(1)
  expect(new TextDecoder().decode(await (await files.of(KEY).get(ref.id))?.bytes())).toBe('kept')
  expect(await files.of(KEY).get(late.id)).toBeUndefined()
  expect(await all(files.blobs(KEY))).toEqual([{ sha256: ref.sha256, size: 4 }])
})

test('[X4] held still, a copy of the rows and the linked bytes belong together, however much arrives and goes meanwhile', async () => {
  const { folder, files, storage } = await setUp()
  // The store is made with the first.
  await files.of(KEY).put(bytes('first'), TEXT)
  let isDone = false
  const busy = async (files: FileStore): Promise<void> => {
    for (let round = 0; !isDone; round += 1) {
      const { id } = await files.of(KEY).put(bytes(`file ${round}`), TEXT)
      if (round % 3 > 0) await files.delete(KEY, id)
    }
  }
  // A store is made at its first use, and there is nothing to copy before.
  await files.of(KEY).put(bytes('first'), TEXT)
  const working = busy(files)
  for (const name of ['a', 'b', 'c']) {
    const away = join(folder, name)
    await files.linkBlobs(KEY, away)
    await files.heldStill(KEY, async () => {
      await files.linkBlobs(KEY, away)
      await storage.copyStore(KEY, join(folder, `${name}.sqlite`))
    })
    const copy = { tenantId: `of-${name}`, pluginId: KEY.pluginId }
    await storage.placeStore(copy, join(folder, `${name}.sqlite`))
    const rows = await storage.kernelStore(copy).selectFrom('liberacces_file').select('sha256').execute()
    const there = new Set((await all(blobsIn(away))).map((blob) => blob.sha256))
    expect(rows.filter((row) => !there.has(row.sha256))).toEqual([])
  }
  isDone = true
  await working
})
