import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import type { ArchiveShelf } from '../../src/removal/archive-shelf.ts'
import { createOwnArchiveShelf } from '../../src/removal/own-archive-shelf.ts'
import { createSharedArchiveShelf } from '../../src/removal/shared-archive-shelf.ts'
import { SharedArchives } from '../../src/removal/shared-archives.ts'
import { BlobFolder } from '../../src/storage/files/blob-folder.ts'
import { filesBelow } from '../../src/storage/folder-content.ts'
import { createKeptFiles } from '../../src/storage/kept-files.ts'
import { moveFiles, switchPlace } from '../../src/storage/move-files.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside, KEY, temporaryFolder } from '../storage/temporary-storage.ts'

const NAME = { ...KEY, id: '01a2076b-4400-77ac-a2ad-41b2deb2f6b5' }
const LARGE = Buffer.alloc(700_000, 7)

async function shelves() {
  const outside = new FakeOutside()
  const storage = await runStorage({ outside })
  const data = temporaryFolder()
  const folder = join(data, 'archives')
  const blobs = await BlobFolder.open(join(data, 'files'), () => 'x')
  const kept = createKeptFiles({ storage, outside })
  const archives = new SharedArchives(kept, blobs)
  const warned: string[] = []
  const log = { warn: (_detail: object, message: string) => { warned.push(message) } }
  return { storage, data, folder, blobs, kept, archives, warned, own: createOwnArchiveShelf({ folder, before: archives, log }), shared: createSharedArchiveShelf({ folder, archives, log }) }
}

async function write(folder: string): Promise<void> {
  for (const text of ['one', 'two']) {
    const sha256 = createHash('sha256').update(text).digest('hex')
    mkdirSync(join(folder, 'files', sha256.slice(0, 2)), { recursive: true })
    writeFileSync(join(folder, 'files', sha256.slice(0, 2), sha256), text)
  }
  writeFileSync(join(folder, 'store.sqlite'), LARGE)
  writeFileSync(join(folder, 'archive.json'), '{}')
}

async function treeOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all((await filesBelow(folder)).map(async (path) => [relative(folder, path), createHash('sha256').update(await readFile(path)).digest('hex')] as const))
  return Object.fromEntries(found)
}

const contentOf = (shelf: ArchiveShelf) => shelf.use(NAME, treeOf)

test('[U43] archives that lie in the database come to the data folder of a single process, and go back to where all nodes find them', async () => {
  const { own, shared, folder, kept, blobs, warned } = await shelves()
  await shared.put(NAME, write)
  const whole = await contentOf(shared)
  expect([Object.keys(whole).length, await filesBelow(folder), await shared.names(KEY)]).toEqual([4, [], [NAME]])
  await own.open()
  expect([await own.names(KEY), await contentOf(own), await kept.names(''), await blobs.aside('archives').tenants()]).toMatchObject([[NAME], whole, [], [KEY.tenantId]])
  expect(await blobs.aside('archives').pluginsOf(KEY.tenantId)).toEqual([])
  await own.open()
  expect(await contentOf(own)).toEqual(whole)
  await shared.open()
  await shared.open()
  expect([await filesBelow(folder), await shared.names(KEY), await contentOf(shared), warned]).toEqual([[], [NAME], whole, []])
})

test('[U43] one that cannot be brought over whole stays where it is, and is told of', async () => {
  const { own, shared, storage, folder, warned, archives } = await shelves()
  await shared.put(NAME, write)
  await storage.platform.updateTable('kept_chunk').where('number', '=', 1).set({ content: Buffer.from('x') }).execute()
  await own.open()
  expect([await own.names(KEY), await filesBelow(folder), await archives.names(), warned.length]).toEqual([[], [], [NAME], 1])
})

test('[U43] a backup has archives as folders, linked from an older one where that has them; one that is deleted meanwhile is not in it', async () => {
  const { own, shared, archives } = await shelves()
  await shared.put(NAME, write)
  const whole = await contentOf(shared)
  const [first, second] = [temporaryFolder(), temporaryFolder()]
  await shared.copyOut(first)
  await shared.copyOut(second, first)
  const at = join(second, NAME.tenantId, NAME.pluginId, NAME.id)
  expect([await treeOf(at), await filesBelow(join(second, '..', 'nothing'))]).toEqual([whole, []])
  const [blob = ''] = (await filesBelow(join(at, 'files')))
  expect((await stat(blob)).nlink).toBeGreaterThan(1)
  await own.copyOut(join(second, 'x'))
  await archives.drop(NAME)
  await rm(first, { recursive: true })
  await shared.copyOut(first)
  expect(await filesBelow(first)).toEqual([])
})

test('[U43] files that move to another place take those of archives along, and those that stay behind are put aside with the others', async () => {
  const { shared, archives, data, blobs, kept } = await shelves()
  await shared.put(NAME, write)
  const whole = await contentOf(shared)
  const to = await BlobFolder.open(join(temporaryFolder(), 'elsewhere'), () => 'y')
  const options = { dataFolder: data, from: blobs, to, newId: () => 'z' }
  expect(await moveFiles({ ...options, dryRun: true })).toMatchObject({ files: 2, copied: 2, damaged: [] })
  expect(await moveFiles(options)).toMatchObject({ files: 2, copied: 2, damaged: [] })
  const aside = await switchPlace(data, 's3://elsewhere', 0)
  expect([(await filesBelow(aside ?? '')).length, (await filesBelow(join(data, 'files'))).map((path) => relative(data, path))]).toEqual([2, ['files/.place']])
  const there = createSharedArchiveShelf({ folder: join(data, 'archives'), archives: new SharedArchives(kept, to), log: { warn: () => undefined } })
  expect(await contentOf(there)).toEqual(whole)
  await there.drop(NAME)
  expect([await archives.names(), await filesBelow(to.place)]).toEqual([[], []])
})

test('[U42] half of an archive that a crash left in the data folder is gone with the next start; what has no index is left for people', async () => {
  const { own, folder } = await shelves()
  await own.put(NAME, write)
  await expect(own.put({ ...NAME, id: 'other' }, () => Promise.reject(new Error('full')))).rejects.toThrow('full')
  for (const name of ['crashed.part', 'strange']) mkdirSync(join(folder, KEY.tenantId, KEY.pluginId, name))
  writeFileSync(join(folder, KEY.tenantId, KEY.pluginId, 'strange', 'store.sqlite'), 'x')
  await own.open()
  expect([await own.names({ tenantId: KEY.tenantId }), (await filesBelow(folder)).length]).toMatchObject([[NAME], 5])
  await own.drop(NAME)
  await own.drop(NAME)
  expect((await filesBelow(folder)).map((path) => relative(join(folder, KEY.tenantId, KEY.pluginId), path))).toEqual(['strange/store.sqlite'])
})
