import { duplexPair, type Duplex } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WINDOW } from '../../../src/process/group/lane.ts'
import { Lanes } from '../../../src/process/group/lanes.ts'

/** What every lane was told, by the order in which it was opened. */
function listening() {
  const [near, far] = duplexPair()
  const lanes: Duplex[] = []
  const heard: Buffer[][] = []
  const ends = { near: [] as (string | undefined)[], far: [] as (string | undefined)[] }
  new Lanes(far, { ended: (fault) => { ends.far.push(fault) }, opened: (lane) => {
    const pieces: Buffer[] = []
    lanes.push(lane)
    heard.push(pieces)
    lane.on('data', (piece: Buffer) => {
      pieces.push(piece)
      // As a channel does that lets others have their turn.
      if (pieces.length % 3 > 0) return
      lane.pause()
      setImmediate(() => { lane.resume() })
    })
    lane.on('error', () => undefined)
  } })
  return { near, far, kernel: new Lanes(near, { ended: (fault) => { ends.near.push(fault) } }), lanes, told: (index: number) => Buffer.concat(heard[index] ?? []), ends }
}

test('[R194] whatever several lanes say, in whatever pieces, arrives on its own lane as it was said', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ lane: fc.integer({ min: 0, max: 3 }), size: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 60_000, max: 3 * WINDOW })) }), { minLength: 1, maxLength: 12 }), async (says) => {
    const { kernel, told, lanes } = listening()
    const opened = [0, 1, 2, 3].map(() => kernel.open())
    const said = opened.map((): Buffer[] => [])
    for (const [number, { lane, size }] of says.entries()) {
      const bytes = Buffer.alloc(size, number + 1)
      said[lane]?.push(bytes)
      opened[lane]?.write(bytes)
    }
    await expect.poll(() => [0, 1, 2, 3].map((index) => told(index).length), { interval: 1 }).toEqual(said.map((pieces) => Buffer.concat(pieces).length))
    for (const [index, pieces] of said.entries()) expect(told(index).equals(Buffer.concat(pieces))).toBe(true)
    // One that ends, ends alone.
    opened[1]?.end()
    await expect.poll(() => lanes.map((lane) => lane.destroyed), { interval: 1 }).toEqual([false, true, false, false])
  }), { numRuns: 25 })
})

test('[R194] a lane that is not read holds up none of the others, and holds no more than its window', async () => {
  const { kernel, lanes, told } = listening()
  const [slow, quick] = [kernel.open(), kernel.open()]
  await expect.poll(() => lanes.length, { interval: 1 }).toBe(2)
  lanes[0]?.removeAllListeners('data').pause()
  slow.write(Buffer.alloc(8 * WINDOW))
  quick.write(Buffer.alloc(2 * WINDOW))
  await expect.poll(() => told(1).length, { interval: 1 }).toBe(2 * WINDOW)
  expect(lanes[0]?.readableLength).toBeLessThanOrEqual(WINDOW)
  expect(slow.writableLength).toBeGreaterThan(0)
  let left = 8 * WINDOW
  lanes[0]?.on('data', (piece: Buffer) => { left -= piece.length }).resume()
  await expect.poll(() => left, { interval: 1 }).toBe(0)
})

test.each([
  ['says more than there is room for', (lane: number) => [head(lane, 0, WINDOW + 65_536), Buffer.alloc(WINDOW + 65_536)]],
  ['opens a lane by itself', () => [head(2, 3, 0)]],
  ['speaks on a lane that nobody opened', () => [head(7, 0, 1), Buffer.alloc(1)]],
  ['says what is no kind of frame', (lane: number) => [head(lane, 9, 0)]],
])('[R194] a side that %s ends all of them, and is told of as one that broke the rules', async (_what, frames) => {
  const { kernel, far, ends } = listening()
  const lane = kernel.open()
  lane.on('error', () => undefined)
  lane.pause()
  for (const frame of frames(1)) far.write(frame)
  await expect.poll(() => [ends.near.length, lane.destroyed], { interval: 1 }).toEqual([1, true])
  expect(ends.near[0]).toMatch(/lanes/)
})

function head(lane: number, kind: number, bytes: number): Buffer {
  const frame = Buffer.alloc(9)
  frame.writeUInt32BE(lane, 0)
  frame.writeUInt8(kind, 4)
  frame.writeUInt32BE(bytes, 5)
  return frame
}
