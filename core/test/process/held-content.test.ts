import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { ByteAllowance } from '../../src/process/broker/byte-allowance.ts'
import { HeldContent } from '../../src/process/broker/held-content.ts'

test('[R43] what comes after its call is over is cancelled at once, and so is what is too much', async () => {
  const cancelled: string[] = []
  const body = (name: string) => new ReadableStream<Uint8Array>({ cancel: () => { cancelled.push(name) } })
  const content = new HeldContent(new ByteAllowance(1_000))
  for (let count = 0; count < 100; count += 1) content.giveStream(body('within'))
  expect(() => content.giveStream(body('one too many'))).toThrow(expect.objectContaining({ code: 'FILE_TOO_LARGE' }))
  expect(cancelled).toEqual(['one too many'])
  content.closeAll()
  expect(cancelled.length).toBe(101)
  expect(() => content.giveStream(body('late'))).toThrow(expect.objectContaining({ code: 'PLUGIN_CALL_TIMEOUT' }))
  expect(cancelled.at(-1)).toBe('late')
})

const MB = 1_048_576

test('[R152] a file counts before it is read, and until all of it was given or is let go', async () => {
  const room = new ByteAllowance(250 * MB)
  const content = new HeldContent(room)
  const reading = Promise.withResolvers<Uint8Array>()
  const given = content.give(100 * MB, () => reading.promise)
  expect(room.taken).toBe(100 * MB)
  await expect(content.give(100 * MB, () => Promise.reject(new Error('It is read.')))).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
  reading.resolve(new Uint8Array(100 * MB))
  const { stream = 0 } = await given
  expect(room.taken).toBe(100 * MB)
  content.close(stream)
  expect(room.taken).toBe(0)
  await expect(content.give(MB, () => Promise.reject(new Error('The disk is broken.')))).rejects.toThrow('broken')
  expect([(await content.give(10, async () => new Uint8Array(10))).stream, room.taken]).toEqual([undefined, 0])
})

test('[R256] a file on disk is read as it is asked for, in pieces, and closed with its call', async () => {
  const room = new ByteAllowance(250 * MB)
  const content = new HeldContent(room)
  let read = 0
  const file = (size: number): Readable => new Readable({
    highWaterMark: 256 * 1_024,
    read(wanted) {
      const bytes = Math.min(wanted, size - read)
      read += bytes
      this.push(bytes === 0 ? null : Buffer.alloc(bytes))
    },
  })
  const whole = file(600 * 1_024)
  const { stream } = await content.giveReadable(600 * 1_024, async () => whole)
  expect([read, room.taken]).toEqual([0, 600 * 1_024])
  const sizes: number[] = []
  for (let piece = await content.next(stream); piece !== null; piece = await content.next(stream)) sizes.push(piece.byteLength)
  expect([sizes.reduce((sum, each) => sum + each, 0), sizes.every((each) => each <= 256 * 1_024), room.taken]).toEqual([600 * 1_024, true, 0])

  read = 0
  const large = file(100 * MB)
  const { stream: half } = await content.giveReadable(100 * MB, async () => large)
  await content.next(half)
  // Little of it is held, however large it is.
  expect([read <= MB, room.taken]).toEqual([true, 8 * MB])
  content.closeAll()
  expect([large.destroyed, room.taken]).toEqual([true, 0])
  await expect(content.giveReadable(MB, () => Promise.reject(new Error('It is missing.')))).rejects.toThrow('missing')
  expect(room.taken).toBe(0)
})

test('[R152] what was put together counts until it has been dealt with, also when its call is over', async () => {
  const room = new ByteAllowance(250 * MB)
  const content = new HeldContent(room)
  content.put(1, new Uint8Array(MB))
  content.put(1, new Uint8Array(MB))
  content.put(2, new Uint8Array(0))
  const dealing = Promise.withResolvers<undefined>()
  const used = content.use({ upload: 1 }, async (bytes) => { await dealing.promise; return bytes?.byteLength })
  content.closeAll()
  expect(room.taken).toBe(2 * MB)
  dealing.resolve(undefined)
  expect([await used, room.taken]).toEqual([2 * MB, 0])
})

test('[R152] the calls of one side hold no more together than one side may', () => {
  const room = new ByteAllowance(2 * MB)
  const [first, second] = [new HeldContent(room), new HeldContent(room)]
  first.put(1, new Uint8Array(1.5 * MB))
  expect(() => { second.put(1, new Uint8Array(MB)) }).toThrow(expect.objectContaining({ code: 'FILE_TOO_LARGE' }))
  first.closeAll()
  second.put(1, new Uint8Array(MB))
  expect(room.taken).toBe(MB)
})
