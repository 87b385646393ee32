import { Duplex, duplexPair } from 'node:stream'
import { once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { BusyWait } from '../../src/process/busy-wait.ts'
import { openChannel, type Channel, type ChannelFault, type ChannelLimits } from '../../src/process/channel.ts'
import { decodeMessage, encodeMessage } from '../../src/process/message-codec.ts'
import { MessageTooLarge } from '../../src/process/message-too-large.ts'
import { LIMITS } from '../../src/process/protocol.ts'
import { parseFromPlugin } from '../../src/process/parse-message.ts'

const WIDE: ChannelLimits = { json: 1e7, message: 1e8, outgoingJson: 1e7, outgoing: 1e8 }

type Message = Readonly<Record<string, unknown>>

const NONE = new Uint8Array(0)

function ends(ours: Partial<ChannelLimits> = {}, parse: (message: Message) => Message | undefined = (message) => message, hearing: (message: Message, own: Channel<Message>) => void = () => undefined) {
  const [near, far] = duplexPair()
  const heard: Message[] = []
  const sizes: number[] = []
  const { promise: fault, resolve } = Promise.withResolvers<ChannelFault>()
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const channel: Channel<Message> = openChannel<Message, Message>(near, { ...WIDE, ...ours }, {
    parse,
    heard: (message, size) => {
      heard.push(message)
      sizes.push(size)
      hearing(message, channel)
      for (const each of waiting) if (heard.length >= each.count) each.resolve()
    },
    ended: resolve,
  })
  const hears = (count: number): Promise<void> => new Promise((done, fail) => {
    void fault.then((why) => { fail(new Error(why.what)) })
    if (heard.length >= count) done()
    else waiting.push({ count, resolve: done })
  })
  return { channel, near, far, heard, sizes, hears, fault }
}

function frame(json: string, bytes: Uint8Array = NONE): Buffer {
  const text = Buffer.from(json)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(4 + text.length + bytes.length, 0)
  head.writeUInt32BE(text.length, 4)
  return Buffer.concat([head, text, bytes])
}

/** What some whole frames say, each of them by itself. */
function framesIn(bytes: Buffer): readonly (readonly Message[])[] {
  const frames: (readonly Message[])[] = []
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at)) {
    const end = at + 8 + bytes.readUInt32BE(at + 4)
    frames.push(bytes.toString('utf8', at + 8, end).split('\n').map((json) => decodeMessage(json, bytes.subarray(end, at + 4 + bytes.readUInt32BE(at)))))
  }
  return frames
}

