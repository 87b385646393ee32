import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { statusOf } from '../../src/http/status-codes.ts'
import { createFiles } from '../../src/storage/files.ts'
import type { S3Address } from '../../src/storage/files/s3/s3-address.ts'
import { S3Blobs, type S3BlobsOptions } from '../../src/storage/files/s3/s3-blobs.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside, KEY, temporaryFolder } from '../storage/temporary-storage.ts'
import { s3Place, useS3Service, type S3Fault } from './s3-service.ts'

const { service, address } = useS3Service()
const TEXT = { name: 'note.txt', type: 'text/plain' }
const ANYTHING = { maxBytes: 50_000_000, accept: [] }
const MIB = 1_048_576
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Tries that hang end soon. */
const HASTY = { tryMs: 500, carryingTryMs: 500, allMs: 20_000, carryingAllMs: 20_000 }

/** Pauses are noted and not made. */
async function setUp({ around, ...options }: Partial<S3BlobsOptions> = {}) {
  const outside = new FakeOutside()
  const storage = await runStorage({ outside })
  const pauses: number[] = []
  let next = 0
  service.fault = () => undefined
  const at = address()
  const blobs = await S3Blobs.open({
    address: at, newId: () => `01937f00-0000-7000-8000-${(next += 1).toString(16).padStart(12, '0')}`,
    around: { pause: async (ms) => { pauses.push(ms) }, chance: () => 1, ...around }, ...options,
  })
  const files = await createFiles({ storage, blobs, folder: temporaryFolder(), outside })
  return { outside, storage, blobs, files, place: s3Place(at), pauses, prefix: at.prefix }
}

/** A fault for each of the first so many requests that fit. */
function faults(fits: (line: string) => boolean, ...chain: readonly (S3Fault | undefined)[]): void {
  const left = [...chain]
  service.fault = ({ method, url }) => (fits(`${method} ${url}`) ? left.shift() : undefined)
}

const always = (fits: (line: string) => boolean, fault: S3Fault): void => { service.fault = ({ method, url }) => (fits(`${method} ${url}`) ? fault : undefined) }
const isBlob = (line: string): boolean => /\/[0-9a-f]{2}\/[0-9a-f]{64}(\?|$)/.test(line)
const uploads = (line: string): boolean => line.startsWith('PUT ') && isBlob(line)
const downloads = (line: string): boolean => line.startsWith('GET ') && isBlob(line)

