import { duplexPair } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openChannel } from '../../src/process/channel.ts'
import { encodeMessage } from '../../src/process/message-codec.ts'

/** Bytes of a message as they go over a stream. */
function frame(message: object): Buffer {
  const json = Buffer.from(encodeMessage(message).json)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(json.length + 4, 0)
  head.writeUInt32BE(json.length, 4)
  return Buffer.concat([head, json])
}

/** Computes for so long, in milliseconds. */
function work(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** A side that says more than it was asked for, each of which costs a tenth of a millisecond: at once, or in what is begun for it. */
function flood(messages: number, costs: 'at once' | 'in microtasks'): { readonly heard: () => number; readonly called: () => void; readonly all: Promise<void> } {
  const [near, far] = duplexPair()
  const { promise: all, resolve } = Promise.withResolvers<void>()
  let heard = 0
  const channel = openChannel<object, object>(near, { json: 1_000, message: 1_000, outgoingJson: 1_000, outgoing: 1_000, takesTurns: true }, {
    parse: (message) => message,
    heard: () => {
      heard += 1
      if (costs === 'at once') work(0.1)
      else void Promise.resolve().then(() => Promise.resolve()).then(() => { work(0.1) })
      if (heard === messages) resolve()
    },
    ended: () => undefined,
  })
  far.write(Buffer.concat(Array.from({ length: messages }, () => frame({ text: 'flood' }))))
  return { heard: () => heard, called: () => { channel.called() }, all }
}

/** A side that is asked for nothing and says messages of two megabytes, each of which costs ten milliseconds more. */
function shout(messages: number): { readonly heard: () => number } {
  const [near, far] = duplexPair()
  let heard = 0
  openChannel<object, object>(near, { json: LARGE * 2, message: LARGE * 2, outgoingJson: 1_000, outgoing: 1_000, takesTurns: true }, {
    parse: (message) => message,
    heard: () => {
      heard += 1
      work(LONG_MS)
    },
    ended: () => undefined,
  })
  const one = frame({ text: 'x'.repeat(LARGE) })
  // One after the other, as they come of a socket.
  const say = (left: number): void => { if (left > 0) far.write(one, () => { setImmediate(say, left - 1) }) }
  say(messages)
  return { heard: () => heard }
}

const LARGE = 2_000_000
const LONG_MS = 10
const MANY = 5_000
/** Turns of others, and how long each is, in milliseconds. */
const TURNS = 750
const EACH_MS = 0.2

describe('turns with who says too much', () => {
  test.each(['at once', 'in microtasks'] as const)('[R211] who never stops leaves others most of the time, also where what it says costs %s', async (costs) => {
    const { heard } = flood(MANY, costs)
    for (let count = 0; count < TURNS; count += 1) {
      work(EACH_MS)
      await turn()
    }
    // 20 ms to begin with are 200 messages, and a fifth of the time is 375; by turns alone it would be five of each turn, which are 3,750, and more where only reading counted.
    expect(heard()).toBeGreaterThan(0)
    expect(heard()).toBeLessThan(1_500)
  })

  test('[R211] where nobody else has anything to do, all of it is read at once', async () => {
    const { all, heard } = flood(2_000, 'at once')
    let turns = 0
    let isOver = false
    void all.then(() => { isOver = true })
    while (!isOver) {
      turns += 1
      await turn()
    }
    // One turn of the event loop for each few messages, and one more to see that nobody is there. On a busy machine a message seems to take a turn of its own, and
    // a turn in which the machine paused seems to be somebody else's; to wait for what others are owed would be a hundred turns for each of ours.
    expect(heard()).toBe(2_000)
    expect(turns).toBeLessThan(6_000)
  })

  test('[R288] a message that takes long by itself is followed by so much longer a time of others', async () => {
    const { heard } = shout(50)
    const since = performance.now()
    for (let count = 0; count < TURNS * 4; count += 1) {
      work(EACH_MS)
      await turn()
    }
    const elapsed = performance.now() - since
    // 20 ms to begin with are two of them; then each is followed by a quarter of a second, where it was 36 ms: a twenty-fifth of the time, however long all of it took.
    expect(heard()).toBeGreaterThan(0)
    expect(heard() * LONG_MS).toBeLessThan(LONG_MS * 4 + elapsed * 0.08)
  })

  test('[R211] what is said for calls is read without delay', async () => {
    const { heard, called } = flood(MANY, 'at once')
    for (let count = 0; count < TURNS; count += 1) {
      called()
      work(EACH_MS)
      await turn()
    }
    // Of each turn what fits into it.
    expect(heard()).toBeGreaterThan(TURNS * 2)
  })
})
