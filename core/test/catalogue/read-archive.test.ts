import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathFault, pathKey } from '../../src/catalogue/archive/entry-path.ts'
import { readArchive } from '../../src/catalogue/archive/read-archive.ts'
import { writeArchive } from '../../src/catalogue/archive/write-archive.ts'
import { problemsIn } from '../../src/catalogue/problems-as-one.ts'
import { archiveWith, rawArchive, rawTar, type RawEntry } from './archive-kit.ts'

/** Every reason why bytes are no archive. */
async function faultsOf(bytes: Uint8Array, limits?: Parameters<typeof readArchive>[1]): Promise<readonly string[]> {
  const error: unknown = await readArchive(bytes, limits).then(({ files }) => { throw new Error(`taken: ${[...files.keys()].join(' ')}`) }, (thrown: unknown) => thrown)
  return problemsIn(error).map(({ code, message }) => `${code} ${message}`)
}
const sound: RawEntry = { path: 'package/plugin.json', content: '{}' }

test('[K5] what was written is read again, whoever packs it and in which order; the same files give the same bytes', async () => {
  await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.tuple(fc.stringMatching(/^f[a-z0-9é_-]{1,20}(\/f[a-z0-9é_-]{1,60}){0,3}\.[a-z]{1,3}$/), fc.uint8Array({ maxLength: 2_000 })), { selector: ([path]) => path, maxLength: 20, minLength: 1 }), async (entries) => {
    const files = new Map(entries)
    const packed = await writeArchive(files)
    expect(await writeArchive(new Map(entries.toReversed()))).toEqual(packed)
    const read = await readArchive(packed)
    expect(new Map([...read.files].map(([path, content]) => [path, new Uint8Array(content)]))).toEqual(files)
  }), { numRuns: 50 })
})

test('[K5] a file that is no gzip, is cut short or changed on its way is refused, wherever that happened', async () => {
  const archive = await archiveWith()
  expect(await faultsOf(Buffer.from('PK\u0003\u0004'))).toEqual([expect.stringContaining('no gzip file')])
  expect(await faultsOf(new Uint8Array(0))).toEqual([expect.stringContaining('no gzip file')])
  for (let length = 2; length < archive.length; length += 97) expect(await faultsOf(archive.subarray(0, length))).toHaveLength(1)
  // Not the last byte before the checksum and the length: its upper bits fill it up, and mean nothing.
  await fc.assert(fc.asyncProperty(fc.integer({ min: 10, max: archive.length - 10 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
    const damaged = Buffer.from(archive)
    damaged[at] = (damaged[at] ?? 0) ^ change
    expect((await faultsOf(damaged)).join()).toMatch(/ARCHIVE_INVALID/)
  }), { numRuns: 100 })
  const tar = rawTar([{ path: 'package/a', content: 'x'.repeat(2_000) }])
  expect(await faultsOf(gzipSync(tar.subarray(0, 1_000)))).toEqual([expect.stringContaining('no sound tar file')])
  const wrongSum = Buffer.from(tar)
  wrongSum.write('b', 8)
  expect(await faultsOf(gzipSync(wrongSum))).toEqual([expect.stringContaining('checksum')])
})

test('[K5] an archive costs no more than its limits, whatever it says of itself', async () => {
  const limits = { archiveBytes: 10_000, unpackedBytes: 100_000, ratio: 100, entries: 3 }
  expect(await faultsOf(Buffer.alloc(10_001, 0x1f), limits)).toEqual([expect.stringContaining('10000 are the most')])
  expect(await faultsOf(rawArchive([{ path: 'package/a', content: Buffer.alloc(200_000) }]), limits)).toEqual([expect.stringContaining('is larger than')])
  // One that is small itself, and would be large: the ratio is what counts.
  expect(await faultsOf(rawArchive([{ path: 'package/a', content: Buffer.alloc(60_000) }]), { ...limits, ratio: 10 })).toEqual([expect.stringContaining('is larger than')])
  expect(await faultsOf(rawArchive(['a', 'b', 'c', 'd', 'e'].map((name) => ({ path: `package/${name}` }))), limits)).toEqual([expect.stringContaining('more than 3 entries')])
  expect(await faultsOf(rawArchive([{ path: 'package/', type: 'Directory' }]))).toEqual([expect.stringContaining('no file')])
})

test('[K6] links, devices, pipes and whatever is no plain file are refused, each by its name', async () => {
  const kinds = { SymbolicLink: 'a symbolic link', Link: 'a hard link', CharacterDevice: 'a device', BlockDevice: 'a device', FIFO: 'a pipe', ContiguousFile: 'a contiguous file' } as const
  const entries = Object.keys(kinds).map((type) => ({ path: `package/${type}`, type: type as keyof typeof kinds, ...(type.endsWith('Link') ? { linkpath: '../../etc/passwd' } : {}) }))
  const faults = await faultsOf(rawArchive([sound, ...entries]))
  expect(faults).toEqual(Object.entries(kinds).map(([type, what]) => expect.stringContaining(`"package/${type}" is ${what}`)))
})

test('[K6] a path that leads out, to a fixed place, or means something else on another system is refused', async () => {
  const paths = ['package/../../evil', 'package/a/../../../evil', '/etc/cron.d/evil', 'package//etc/evil', 'C:/Windows/evil', 'package/C:evil', 'package/a\\..\\evil', 'package/./a', 'package/a/', 'evil', 'package/con', 'package/NUL.txt', 'package/a.', 'package/a ', 'package/\u0001', 'package/a\u202egpj.js']
  for (const path of paths) expect([path, await faultsOf(rawArchive([{ path, content: 'x' }, sound]))]).toEqual([path, expect.arrayContaining([expect.stringContaining('ARCHIVE_INVALID')])])
  expect(await faultsOf(await writeArchive(new Map([[`${'x'.repeat(190)}/${'y'.repeat(20)}`, Buffer.from('x')]])))).toEqual([expect.stringContaining('longer than 200 bytes')])
  expect(await faultsOf(rawArchive([sound, { path: 'other/README.md' }]))).toEqual([expect.stringContaining('beside the top folder')])
})

test('[K6] two names that are one file on some system are refused: twice the same, other capitals, another writing of accents, a file as a folder', async () => {
  const pairs = [['a', 'a'], ['README', 'readme'], ['caf\u00e9', 'cafe\u0301'], ['\ufb01le', 'file'], ['a', 'a/b'], ['a/b', 'a'], ['A/b', 'a/c'], ['straße', 'STRASSE']]
  for (const [one = '', other = ''] of pairs) {
    const packed = one === other ? rawArchive([one, other].map((path) => ({ path: `package/${path}`, content: 'x' }))) : await writeArchive(new Map([[one, Buffer.from('x')], [other, Buffer.from('x')]]))
    expect([one, other, await faultsOf(packed)]).toEqual([one, other, [expect.stringContaining('one file')]])
  }
})

test('[K6] no text is a path that is taken and leads out of the folder', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(fc.constantFrom('..', '.', '', 'a', '\\', 'C:', '/', '\u0000', ' ', '…')).map((parts) => parts.join('/'))), (path) => {
    if (pathFault(path) !== undefined) return
    expect(path.split(/[\\/]/).every((part) => part !== '' && part !== '.' && part !== '..')).toBe(true)
    expect(path.startsWith('/')).toBe(false)
    expect(pathKey(path.toUpperCase())).toBe(pathKey(path))
  }))
})