describe('a passing failure', () => {
  test.each<readonly [string, S3Fault]>([
    ['a reset before the service saw it', { kind: 'reset', when: 'before' }],
    ['a reset before the answer', { kind: 'reset', when: 'after' }],
    ['an overloaded service', { kind: 'refuse', status: 503, code: 'SlowDown' }],
    ['a service that fails', { kind: 'refuse', status: 500, code: 'InternalError' }],
    ['too many requests', { kind: 'refuse', status: 429, code: 'TooManyRequests' }],
    ['a request that came too slowly', { kind: 'refuse', status: 400, code: 'RequestTimeout' }],
    ['bytes that changed on their way', { kind: 'garble', what: 'request' }],
    ['no answer', { kind: 'hang' }],
  ])('[F34] %s is tried again, with longer pauses, and nobody notices', async (_what, fault) => {
    const { files, pauses, place } = await setUp(fault.kind === 'hang' ? { around: { limits: HASTY } } : {})
    faults(uploads, fault, fault, fault)
    const { id } = await files.of(KEY).put(bytes('Bonjour'), TEXT)
    expect(pauses).toEqual([100, 300, 900])
    faults(downloads, ...(fault.kind === 'garble' ? [] : [fault, fault]))
    expect((await buffer(await (await files.open(KEY, id))?.stream() ?? Readable.from([]))).toString()).toBe('Bonjour')
    expect(await place.ownPaths()).toEqual([])
  })

  test('[F34] one that lasts ends after five tries as FILES_UNAVAILABLE, which is answered as 503, and leaves nothing', async () => {
    const { files, place, storage } = await setUp()
    always(uploads, { kind: 'refuse', status: 503, code: 'SlowDown' })
    service.seen.length = 0
    await expect(files.of(KEY).put(bytes('x'), TEXT)).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE', retryAfterSeconds: 10, message: expect.stringContaining('503 SlowDown') as string })
    expect([service.seen.filter(uploads).length, statusOf('FILES_UNAVAILABLE')]).toEqual([5, 503])
    service.fault = () => undefined
    expect([await place.paths(), await place.ownPaths(), await storage.kernelStore(KEY).selectFrom('liberacces_file').selectAll().execute()]).toEqual([[], [], []])
  })

  test('[F34] the tries of one request end in time, however long each hangs', async () => {
    let clock = 0
    const { blobs } = await setUp({ around: { pause: async (ms) => { clock += ms }, chance: () => 1, now: () => clock, limits: { tryMs: 300, carryingTryMs: 300, allMs: 350, carryingAllMs: 350 } } })
    always(() => true, { kind: 'hang' })
    service.seen.length = 0
    await expect(blobs.pluginsOf('t-1')).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE', message: expect.stringContaining('TimedOut') as string })
    expect([service.seen.length, clock]).toEqual([2, 100])
    service.fault = () => undefined
  })

  test('[F34] what is refused for good is not tried again', async () => {
    const { files } = await setUp()
    always(uploads, { kind: 'refuse', status: 403, code: 'AccessDenied' })
    service.seen.length = 0
    await expect(files.of(KEY).put(bytes('x'), TEXT)).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE', message: expect.stringContaining('the key may not do that') as string })
    expect(service.seen.filter(uploads)).toHaveLength(1)
  })

  test('[F34] a service that goes away and comes back: what was acknowledged is there, the rest was refused, and both sides agree', async () => {
    const { files, place, outside, storage } = await setUp()
    const kept = await files.of(KEY).put(bytes('avant'), TEXT)
    await service.stop()
    await expect(files.of(KEY).put(bytes('pendant'), TEXT)).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE' })
    await expect((await files.open(KEY, kept.id))?.stream()).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE' })
    await expect(files.delete(KEY, kept.id)).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE' })
    await service.start()
    expect(await (await files.open(KEY, kept.id))?.stream().then((stream) => buffer(stream)).then(String)).toBe('avant')
    await files.of(KEY).put(bytes('après'), TEXT)
    outside.time += 2 * 3_600_000
    await files.settle()
    expect([(await place.paths()).length, (await place.ownPaths()).length, (await storage.kernelStore(KEY).selectFrom('liberacces_file').selectAll().execute()).length]).toEqual([2, 0, 2])
  })
})

