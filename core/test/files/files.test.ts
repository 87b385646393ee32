import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { StorageRoom } from '../../src/entitlement/storage-room.ts'
import { createFiles, type FilesOptions, type FileStore } from '../../src/storage/files.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { FakeOutside, KEY, temporaryFolder, temporaryStorage } from '../storage/temporary-storage.ts'

const OTHER_PLUGIN = { ...KEY, pluginId: 'fr.example.other' }
const OTHER_TENANT = { ...KEY, tenantId: 't-2' }
const ANYTHING = { maxBytes: 1_000_000, accept: [] }
const TEXT = { name: 'note.txt', type: 'text/plain' }
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

async function setUp({ limitBytesOf, ...options }: Partial<FilesOptions> & { readonly storage?: Storage; readonly limitBytesOf?: (tenantId: string) => number | undefined } = {}) {
  const outside = new FakeOutside()
  const storage = options.storage ?? temporaryStorage({ outside })
  const folder = options.folder ?? join(temporaryFolder(), 'files')
  const room = new StorageRoom({ limitOf: limitBytesOf ?? (() => undefined), count: async (tenantId) => ({ files: await files.bytesOf(tenantId), databases: new Map() }) })
  const files: FileStore = await createFiles({ outside, room, ...options, storage, folder })
  /** Every file below the folder, by its path. */
  const onDisk = (): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile()).sort()
  return { outside, storage, folder, files, onDisk }
}

async function text(readable: Readable | undefined): Promise<string> {
  return (await buffer(readable ?? Readable.from([]))).toString()
}