describe('a channel', () => {
  test('[R290] looks for what is expected until something comes, not while it does not read, and no more once it is closed', async () => {
    const [begun, heard, over] = (['begin', 'heard', 'end'] as const).map((what) => vi.spyOn(BusyWait.prototype, what))
    onTestFinished(() => { for (const spy of [begun, heard, over]) spy?.mockRestore() })
    const { channel, far, hears } = ends()
    channel.expectSoon()
    expect(begun).toHaveBeenCalledTimes(1)
    far.write(frame('{"a":1}'))
    await hears(1)
    expect(heard).toHaveBeenCalledTimes(1)
    channel.pause()
    expect(over).toHaveBeenCalledTimes(1)
    channel.expectSoon()
    expect(begun).toHaveBeenCalledTimes(1)
    channel.resume()
    channel.expectSoon()
    expect(begun).toHaveBeenCalledTimes(2)
    channel.close()
    expect(over).toHaveBeenCalledTimes(2)
    channel.expectSoon()
    expect(begun).toHaveBeenCalledTimes(2)
  })

  test('[R240] what answers a lone message leaves at once; answers to several that came together leave in one write, in order', async () => {
    const [near, far] = duplexPair()
    const written: number[][] = []
    const write = near.write.bind(near)
    vi.spyOn(near, 'write').mockImplementation((piece: Buffer) => {
      written.push(framesIn(piece).flat().map(({ to }) => Number(to)))
      return write(piece)
    })
    let isAtOnce: boolean | undefined
    const channel: Channel<Message> = openChannel<Message, Message>(near, WIDE, {
      parse: (message) => message,
      heard: ({ id }) => {
        channel.send({ to: id }, true)
        isAtOnce ??= written.length === 1
      },
      ended: () => undefined,
    })
    const answered = async (count: number): Promise<void> => { await vi.waitFor(() => { expect(written.flat()).toHaveLength(count) }) }
    far.write(frame('{"id":1}'))
    await answered(1)
    expect(isAtOnce).toBe(true)
    far.write(Buffer.concat([2, 3, 4].map((id) => frame(`{"id":${id}}`))))
    await answered(4)
    expect(written).toEqual([[1], [2, 3, 4]])
    channel.close()
  })

  test('[R40] whatever value is sent arrives as it was, in order, however the stream cuts it', async () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.string({ unit: 'binary' }), fc.double(), fc.bigInt(), fc.boolean(), fc.constant(null), fc.date({ noInvalidDate: false }), fc.uint8Array({ maxLength: 40 }), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.oneof(fc.string(), fc.constant('~')), tie('value'), { maxKeys: 4, noNullPrototype: true })),
    })).value
    await fc.assert(fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 5 }), fc.integer({ min: 3, max: 300 }), async (values, cut) => {
      const { channel, far, heard, hears } = ends()
      const frames: Buffer[] = []
      for (const each of values) {
        const { json, bytes } = encodeMessage({ each })
        frames.push(frame(json, Buffer.concat(bytes)))
      }
      const all = Buffer.concat(frames)
      for (let at = 0; at < all.length; at += cut) far.write(all.subarray(at, at + cut))
      await hears(values.length)
      // What JSON knows one of, and not two.
      const plain = (given: unknown): unknown => (Object.is(given, -0) ? 0 : given)
      expect(heard.map(({ each }) => plain(each))).toEqual(values.map((each) => plain(withoutProto(each))))
      channel.close()
    }), { numRuns: 40 })
  })

  test('[R284] what is said in one turn leaves in one write, its small messages in one frame; what is large, or has bytes, has its own, and the order stays', async () => {
    const { channel, far } = ends()
    const large = 'x'.repeat(20_000)
    const said = [{ index: 1 }, { index: 2 }, { large }, { index: 3 }, { bytes: new Uint8Array([1, 2]) }, { at: new Date(0) }, { index: 4n }]
    for (const each of said) channel.send(each)
    const [first] = (await once(far, 'data')) as [Buffer]
    expect(framesIn(first)).toEqual([said.slice(0, 2), [{ large }], [{ index: 3 }], said.slice(4, 5), said.slice(5)])
    // What was said in more turns, and more of it than shares a frame.
    const many = Array.from({ length: 5_000 }, (_, index) => ({ index, text: '’'.repeat(10) }))
    const { channel: near, far: other } = ends()
    const { heard, hears } = joined(other)
    for (const each of many) near.send(each)
    await hears(many.length)
    expect(heard).toEqual(many)
  })

  test('[R284] with small limits nothing that is allowed makes a frame that is not', async () => {
    const { channel, far } = ends({ outgoing: 1_000 })
    for (let index = 0; index < 50; index += 1) channel.send({ text: '’'.repeat(80) })
    const [first] = (await once(far, 'data')) as [Buffer]
    expect(framesIn(first).flat()).toHaveLength(50)
    for (let at = 0; at < first.length; at += 4 + first.readUInt32BE(at)) expect(4 + first.readUInt32BE(at)).toBeLessThanOrEqual(1_000)
  })

  test('[R284] of several messages in one frame each is heard in its turn, counts as one that is said, and for no more than its own', async () => {
    const { far, near, heard, sizes, fault } = ends({ messagesPerSecond: 100, takesTurns: true })
    const pause = vi.spyOn(near, 'pause')
    far.write(frame(Array.from({ length: 150 }, (_, index) => `{"index":${index}}`).join('\n')))
    await vi.waitFor(() => { expect(heard).toHaveLength(150) })
    expect(heard.map(({ index }) => index)).toEqual(Array.from({ length: 150 }, (_, index) => index))
    expect(pause).toHaveBeenCalled()
    expect([sizes[0], sizes[149]]).toEqual([8 + '{"index":0}'.length, 8 + '{"index":149}'.length])
    far.write(frame(`${'{}\n'.repeat(100)}{}`))
    expect(await fault).toMatchObject({ kind: 'protocol', what: 'More than 100 messages a second.' })
    expect(heard.length).toBeLessThan(210)
  })

  test('[R284] what stands in a frame before a message that is none is heard, and what comes after it is not', async () => {
    const { far, heard, fault } = ends()
    far.write(frame('{"index":0}\n{"index":1}\n{"nonsense\n{"index":3}'))
    expect((await fault).kind).toBe('protocol')
    expect(heard).toEqual([{ index: 0 }, { index: 1 }])
  })

  test('[R284] a pause in the midst of a frame holds up the rest of it, and nothing is heard after the end', async () => {
    const { channel, far, heard, hears } = ends({}, undefined, ({ index }, own) => {
      if (index === 1) own.pause()
      if (index === 4) own.close()
    })
    far.write(frame(Array.from({ length: 6 }, (_, index) => `{"index":${index}}`).join('\n')))
    await hears(2)
    await new Promise((resolve) => { setImmediate(resolve) })
    expect(heard).toHaveLength(2)
    channel.resume()
    await hears(5)
    await new Promise((resolve) => { setImmediate(resolve) })
    expect(heard.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
  })

  test('[R41] one that comes a byte at a time arrives as any other', async () => {
    const { far, hears, heard } = ends()
    const text = JSON.stringify({ text: 'x'.repeat(50_000), quoted: '["{\\\\', deep: [[[]]] })
    const bytes = Buffer.concat([frame(text), frame('{"second":true}')])
    for (const byte of bytes) far.write(Buffer.from([byte]))
    await hears(2)
    expect(heard).toEqual([JSON.parse(text), { second: true }])
  })

  test('[R41] a message that is too large is refused by its head alone, and ends the channel', async () => {
    const { far, fault, heard } = ends({ message: 1_000, json: 500 })
    const head = Buffer.alloc(8)
    head.writeUInt32BE(1_000_000_000, 0)
    head.writeUInt32BE(400, 4)
    far.write(head)
    expect(await fault).toMatchObject({ kind: 'protocol', what: expect.stringContaining('1000000004 bytes') })
    expect(heard).toEqual([])
  })

  test.each([
    ['no JSON', frame('{nonsense')],
    ['no object', frame('[1]')],
    ['no object among several', frame('{}\n[{}]')],
    ['nothing among several', frame('{}\n')],
    ['several messages with bytes', frame('{}\n{}', new Uint8Array(3))],
    ['lengths that cannot be', Buffer.from([0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 0])],
    ['bytes that did not come along', frame('{"v":{"~":"bytes","at":0,"length":9},"~":1}', new Uint8Array(3))],
    ['bytes that stand for two values', frame('{"v":[{"~":"bytes","at":0,"length":3},{"~":"bytes","at":0,"length":3}],"~":1}', new Uint8Array(3))],
    ['levels without end, unmarked', frame(`{"v":${'['.repeat(2_000_000)}`)],
    ['a mark that is none', frame('{"v":{"~":"function"},"~":1}')],
    ['levels without end', frame(`{"v":${'['.repeat(5_000)}${']'.repeat(5_000)},"~":1}`)],
  ])('[R41] %s ends it', async (_, bytes) => {
    const { far, fault } = ends()
    far.write(bytes)
    expect((await fault).kind).toBe('protocol')
  })

  test('[R41] more messages than are taken in a second end it', async () => {
    const { far, fault, heard } = ends({ messagesPerSecond: 100 })
    far.write(Buffer.concat(Array.from({ length: 3_000 }, () => frame('{"a":1}'))))
    expect(await fault).toMatchObject({ kind: 'protocol', what: 'More than 100 messages a second.' })
    expect(heard.length).toBeLessThan(1_000)
  })

  test('[R153] of one that says what takes long to read nothing more is read for a while, also when it is let go on meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => { vi.useRealTimers() })
    let wait = 50
    const { channel, far, heard, hears } = ends({ readingTime: { spent: () => wait } })
    for (let count = 0; count < 3; count += 1) far.write(frame(`{"count":${count}}`))
    await hears(1)
    channel.pause()
    channel.resume()
    await new Promise((resolve) => { setImmediate(resolve) })
    expect([heard, vi.getTimerCount()]).toEqual([[{ count: 0 }], 1])
    vi.advanceTimersByTime(50)
    await hears(2)
    wait = 0
    vi.advanceTimersByTime(50)
    await hears(3)
    expect([heard.length, vi.getTimerCount()]).toEqual([3, 0])
    wait = 50
    far.write(frame('{"last":true}'))
    await hears(4)
    channel.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('[R41] what is too large to be sent is refused where it is made, and the channel goes on', async () => {
    const { channel, far } = ends({ outgoing: 1_000 })
    expect(() => { channel.send({ text: 'x'.repeat(2_000) }) }).toThrow(MessageTooLarge)
    channel.send({ text: 'x' })
    expect((await once(far, 'data'))[0]).toEqual(frame('{"text":"x"}'))
  })

  test('[R41] a side that does not read is not written to without end', async () => {
    const { channel, fault } = ends({ unread: 100_000 })
    const text = 'x'.repeat(10_000)
    for (let count = 0; count < 20; count += 1) channel.send({ text })
    expect(await fault).toEqual({ kind: 'protocol', what: 'it does not read what it is told' })
  })

  test('[R41] properties named __proto__ do not arrive', () => {
    const decoded = decodeMessage('{"a":{"\\u005f_proto__":{"evil":1},"b":1},"__proto__":{"evil":1}}', NONE)
    expect(Object.keys(decoded)).toEqual(['a'])
    expect((decoded as { a: object }).a).toEqual({ b: 1 })
    expect((decoded as { evil?: unknown }).evil).toBeUndefined()
  })

  test('[R41] a plugin may say what the protocol knows, and nothing else', () => {
    const ask = { kind: 'ask', id: 1, call: 1, what: 'tx.begin', with: { tx: 1 } }
    expect(parseFromPlugin(ask)).toEqual(ask)
    for (const wrong of [{ ...ask, tenant: 'other' }, { ...ask, what: 'constructor' }, { ...ask, call: 0 }, { ...ask, call: 1.5 }, { kind: 'hello' }, { kind: 'toString' }, {}]) {
      expect(parseFromPlugin(wrong)).toBeUndefined()
    }
  })

  test('[R180] a message that nothing else is under way with leaves at once; those of one turn leave in one write', async () => {
    const writes: Buffer[] = []
    const channel = openChannel<Message, Message>(new Duplex({ read: () => undefined, write: (piece: Buffer, _encoding, done) => { writes.push(piece); done() } }), WIDE, { parse: (message) => message, heard: () => undefined, ended: () => undefined })
    channel.send({ first: 1 }, true)
    expect(writes).toHaveLength(1)
    channel.send({ second: 2 })
    // What is planned already takes it along.
    channel.send({ third: 3 }, true)
    expect(writes).toHaveLength(1)
    await new Promise((resolve) => { setImmediate(resolve) })
    expect(writes.map((each) => each.toString('utf8').match(/first|second|third/g))).toEqual([['first'], ['second', 'third']])
  })

  test('[R255] what has more parts than a message may is neither parsed nor written down, and commas in texts are no parts', () => {
    const many = `[${'{},'.repeat(LIMITS.parts / 10)}{}]`
    expect(() => decodeMessage(`{"many":${many}}`, NONE)).toThrow('parts')
    expect(() => encodeMessage({ many: JSON.parse(many) as unknown })).toThrow(MessageTooLarge)
    // Neither do marks help.
    expect(() => encodeMessage({ many: [1n, JSON.parse(many)] })).toThrow(MessageTooLarge)
    const text = ',{"['.repeat(LIMITS.parts / 4)
    expect(decodeMessage(encodeMessage({ text }).json, NONE)).toEqual({ text })
  })

  test('[R255] what is surely larger than may be sent is not written down first: its own words for JSON are never asked', () => {
    const last = { toJSON: (): never => { throw new Error('It was asked.') } }
    expect(() => encodeMessage({ rows: ['x'.repeat(1_000), last] }, 500)).toThrow(MessageTooLarge)
    expect(() => encodeMessage({ rows: [1n, 'x'.repeat(1_000), last] }, 500)).toThrow(MessageTooLarge)
    expect(encodeMessage({ rows: ['x'.repeat(100)] }, 500).json).toHaveLength(113)
  })

  test('[R257] what is made of a message counts as reading it: who is past that is heard later, and ended in the end', async () => {
    const spent: number[] = []
    let wait = 0
    const { channel, far, near, heard, hears, fault } = ends({
      readingTime: {
        spent: (ms) => {
          if (ms === 3_000) throw new RangeError('It takes too long.')
          spent.push(ms)
          return wait
        },
      },
    })
    wait = 60_000
    channel.tookToRead(1_000)
    expect([spent, near.isPaused()]).toEqual([[1_000], true])
    wait = 1
    // The later word holds.
    channel.tookToRead(2_000)
    wait = 0
    far.write(frame('{"said":1}'))
    await hears(1)
    expect(heard).toEqual([{ said: 1 }])
    channel.tookToRead(3_000)
    expect(await fault).toEqual({ kind: 'protocol', what: 'It takes too long.' })
  })

  test('[R181] brackets in texts are no nesting, however many; nesting that is too deep is refused before it is parsed', () => {
    const text = '[{'.repeat(5_000)
    expect(decodeMessage(JSON.stringify({ text, also: '\\"[[[' + text }), NONE)['text']).toBe(text)
    expect(() => decodeMessage(`{"deep":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, NONE)).toThrow(RangeError)
  })
})

/** Another channel at the other end of a stream. */
function joined(stream: Duplex): { readonly heard: readonly Message[]; readonly hears: (count: number) => Promise<void> } {
  const heard: Message[] = []
  openChannel<Message, Message>(stream, WIDE, { parse: (message) => message, heard: (message) => { heard.push(message) }, ended: () => undefined })
  return { heard, hears: (count) => vi.waitFor(() => { expect(heard.length).toBe(count) }) }
}

function withoutProto(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProto)
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return Object.is(value, -0) ? 0 : value
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '__proto__').map(([key, each]) => [key, withoutProto(each)]))
}