describe('what comes back', () => {
  test('[F35] an answer that breaks off, ends too soon or stops goes on from there', async () => {
    const { files } = await setUp({ idleMs: 500 })
    const large = Buffer.alloc(2 * MIB, 'Commune d’Aytré. ')
    const { id } = await files.putStream(KEY, Readable.from([large]), TEXT, ANYTHING)
    for (const fault of [{ kind: 'cut', after: 700_000 }, { kind: 'hang', after: 700_000 }] as const) {
      service.seen.length = 0
      faults(downloads, fault, { kind: 'cut', after: 5 })
      expect((await buffer(await (await files.open(KEY, id))?.stream() ?? Readable.from([]))).equals(large)).toBe(true)
      expect(service.seen.filter(downloads).length).toBe(3)
    }
    faults(downloads, { kind: 'cut', after: 1_000 })
    expect((await buffer(await (await files.open(KEY, id))?.stream({ start: 100, end: 1_500_000 }) ?? Readable.from([]))).equals(large.subarray(100, 1_500_001))).toBe(true)
  })

  test('[F35] one that always breaks off, lies about its length or holds other bytes never ends as if it were whole', async () => {
    const { files } = await setUp()
    const { id } = await files.of(KEY).put(Buffer.alloc(300_000, 'x'), TEXT)
    const read = async (range?: { start: number; end: number }): Promise<Buffer> => buffer(await (await files.open(KEY, id))?.stream(range) ?? Readable.from([]))
    always(downloads, { kind: 'cut', after: 1_000 })
    await expect(read()).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE' })
    always(downloads, { kind: 'overstate', by: 5 })
    await expect(read()).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
    always(downloads, { kind: 'garble', what: 'answer' })
    await expect(read()).rejects.toMatchObject({ code: 'FILE_DAMAGED', message: expect.stringContaining('others') as string })
    await expect((await files.of(KEY).get(id))?.bytes()).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
    // A service that does not know ranges, or answers with another one.
    for (const headers of [{}, { 'content-range': 'bytes 0-9/300000' }, { 'content-range': 'bytes 5-9/17' }]) {
      always(downloads, { kind: 'answer', answer: { status: 'content-range' in headers ? 206 : 200, headers, body: 'x'.repeat(5) } })
      await expect(read({ start: 5, end: 9 })).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
    }
    service.fault = () => undefined
    expect((await read({ start: 5, end: 9 })).toString()).toBe('xxxxx')
  })

  test('[F35] whatever goes wrong on the way: bytes are stored and read right, or refused, and what is left is settled', async () => {
    const { files, place, outside, storage } = await setUp()
    const faultOf: fc.Arbitrary<S3Fault | undefined> = fc.option(fc.oneof(
      fc.constantFrom<S3Fault>({ kind: 'reset', when: 'before' }, { kind: 'reset', when: 'after' }, { kind: 'garble', what: 'request' }, { kind: 'garble', what: 'answer' }, { kind: 'refuse', status: 403, code: 'AccessDenied' }),
      fc.record({ kind: fc.constant('refuse' as const), status: fc.constantFrom(500, 503), code: fc.constant('InternalError') }),
      fc.record({ kind: fc.constant('cut' as const), after: fc.nat(60) }),
    ), { nil: undefined, freq: 3 })
    await fc.assert(fc.asyncProperty(fc.array(faultOf, { maxLength: 12 }), fc.string({ minLength: 1, maxLength: 50 }), async (chain, content) => {
      faults(() => true, ...chain)
      const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error)
      let id: string | undefined
      const outcomes = [
        await files.of(KEY).put(bytes(content), TEXT).then((ref) => { id = ref.id; return 'right' }).catch(codeOf),
        await files.of(KEY).get(id ?? '').then(async (file) => (file === undefined || Buffer.from(await file.bytes()).equals(bytes(content)) ? 'right' : 'other bytes')).catch(codeOf),
        await files.delete(KEY, id ?? '').then(() => 'right').catch(codeOf),
      ]
      expect(outcomes.filter((outcome) => !['right', 'FILES_UNAVAILABLE', 'FILE_DAMAGED'].includes(outcome))).toEqual([])
      service.fault = () => undefined
      outside.time += 2 * 3_600_000
      await files.settle()
      const rows = await storage.kernelStore(KEY).selectFrom('liberacces_file').select('sha256').distinct().execute()
      const expected = rows.map(({ sha256 }) => sha256).toSorted()
      expect([(await place.paths()).map((path) => path.split('/').at(-1)), await place.ownPaths()]).toEqual([expected, []])
    }), { numRuns: 60 })
  })
})

describe('at the start', () => {
  const openWith = (changed: Partial<S3Address>): Promise<unknown> => S3Blobs.open({ address: { ...address(), ...changed }, newId: () => 'x', around: { pause: async () => undefined } })

  test('[F36] a bucket that is not there, keys that do not fit and a service that refuses are CONFIG_INVALID, each with what is wrong', async () => {
    await expect(openWith({ bucket: 'ailleurs' })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/^LIBERACCES_FILES: s3:\/\/ailleurs\/essai-.* cannot be used: there is no such bucket\.$/) as string })
    await expect(openWith({ accessKeyId: 'AUTRE' })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('does not know the access key') as string })
    await expect(openWith({ secretAccessKey: 'faux' })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('does not fit the access key') as string })
    always((line) => line.startsWith('PUT '), { kind: 'refuse', status: 403, code: 'AccessDenied' })
    await expect(openWith({})).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('may not do that') as string })
    always(() => true, { kind: 'answer', answer: { status: 307, headers: { location: 'http://169.254.169.254/' } } })
    await expect(openWith({})).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    service.fault = () => undefined
    await service.stop()
    await expect(openWith({})).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE', message: expect.stringContaining('nothing answers there') as string })
    await service.start()
  })

  test('[F37] no error, at the start or later, holds a key or what a service quotes', async () => {
    const { secretAccessKey, accessKeyId } = address()
    const errors = [
      await openWith({ bucket: 'ailleurs' }).catch((error: unknown) => error),
      await openWith({ secretAccessKey: `${secretAccessKey}x` }).catch((error: unknown) => error),
    ]
    const { files } = await setUp({ around: { limits: HASTY } })
    for (const fault of [{ kind: 'refuse', status: 403, code: 'SignatureDoesNotMatch' }, { kind: 'reset', when: 'before' }, { kind: 'hang' }] as const) {
      always(() => true, fault)
      errors.push(await files.of(KEY).put(bytes('x'), TEXT).catch((error: unknown) => error))
    }
    service.fault = () => undefined
    const text = inspect(errors, { depth: 20, showHidden: true })
    for (const secret of [secretAccessKey, accessKeyId, 'quoted', 'AWS4-HMAC']) expect(text).not.toContain(secret)
    expect(errors).toHaveLength(5)
  })
})