describe('keeping', () => {
  test('[F6] what was put is got back, with what the bytes are and a name without any folder', async () => {
    const { files, onDisk } = await setUp()
    const ref = await files.of(KEY).put(PNG, { name: 'C:\\images\\Mairie.png', type: 'text/html' })
    expect(ref).toEqual({ id: expect.any(String) as string, name: 'Mairie.png', type: 'image/png', size: PNG.length, sha256: createHash('sha256').update(PNG).digest('hex') })
    const stored = await files.of(KEY).get(ref.id)
    expect(stored).toMatchObject(ref)
    expect(Buffer.from(await stored?.bytes() ?? [])).toEqual(PNG)
    expect(onDisk()).toEqual([`t-1/fr.example.notes/${ref.sha256.slice(0, 2)}/${ref.sha256}`])
  })

  test('[F6] a file that arrives in pieces is the same, and can be read in part', async () => {
    const { files } = await setUp()
    const ref = await files.putStream(KEY, Readable.from([bytes('Bonjour '), bytes('Aytré')]), TEXT, ANYTHING)
    expect([ref.sha256, ref.type]).toEqual([sha256('Bonjour Aytré'), 'text/plain'])
    const opened = await files.open(KEY, ref.id)
    expect(opened?.ref).toEqual(ref)
    expect([await text(opened?.stream()), await text(opened?.stream({ start: 3, end: 6 }))]).toEqual(['Bonjour Aytré', 'jour'])
  })

  test('[F7] the same bytes lie once per plugin, and go with the last that has them', async () => {
    const { files, onDisk } = await setUp()
    const [one, two] = [await files.of(KEY).put(bytes('même'), TEXT), await files.of(KEY).put(bytes('même'), { ...TEXT, name: 'autre.txt' })]
    await files.of(OTHER_PLUGIN).put(bytes('même'), TEXT)
    expect(onDisk()).toHaveLength(2)
    await files.delete(KEY, one.id)
    await files.delete(KEY, one.id)
    expect([await files.of(KEY).get(one.id), (await files.of(KEY).get(two.id))?.name]).toEqual([undefined, 'autre.txt'])
    await files.of(KEY).delete(two.id)
    expect(onDisk()).toEqual([`t-1/fr.example.other/${sha256('même').slice(0, 2)}/${sha256('même')}`])
  })

  test('[F7] storing and deleting the same bytes at the same moment never loses those that are referred to', async () => {
    const { files, onDisk } = await setUp()
    const own = files.of(KEY)
    let last = await own.put(bytes('x'), TEXT)
    for (let round = 0; round < 20; round += 1) {
      const [, next] = await Promise.all([own.delete(last.id), own.put(bytes('x'), TEXT)])
      expect(Buffer.from(await (await own.get(next.id))?.bytes() ?? []).toString()).toBe('x')
      last = next
    }
    await own.delete(last.id)
    expect(onDisk()).toEqual([])
  })

  test('[F8] another tenant and another plugin cannot reach a file by its id', async () => {
    const { files } = await setUp()
    const { id } = await files.of(KEY).put(bytes('secret'), TEXT)
    for (const key of [OTHER_PLUGIN, OTHER_TENANT]) {
      expect([await files.of(key).get(id), await files.open(key, id)]).toEqual([undefined, undefined])
      await files.of(key).delete(id)
    }
    expect(await files.of(KEY).get(id)).toBeDefined()
  })

  test('[F8] nothing that is given becomes part of a path', async () => {
    const { files, folder, onDisk } = await setUp()
    writeFileSync(join(folder, '..', 'victim'), 'x')
    for (const id of ['../victim', '..', '/etc/passwd', '', '\0']) {
      expect([await files.of(KEY).get(id), await files.open(KEY, id)]).toEqual([undefined, undefined])
      await files.of(KEY).delete(id)
    }
    for (const key of [{ ...KEY, tenantId: '../t-1' }, { ...KEY, pluginId: '..' }, { ...KEY, pluginId: 'a/b' }, { tenantId: '', pluginId: 'x' }]) {
      await expect(files.of(key).put(bytes('x'), TEXT)).rejects.toThrow(/is no (tenant|plugin) id|cannot name a store/)
      await expect(files.drop(key)).rejects.toThrow(/is no (tenant|plugin) id|cannot name a store/)
    }
    await expect(files.dropTenant('.')).rejects.toThrow('is no tenant id')
    expect(onDisk()).toEqual([])
    expect(statSync(join(folder, '..', 'victim')).size).toBe(1)
  })

  test('[F7] a store or tenant that is dropped leaves no bytes, and others keep theirs', async () => {
    const { files, onDisk } = await setUp()
    for (const key of [KEY, OTHER_PLUGIN, OTHER_TENANT]) await files.of(key).put(bytes('x'), TEXT)
    await files.drop(KEY)
    expect(onDisk().map((path) => path.split('/').slice(0, 2).join('/'))).toEqual(['t-1/fr.example.other', 't-2/fr.example.notes'])
    await files.dropTenant('t-1')
    await files.dropTenant('t-1')
    expect(onDisk().map((path) => path.split('/')[0])).toEqual(['t-2'])
  })
})

