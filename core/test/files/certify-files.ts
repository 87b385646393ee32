// Longer than others: everything that a driver of files has to hold, asked of each driver alike.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { StorageRoom } from '../../src/entitlement/storage-room.ts'
import { createFiles, type FilesOptions, type FileStore } from '../../src/storage/files.ts'
import { blobsIn } from '../../src/storage/files/blob-folder.ts'
import type { Blob, BlobStore } from '../../src/storage/files/blob-store.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside, KEY, temporaryFolder } from '../storage/temporary-storage.ts'

/** What the bytes of one test lie on. It goes with the test. */
export interface PlaceUnderTest {
  /** Opens the driver on it, as a start of the platform does. */
  readonly open: (newId: () => string) => Promise<BlobStore>
  /** Paths of all that lies there of stores: `<tenant>/<plugin>/<first two>/<sha256>`. */
  readonly paths: () => Promise<readonly string[]>
  /** Paths of what the driver keeps for itself: notes, holds. */
  readonly ownPaths: () => Promise<readonly string[]>
  /** Writes bytes past the driver. */
  readonly write: (path: string, bytes: Uint8Array) => Promise<void>
  readonly remove: (path: string) => Promise<void>
}

/** A driver, and how to get a place for it. */
export interface FilesUnderTest {
  readonly name: string
  readonly create: () => Promise<PlaceUnderTest>
}

const OTHER_PLUGIN = { ...KEY, pluginId: 'fr.example.other' }
const OTHER_TENANT = { ...KEY, tenantId: 't-2' }
const ANYTHING = { maxBytes: 50_000_000, accept: [] }
const TEXT = { name: 'note.txt', type: 'text/plain' }
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
/** Longer than anything young enough to be left alone. */
const HOURS_MS = 2 * 3_600_000

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')
const pathOf = (key: { readonly tenantId: string; readonly pluginId: string }, hash: string): string => `${key.tenantId}/${key.pluginId}/${hash.slice(0, 2)}/${hash}`

async function whole(readable: Promise<Readable> | undefined): Promise<Buffer> {
  return buffer(await readable ?? Readable.from([]))
}

async function text(readable: Promise<Readable> | undefined): Promise<string> {
  return (await whole(readable)).toString()
}

async function all(blobs: AsyncIterable<Blob>): Promise<readonly Blob[]> {
  const found: Blob[] = []
  for await (const blob of blobs) found.push(blob)
  return found
}