describe('in parts', () => {
  const large = (): Readable => Readable.from([Buffer.alloc(17 * MIB, 'x')])

  test('[F38] a file in parts is there whole or not at all: one that cannot be completed is given up', async () => {
    const { files, place } = await setUp()
    const isPart = (line: string): boolean => /partNumber=2/.test(line)
    always(isPart, { kind: 'refuse', status: 500, code: 'InternalError' })
    await expect(files.putStream(KEY, large(), TEXT, ANYTHING)).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE' })
    expect([await place.paths(), service.objects.openUploads]).toEqual([[], 0])
    faults(isPart, { kind: 'reset', when: 'after' }, { kind: 'garble', what: 'request' })
    const ref = await files.putStream(KEY, large(), TEXT, ANYTHING)
    expect([ref.size, (await place.paths()).length, service.objects.openUploads]).toEqual([17 * MIB, 1, 0])
    const whole = createHash('sha256')
    for await (const chunk of await (await files.open(KEY, ref.id))?.stream() ?? []) whole.update(chunk as Buffer)
    expect(whole.digest('hex')).toBe(ref.sha256)
  })

  test('[F38] one whose completion came through although its answer did not is there; one that says 200 and means no is not', async () => {
    const { files, place } = await setUp()
    const completes = (line: string): boolean => line.startsWith('POST ') && line.includes('uploadId=')
    faults(completes, { kind: 'reset', when: 'after' })
    const { id } = await files.putStream(KEY, large(), TEXT, ANYTHING)
    await files.delete(KEY, id)
    always(completes, { kind: 'answer', answer: { status: 200, body: '<?xml version="1.0"?><Error><Code>InternalError</Code></Error>' } })
    await expect(files.putStream(KEY, large(), TEXT, ANYTHING)).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE' })
    service.fault = () => undefined
    expect([await place.paths(), service.objects.openUploads]).toEqual([[], 0])
  })

  test('[F38] parts that a crash left are given up by whoever settles, also where the service cannot list them', async () => {
    const { files, place, outside, blobs } = await setUp()
    const isPart = (line: string): boolean => line.includes('partNumber=2')
    const isEnd = (line: string): boolean => isPart(line) || (line.startsWith('DELETE ') && isBlob(line)) || /DELETE .*intent/.test(line)
    always(isEnd, { kind: 'refuse', status: 403, code: 'AccessDenied' })
    await expect(files.putStream(KEY, large(), TEXT, ANYTHING)).rejects.toMatchObject({ code: 'FILES_UNAVAILABLE' })
    service.fault = () => undefined
    expect([service.objects.openUploads, (await place.ownPaths()).length]).toEqual([1, 1])
    // Young enough to be under way on another node.
    expect(await blobs.unsettled(0x01937f000000 + 3_000_000)).toHaveLength(0)
    outside.time = Date.parse('2027-01-01T00:00:00Z')
    await files.settle()
    expect([service.objects.openUploads, await place.ownPaths()]).toEqual([0, []])
    always((line) => line.includes('uploads='), { kind: 'refuse', status: 501, code: 'NotImplemented' })
    await blobs.announce({ key: KEY, sha256: 'a'.repeat(64) })
    await files.settle()
    service.fault = () => undefined
    expect(await place.ownPaths()).toEqual([])
  })

  test('[F38] memory stays flat, however large a file is', async () => {
    const { files } = await setUp()
    const size = 96 * MIB
    const block = Buffer.alloc(MIB, 'x')
    // What the service of the test keeps is not ours: the parts that are under way are.
    let most = 0
    service.fault = ({ body }) => { most = Math.max(most, body.length); return undefined }
    const { id } = await files.putStream(KEY, Readable.from((function* () { for (let sent = 0; sent < size; sent += MIB) yield block })()), TEXT, { maxBytes: size, accept: [] })
    expect(most).toBe(8 * MIB)
    let longest = 0
    let read = 0
    for await (const chunk of await (await files.open(KEY, id))?.stream() ?? []) {
      longest = Math.max(longest, (chunk as Buffer).length)
      read += (chunk as Buffer).length
    }
    expect(read).toBe(size)
    expect(longest).toBeLessThanOrEqual(MIB)
  })
})