describe('refusing', () => {
  test('[F9] a file that is too large, of a refused type or cut short leaves nothing', async () => {
    const { files, storage, onDisk } = await setUp()
    const endless = Readable.from((function* () { for (;;) yield bytes('0123456789') })())
    const broken = Readable.from((async function* () { yield bytes('abc'); throw new Error('The client went away.') })())
    await expect(files.putStream(KEY, endless, TEXT, { maxBytes: 1_000, accept: [] })).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
    expect(endless.destroyed).toBe(true)
    await expect(files.putStream(KEY, Readable.from([PNG]), TEXT, { maxBytes: 1_000, accept: ['text/plain', 'application/pdf'] })).rejects.toMatchObject({ code: 'FILE_TYPE_REFUSED', message: expect.stringContaining('image/png') as string })
    await expect(files.putStream(KEY, broken, TEXT, ANYTHING)).rejects.toThrow('went away')
    expect(onDisk()).toEqual([])
    expect(await storage.kernelStore(KEY).selectFrom('liberacces_file').selectAll().execute()).toEqual([])
    expect((await files.putStream(KEY, Readable.from([bytes('0123456789')]), TEXT, { maxBytes: 10, accept: ['text/*'] })).size).toBe(10)
  })

  test('[F10] a tenant stores up to its quota: the same bytes count once, deleted ones no more, other tenants not at all', async () => {
    const { files, storage, folder, onDisk } = await setUp({ limitBytesOf: (tenantId) => (tenantId === 't-1' ? 10 : undefined) })
    const first = await files.of(KEY).put(bytes('123456'), TEXT)
    await files.of(KEY).put(bytes('123456'), TEXT)
    await expect(files.of(OTHER_PLUGIN).put(bytes('12345'), TEXT)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await files.of(OTHER_PLUGIN).put(bytes('1234'), TEXT)
    await files.of(OTHER_TENANT).put(bytes('12345678901234567890'), TEXT)
    expect([await files.bytesOf('t-1'), onDisk().length]).toEqual([10, 3])
    const { files: again } = await setUp({ storage, folder, limitBytesOf: () => 10 })
    await expect(again.of(KEY).put(bytes('1'), TEXT)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await again.delete(KEY, first.id)
    await expect(again.of(KEY).put(bytes('1'), TEXT)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    for (const { id } of await storage.kernelStore(KEY).selectFrom('liberacces_file').select('id').execute()) await again.delete(KEY, id)
    await again.of(KEY).put(bytes('abcdef'), TEXT)
  })

  test('[F10] uploads at the same moment do not slip past the quota together', async () => {
    const { files } = await setUp({ limitBytesOf: () => 10 })
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((letter, index) => files.of(index % 2 === 0 ? KEY : OTHER_PLUGIN).put(bytes(letter.repeat(4)), TEXT)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  })
})

describe('after a crash', () => {
  test('[F11] what had half arrived, and bytes that got no row, are gone with the next start', async () => {
    const { files, storage, folder, onDisk } = await setUp()
    const kept = await files.of(KEY).put(bytes('gardé'), TEXT)
    const lost = sha256('perdu')
    mkdirSync(join(folder, 't-1', KEY.pluginId, lost.slice(0, 2)), { recursive: true })
    writeFileSync(join(folder, 't-1', KEY.pluginId, lost.slice(0, 2), lost), 'perdu')
    const incoming = join(folder, '.incoming')
    writeFileSync(join(incoming, 'x.part'), 'half')
    writeFileSync(join(incoming, `t-1~${KEY.pluginId}~${lost}~1.intent`), '')
    // Cut short between the row and the end: the row counts.
    writeFileSync(join(incoming, `t-1~${KEY.pluginId}~${kept.sha256}~2.intent`), '')
    // Of a store that was dropped meanwhile, and a name that is none of ours.
    writeFileSync(join(incoming, `t-9~fr.example.gone~${lost}~3.intent`), '')
    writeFileSync(join(incoming, 'stray'), '')
    const again = await setUp({ storage, folder })
    expect(onDisk()).toEqual([`t-1/${KEY.pluginId}/${kept.sha256.slice(0, 2)}/${kept.sha256}`])
    expect(Buffer.from(await (await again.files.of(KEY).get(kept.id))?.bytes() ?? []).toString()).toBe('gardé')
    expect(await storage.storesOf('t-9')).toEqual([])
  })

  test('[F11] bytes whose row could not be written do not stay', async () => {
    const { files, storage, onDisk } = await setUp()
    await sql`create trigger full before insert on liberacces_file begin select raise(abort, 'disk full'); end`.execute(storage.kernelStore(KEY))
    await expect(files.of(KEY).put(bytes('x'), TEXT)).rejects.toThrow('disk full')
    expect(onDisk()).toEqual([])
    await sql`drop trigger full`.execute(storage.kernelStore(KEY))
    await files.of(KEY).put(bytes('x'), TEXT)
    expect(onDisk()).toHaveLength(1)
  })
})