/** What a file store promises, whatever its bytes lie on. Runs once for each driver. */
export function certifyFiles({ name, create }: FilesUnderTest): void {
  interface Wishes extends Partial<FilesOptions> {
    readonly place?: PlaceUnderTest
    readonly storage?: Storage
    readonly limitBytesOf?: (tenantId: string) => number | undefined
  }
  const setUp = async ({ limitBytesOf, place, ...options }: Wishes = {}) => {
    const outside = (options.outside as FakeOutside | undefined) ?? new FakeOutside()
    const storage = options.storage ?? await runStorage({ outside })
    const folder = options.folder ?? join(temporaryFolder(), 'files')
    const on = place ?? await create()
    const blobs = await on.open(idsOf(outside))
    const room = new StorageRoom({ limitOf: limitBytesOf ?? (() => undefined), count: async (tenantId) => ({ files: await files.bytesOf(tenantId), databases: new Map() }) })
    const files: FileStore = await createFiles({ outside, room, blobs, ...options, storage, folder })
    return { outside, storage, folder, files, blobs, place: on, paths: () => on.paths() }
  }

  describe(`files on ${name}`, () => {
    test(`[F6] ${name}: what was put is got back, with what the bytes are and a name without any folder`, async () => {
      const { files, paths, place } = await setUp()
      const ref = await files.of(KEY).put(PNG, { name: 'C:\\images\\Mairie.png', type: 'text/html' })
      expect(ref).toEqual({ id: expect.any(String) as string, name: 'Mairie.png', type: 'image/png', size: PNG.length, sha256: sha256(PNG) })
      const stored = await files.of(KEY).get(ref.id)
      expect(stored).toMatchObject(ref)
      expect(Buffer.from(await stored?.bytes() ?? [])).toEqual(PNG)
      expect([await paths(), await place.ownPaths()]).toEqual([[pathOf(KEY, ref.sha256)], []])
    })

    test(`[F6] ${name}: a file that arrives in pieces is the same, and can be read in part`, async () => {
      const { files } = await setUp()
      const ref = await files.putStream(KEY, Readable.from([bytes('Bonjour '), bytes('Aytré')]), TEXT, ANYTHING)
      expect([ref.sha256, ref.type]).toEqual([sha256('Bonjour Aytré'), 'text/plain'])
      const opened = await files.open(KEY, ref.id)
      expect(opened?.ref).toEqual(ref)
      expect([await text(opened?.stream()), await text(opened?.stream({ start: 3, end: 6 })), await text(opened?.stream({ start: 13, end: 13 }))]).toEqual(['Bonjour Aytré', 'jour', Buffer.from('é').subarray(1).toString()])
    })

    test(`[F30] ${name}: an empty file, and one of many parts, come back byte for byte, whole and in part`, async () => {
      const { files } = await setUp()
      const empty = await files.of(KEY).put(new Uint8Array(0), { name: 'vide.txt', type: 'text/plain' })
      expect(await text((await files.open(KEY, empty.id))?.stream())).toBe('')
      const large = Buffer.alloc(20 * 1_048_576 + 7, 'Commune d’Aytré. ')
      const ref = await files.putStream(KEY, Readable.from([large.subarray(0, 5), large.subarray(5)]), TEXT, ANYTHING)
      const opened = await files.open(KEY, ref.id)
      expect((await whole(opened?.stream())).equals(large)).toBe(true)
      const [start, end] = [8 * 1_048_576 - 3, 16 * 1_048_576 + 3]
      expect((await whole(opened?.stream({ start, end }))).equals(large.subarray(start, end + 1))).toBe(true)
    })

    test(`[F31] ${name}: bytes that are missing, or of another length, are told before the first one is sent`, async () => {
      const { files, place } = await setUp()
      const [gone, cut] = [await files.of(KEY).put(bytes('parti'), TEXT), await files.of(KEY).put(bytes('coupé'), TEXT)]
      await place.remove(pathOf(KEY, gone.sha256))
      await place.write(pathOf(KEY, cut.sha256), bytes('cou'))
      for (const { id } of [gone, cut]) {
        await expect((await files.open(KEY, id))?.stream()).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
        await expect((await files.of(KEY).get(id))?.bytes()).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
      }
      // Who stores them again has mended them.
      for (const content of ['parti', 'coupé']) await files.of(KEY).put(bytes(content), TEXT)
      expect([await text((await files.open(KEY, gone.id))?.stream()), await text((await files.open(KEY, cut.id))?.stream())]).toEqual(['parti', 'coupé'])
    })

    test(`[F31] ${name}: a reader who goes away in the middle leaves nothing open`, async () => {
      const { files } = await setUp()
      const ref = await files.of(KEY).put(Buffer.alloc(4_000_000, 'x'), TEXT)
      const stream = await (await files.open(KEY, ref.id))?.stream()
      for await (const chunk of stream ?? []) if ((chunk as Uint8Array).length > 0) break
      expect(stream?.destroyed).toBe(true)
      expect((await text((await files.open(KEY, ref.id))?.stream())).length).toBe(4_000_000)
    })

    test(`[F7] ${name}: the same bytes lie once per plugin, and go with the last that has them`, async () => {
      const { files, paths } = await setUp()
      const [one, two] = [await files.of(KEY).put(bytes('même'), TEXT), await files.of(KEY).put(bytes('même'), { ...TEXT, name: 'autre.txt' })]
      await files.of(OTHER_PLUGIN).put(bytes('même'), TEXT)
      expect(await paths()).toHaveLength(2)
      await files.delete(KEY, one.id)
      await files.delete(KEY, one.id)
      expect([await files.of(KEY).get(one.id), (await files.of(KEY).get(two.id))?.name]).toEqual([undefined, 'autre.txt'])
      await files.of(KEY).delete(two.id)
      expect(await paths()).toEqual([pathOf(OTHER_PLUGIN, sha256('même'))])
    })

    test(`[F7] ${name}: storing and deleting the same bytes at the same moment never loses those that are referred to`, async () => {
      const { files, paths, place } = await setUp()
      const own = files.of(KEY)
      let last = await own.put(bytes('x'), TEXT)
      for (let round = 0; round < 20; round += 1) {
        const [, next] = await Promise.all([own.delete(last.id), own.put(bytes('x'), TEXT)])
        expect(Buffer.from(await (await own.get(next.id))?.bytes() ?? []).toString()).toBe('x')
        last = next
      }
      await own.delete(last.id)
      expect([await paths(), await place.ownPaths()]).toEqual([[], []])
    })

    test(`[F7] ${name}: a store or tenant that is dropped leaves no bytes, and others keep theirs`, async () => {
      const { files, paths } = await setUp()
      for (const key of [KEY, OTHER_PLUGIN, OTHER_TENANT]) await files.of(key).put(bytes('x'), TEXT)
      await files.drop(KEY)
      expect((await paths()).map((path) => path.split('/').slice(0, 2).join('/'))).toEqual(['t-1/fr.example.other', 't-2/fr.example.notes'])
      await files.dropTenant('t-1')
      await files.dropTenant('t-1')
      expect((await paths()).map((path) => path.split('/')[0])).toEqual(['t-2'])
      expect([await files.amountOf(KEY), await files.amountOf(OTHER_TENANT)]).toEqual([{ count: 0, bytes: 0 }, { count: 1, bytes: 1 }])
    })

    test(`[F8] ${name}: another tenant and another plugin cannot reach a file by its id`, async () => {
      const { files } = await setUp()
      const { id } = await files.of(KEY).put(bytes('secret'), TEXT)
      for (const key of [OTHER_PLUGIN, OTHER_TENANT]) {
        expect([await files.of(key).get(id), await files.open(key, id)]).toEqual([undefined, undefined])
        await files.of(key).delete(id)
      }
      expect(await files.of(KEY).get(id)).toBeDefined()
    })

    test(`[F8] ${name}: nothing that is given becomes part of a path`, async () => {
      const { files, paths, place } = await setUp()
      for (const id of ['../victim', '..', '/etc/passwd', '', '\0']) {
        expect([await files.of(KEY).get(id), await files.open(KEY, id)]).toEqual([undefined, undefined])
        await files.of(KEY).delete(id)
      }
      for (const key of [{ ...KEY, tenantId: '../t-1' }, { ...KEY, pluginId: '..' }, { ...KEY, pluginId: 'a/b' }, { tenantId: '', pluginId: 'x' }, { ...KEY, tenantId: '.held' }]) {
        await expect(files.of(key).put(bytes('x'), TEXT)).rejects.toThrow(/is no (tenant|plugin) id|cannot name a store/)
        await expect(files.drop(key)).rejects.toThrow(/is no (tenant|plugin) id|cannot name a store/)
      }
      await expect(files.dropTenant('.')).rejects.toThrow('is no tenant id')
      await expect(files.bytes(KEY, { sha256: '../x', size: 1 })).rejects.toThrow('is no SHA-256')
      expect([await paths(), await place.ownPaths()]).toEqual([[], []])
    })

    test(`[F9] ${name}: a file that is too large, of a refused type or cut short leaves nothing`, async () => {
      const { files, storage, paths, place, folder } = await setUp()
      const endless = Readable.from((function* () { for (;;) yield bytes('0123456789') })())
      const broken = Readable.from((async function* () { yield bytes('abc'); throw new Error('The client went away.') })())
      await expect(files.putStream(KEY, endless, TEXT, { maxBytes: 1_000, accept: [] })).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
      expect(endless.destroyed).toBe(true)
      await expect(files.putStream(KEY, Readable.from([PNG]), TEXT, { maxBytes: 1_000, accept: ['text/plain', 'application/pdf'] })).rejects.toMatchObject({ code: 'FILE_TYPE_REFUSED', message: expect.stringContaining('image/png') as string })
      await expect(files.putStream(KEY, broken, TEXT, ANYTHING)).rejects.toThrow('went away')
      expect([await paths(), await place.ownPaths(), readdirSync(join(folder, '.incoming'))]).toEqual([[], [], []])
      expect(await storage.kernelStore(KEY).selectFrom('liberacces_file').selectAll().execute()).toEqual([])
      expect((await files.putStream(KEY, Readable.from([bytes('0123456789')]), TEXT, { maxBytes: 10, accept: ['text/*'] })).size).toBe(10)
    })

    test(`[F10] ${name}: a tenant stores up to its quota: the same bytes count once, deleted ones no more, other tenants not at all`, async () => {
      const { files, storage, place, paths } = await setUp({ limitBytesOf: (tenantId) => (tenantId === 't-1' ? 10 : undefined) })
      const first = await files.of(KEY).put(bytes('123456'), TEXT)
      await files.of(KEY).put(bytes('123456'), TEXT)
      await expect(files.of(OTHER_PLUGIN).put(bytes('12345'), TEXT)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
      await files.of(OTHER_PLUGIN).put(bytes('1234'), TEXT)
      await files.of(OTHER_TENANT).put(bytes('12345678901234567890'), TEXT)
      expect([await files.bytesOf('t-1'), (await paths()).length, await place.ownPaths()]).toEqual([10, 3, []])
      const { files: again } = await setUp({ storage, place, limitBytesOf: () => 10 })
      await expect(again.of(KEY).put(bytes('1'), TEXT)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
      await again.delete(KEY, first.id)
      await expect(again.of(KEY).put(bytes('1'), TEXT)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
      for (const { id } of await storage.kernelStore(KEY).selectFrom('liberacces_file').select('id').execute()) await again.delete(KEY, id)
      await again.of(KEY).put(bytes('abcdef'), TEXT)
    })

    test(`[F10] ${name}: uploads at the same moment do not slip past the quota together`, async () => {
      const { files, paths } = await setUp({ limitBytesOf: () => 10 })
      const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((letter, index) => files.of(index % 2 === 0 ? KEY : OTHER_PLUGIN).put(bytes(letter.repeat(4)), TEXT)))
      expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'kept' : (outcome.reason as { readonly code?: string }).code ?? String(outcome.reason))).toSorted()).toEqual(['QUOTA_EXCEEDED', 'QUOTA_EXCEEDED', 'kept', 'kept'])
      expect(await paths()).toHaveLength(2)
    })

    test(`[F11] ${name}: bytes that got no row, and notes about others, are settled with the next start`, async () => {
      const { files, storage, place, paths, outside, folder, blobs } = await setUp()
      const kept = await files.of(KEY).put(bytes('gardé'), TEXT)
      const lost = sha256('perdu')
      // A process ended between bytes and row, one after the row, one beside a store that was dropped meanwhile.
      await place.write(pathOf(KEY, lost), bytes('perdu'))
      for (const intent of [{ key: KEY, sha256: lost }, { key: KEY, sha256: kept.sha256 }, { key: { tenantId: 't-9', pluginId: 'fr.example.gone' }, sha256: lost }]) await blobs.announce(intent)
      writeFileSync(join(folder, '.incoming', 'x.part'), 'half')
      writeFileSync(join(folder, '.incoming', 'stray'), '')
      outside.time += HOURS_MS
      const again = await setUp({ storage, place, outside, folder })
      expect([await paths(), await place.ownPaths(), readdirSync(join(folder, '.incoming'))]).toEqual([[pathOf(KEY, kept.sha256)], [], []])
      expect(Buffer.from(await (await again.files.of(KEY).get(kept.id))?.bytes() ?? []).toString()).toBe('gardé')
      expect(await storage.storesOf('t-9')).toEqual([])
    })

    test(`[F11] ${name}: bytes whose row could not be written do not stay`, async () => {
      const { files, storage, paths, place } = await setUp()
      await storage.kernelStore(KEY).selectFrom('liberacces_file').selectAll().execute()
      await sql`alter table liberacces_file rename to not_there`.execute(storage.kernelStore(KEY))
      await expect(files.of(KEY).put(bytes('x'), TEXT)).rejects.toThrow('liberacces_file')
      expect([await paths(), await place.ownPaths()]).toEqual([[], []])
      await sql`alter table not_there rename to liberacces_file`.execute(storage.kernelStore(KEY))
      await files.of(KEY).put(bytes('x'), TEXT)
      expect(await paths()).toHaveLength(1)
    })

    test(`[X4] ${name}: the stored bytes of a tenant are listed once each, in the order of their hashes, store by store`, async () => {
      const { files, blobs } = await setUp()
      for (const content of ['one', 'two', 'three', 'one']) await files.of(KEY).put(bytes(content), TEXT)
      await files.of(OTHER_PLUGIN).put(bytes('elsewhere'), TEXT)
      expect(await files.storesOf(KEY.tenantId)).toEqual([KEY, OTHER_PLUGIN])
      expect(await all(files.blobs(KEY))).toEqual(['one', 'two', 'three'].map((content) => ({ sha256: sha256(content), size: content.length })).toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1)))
      expect(await all(files.blobs({ ...KEY, tenantId: 'nobody' }))).toEqual([])
      expect(await blobs.tenants()).toEqual(['t-1'])
    })

    test(`[X4] ${name}: bytes that were copied away outlive what they were copied from, and come back`, async () => {
      const { files, storage, folder } = await setUp()
      const ref = await files.of(KEY).put(bytes('kept'), TEXT)
      const away = join(folder, 'away')
      await files.copyBlobs(KEY, away)
      expect(readFileSync(join(away, ref.sha256.slice(0, 2), ref.sha256), 'utf8')).toBe('kept')
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

    test(`[X4] ${name}: held still, a copy of the rows and the copied bytes belong together, however much arrives and goes meanwhile`, async () => {
      const { folder, files, storage } = await setUp()
      let isDone = false
      const busy = async (): Promise<void> => {
        for (let round = 0; !isDone; round += 1) {
          const { id } = await files.of(KEY).put(bytes(`file ${round}`), TEXT)
          if (round % 3 > 0) await files.delete(KEY, id)
        }
      }
      // A store is made at its first use, and there is nothing to copy before.
      await files.of(KEY).put(bytes('first'), TEXT)
      const working = busy()
      for (const copyName of ['a', 'b', 'c']) {
        const away = join(folder, copyName)
        await files.copyBlobs(KEY, away)
        await files.heldStill(KEY, async () => {
          await files.copyBlobs(KEY, away)
          await storage.copyStore(KEY, join(folder, `${copyName}.sqlite`))
        })
        const copy = { tenantId: `of-${copyName}`, pluginId: KEY.pluginId }
        await storage.placeStore(copy, join(folder, `${copyName}.sqlite`))
        const rows = await storage.kernelStore(copy).selectFrom('liberacces_file').select('sha256').execute()
        const there = new Set((await all(blobsIn(away))).map((blob) => blob.sha256))
        expect(rows.filter((row) => !there.has(row.sha256))).toEqual([])
      }
      isDone = true
      await working
    })

    test(`[F32] ${name}: what a snapshot holds comes back, whatever was deleted meanwhile, and goes with the snapshot`, async () => {
      const { files, storage, paths, place, folder } = await setUp()
      const own = files.of(KEY)
      const [stays, goes, last] = [await own.put(bytes('reste'), TEXT), await own.put(bytes('part'), TEXT), await own.put(bytes('fin'), TEXT)]
      await storage.copyStore(KEY, join(folder, 'then.sqlite'))
      const [first, second] = [join(folder, 'first'), join(folder, 'second')]
      await files.hold(KEY, 'first', first)
      await own.delete(goes.id)
      await files.hold(KEY, 'second', second)
      await own.delete(last.id)
      await own.put(bytes('nouveau'), TEXT)
      // The store alone counts as what the tenant uses.
      expect([await files.bytesOf('t-1'), (await all(files.blobs(KEY))).length]).toEqual(['reste'.length + 'nouveau'.length, 2])
      await files.putBack(KEY, 'first', first)
      await storage.placeStore(KEY, join(folder, 'then.sqlite'))
      expect(await files.pruneBlobs(KEY)).toBe(1)
      for (const [ref, content] of [[stays, 'reste'], [goes, 'part'], [last, 'fin']] as const) expect(await text((await files.open(KEY, ref.id))?.stream())).toBe(content)
      expect((await paths()).toSorted()).toEqual([stays, goes, last].map(({ sha256: hash }) => pathOf(KEY, hash)).toSorted())
      await files.letGo(KEY, 'first')
      await files.letGo(KEY, 'first')
      await own.delete(last.id)
      await files.letGo(KEY, 'second')
      expect([await place.ownPaths(), await files.holding(KEY), await files.heldBytesOf('t-1')]).toEqual([[], [], 0])
      await files.hold(KEY, 'third', join(folder, 'third'))
      await files.dropTenant('t-1')
      expect([await paths(), await place.ownPaths()]).toEqual([[], []])
    })

    test(`[F33] ${name}: a folder with all files of a tenant is taken over`, async () => {
      const { files, paths, folder } = await setUp()
      const prepared = join(folder, 'prepared')
      const put = (pluginId: string, content: string): string => {
        const hash = sha256(content)
        mkdirSync(join(prepared, pluginId, hash.slice(0, 2)), { recursive: true })
        writeFileSync(join(prepared, pluginId, hash.slice(0, 2), hash), content)
        return `t-3/${pluginId}/${hash.slice(0, 2)}/${hash}`
      }
      const expected = [put('fr.example.a', 'un'), put('fr.example.a', 'deux'), put('fr.example.b', 'trois')]
      await files.adoptTenant('t-3', prepared)
      expect(await paths()).toEqual(expected.toSorted())
      expect(new TextDecoder().decode(await files.bytes({ tenantId: 't-3', pluginId: 'fr.example.b' }, { sha256: sha256('trois'), size: 5 }))).toBe('trois')
    })
  })
}

function idsOf(outside: FakeOutside): () => string {
  let next = 0
  // As the kernel's ids: the time first.
  return () => `${outside.now().toString(16).padStart(12, '0').replace(/^(.{8})(.{4})$/, '$1-$2')}-7000-8000-${(next += 1).toString(16).padStart(12, '0')}`
}
