// Longer than others: writing and reading of frames go by the same layout, and a fault ends both.
import type { Duplex } from 'node:stream'
import { FairTurns } from './fair-turns.ts'
import { decodeMessage, encodeMessage } from './message-codec.ts'
import { MessageTooLarge } from './message-too-large.ts'

/**
 * A frame: length of all that follows the first four bytes, length of the JSON in it (both 32 bits, big-endian), the JSON in UTF-8, and the bytes that go along.
 * The JSON is that of one message, or without bytes of several with line feeds between them, which JSON never has: what a frame costs is shared by all of a turn.
 */
const HEAD = 8
/** Longest JSON that shares a frame, alone and with the others, in characters. */
const SHARED = 16_384
/** Longest that a character may be in UTF-8, in bytes. */
const LONGEST_CHARACTER = 3

/** What keeps a side within bounds. */
export interface ChannelLimits {
  /** JSON of one incoming frame, in bytes. */
  readonly json: number
  /** One incoming frame with its bytes. */
  readonly message: number
  /** JSON of one outgoing message, in bytes; what is larger is not sent. */
  readonly outgoingJson: number
  /** One outgoing message with its bytes. */
  readonly outgoing: number
  /** Incoming messages a second, over some seconds. @defaultValue no limit */
  readonly messagesPerSecond?: number
  /** Told how long each incoming message took to read, in milliseconds; says for how long nothing more is to be read. What it throws ends the channel. @defaultValue no limit */
  readonly readingTime?: { spent(ms: number): number }
  /** What comes is taken in by turns with everything else that is done here. @defaultValue all at once: only what is asked for comes */
  readonly takesTurns?: boolean
  /** Most bytes that may wait for the other side to read them. @defaultValue no limit */
  readonly unread?: number
}

/** Why a channel came to its end. */
export type ChannelFault =
  /** The other side broke the rules; what it said is no longer to be trusted. */
  | { readonly kind: 'protocol'; readonly what: string }
  /** It is closed, or broken. */
  | { readonly kind: 'closed'; readonly what: string }

/** Messages over a stream of bytes, in order. */
export interface Channel<Outgoing extends object> {
  /**
   * Sends a message. Those of one turn of the event loop leave in one write. After the end it does nothing.
   * @param isAlone - nothing else is under way that others would follow for: it leaves at once. @defaultValue it waits for others
   * @throws MessageTooLarge past the limits; RangeError or TypeError when it cannot be written down
   */
  send(message: Outgoing, isAlone?: boolean): void
  /** A call was made: what the other side says for it is read without delay. What is said beyond that waits for its turn. */
  called(): void
  /** What was made of a message once it was read took so long, in milliseconds: that counts as reading does. */
  tookToRead(ms: number): void
  /** Bytes that the other side has not taken yet. */
  readonly unread: number
  /** Takes no more messages in until `resume`: who answers them has enough to do. */
  pause(): void
  resume(): void
  /** What was sent leaves, nothing more is taken in, and this side of the stream ends; `ended` is told once the other side does. Twice is harmless. */
  close(): void
}

const NONE = Buffer.alloc(0)

/**
 * Opens a channel on a stream.
 * @param parse - holds a message against what may be said; `undefined` refuses it, which ends the channel
 * @param heard - told of each message, and how many bytes it came in (characters, where others share its frame); what it throws ends the channel
 * @param ended - told once
 */
export function openChannel<Incoming, Outgoing extends object>(
  stream: Duplex,
  limits: ChannelLimits,
  { parse, heard, ended }: {
    readonly parse: (message: Readonly<Record<string, unknown>>) => Incoming | undefined
    readonly heard: (message: Incoming, size: number) => void
    readonly ended: (fault: ChannelFault) => void
  },
): Channel<Outgoing> {
  return new StreamChannel<Incoming, Outgoing>(stream, limits, parse, heard, ended)
}

/** One message as it came. */
interface Said {
  readonly json: string
  readonly bytes: Uint8Array
  readonly size: number
}

class StreamChannel<Incoming, Outgoing extends object> implements Channel<Outgoing> {
  readonly #stream: Duplex
  readonly #limits: ChannelLimits
  readonly #parse: (message: Readonly<Record<string, unknown>>) => Incoming | undefined
  readonly #heard: (message: Incoming, size: number) => void
  readonly #ended: (fault: ChannelFault) => void
  readonly #rate: MessageRate | undefined
  readonly #turns: FairTurns | undefined
  /** Most characters of what is said in a shared frame. */
  readonly #shared: number
  /** What has come and is not read yet. */
  #pieces: Buffer[] = []
  #length = 0
  /** A frame that is larger than what has come of it: its own memory, so that one that comes a byte at a time costs no more than another. */
  #growing: { readonly frame: Buffer; filled: number } | undefined
  #isOver = false
  /** It says no more, and hears no more; its end is still to come. */
  #isClosing = false
  #isPaused = false
  #isReading = false
  /** What it has said took too long to read: nothing more is taken in for a while. */
  #heldBack: NodeJS.Timeout | undefined
  /** What is still to be heard of a frame that several messages share. */
  #unheard = ''
  #unheardAt = 0
  #outgoing: Buffer[] = []
  #outgoingLength = 0
  /** Small messages that go into the next frame. */
  #small: string[] = []
  #smallLength = 0
  #isFlushPlanned = false

  constructor(stream: Duplex, limits: ChannelLimits, parse: (message: Readonly<Record<string, unknown>>) => Incoming | undefined, heard: (message: Incoming, size: number) => void, ended: (fault: ChannelFault) => void) {
    this.#stream = stream
    this.#limits = limits
    this.#parse = parse
    this.#heard = heard
    this.#ended = ended
    this.#turns = limits.takesTurns === true ? new FairTurns(() => { if (!this.#isClosing) stream.pause() }, () => { this.#goOn() }) : undefined
    this.#shared = Math.min(SHARED, Math.floor(Math.min(limits.outgoingJson, limits.outgoing - HEAD) / LONGEST_CHARACTER))
    this.#rate = limits.messagesPerSecond === undefined ? undefined : new MessageRate(limits.messagesPerSecond)
    stream.on('data', (piece: Buffer) => {
      if (this.#isOver || this.#isClosing) return
      this.#take(piece)
      this.#read()
    })
    stream.on('end', () => { this.#end({ kind: 'closed', what: 'the other side closed it' }) })
    stream.on('close', () => { this.#end({ kind: 'closed', what: 'it was closed' }) })
    stream.on('error', (error) => { this.#end({ kind: 'closed', what: error.message }) })
  }

  get unread(): number {
    return this.#outgoingLength + this.#smallLength + this.#stream.writableLength
  }

  called(): void {
    this.#turns?.called()
  }

  tookToRead(ms: number): void {
    if (this.#isOver || this.#isClosing) return
    try {
      this.#spend(ms)
    } catch (error) {
      this.#break(error instanceof Error ? error.message : String(error))
    }
  }

  send(message: Outgoing, isAlone = false): void {
    if (this.#isOver || this.#isClosing) return
    const { json, bytes } = encodeMessage(message, this.#limits.outgoingJson)
    if (bytes.length === 0 && json.length <= this.#shared) this.#share(json)
    else this.#sendAlone(json, bytes)
    if (this.#isFlushPlanned) return this.#heed()
    // What has come and is not read yet may be answered in this turn too.
    if (isAlone && !this.#hasMore) this.#flush()
    else {
      this.#isFlushPlanned = true
      setImmediate(() => { this.#flush() })
    }
    this.#heed()
  }

  #share(json: string): void {
    if (this.#smallLength + json.length > this.#shared) this.#closeShared()
    this.#small.push(json)
    // With what stands between it and the next.
    this.#smallLength += json.length + 1
  }

  #closeShared(): void {
    if (this.#small.length === 0) return
    const json = this.#small.join('\n')
    this.#small = []
    this.#smallLength = 0
    const frame = framed(json, Buffer.byteLength(json), 0)
    this.#outgoing.push(frame)
    this.#outgoingLength += frame.length
  }

  #sendAlone(json: string, bytes: readonly Uint8Array[]): void {
    const jsonLength = Buffer.byteLength(json)
    let bytesLength = 0
    for (const piece of bytes) bytesLength += piece.byteLength
    const length = HEAD + jsonLength + bytesLength
    if (jsonLength > this.#limits.outgoingJson || length > this.#limits.outgoing) throw new MessageTooLarge(`A message of ${length} bytes, ${jsonLength} of them JSON, is more than crosses the border.`)
    this.#closeShared()
    this.#outgoing.push(framed(json, jsonLength, bytesLength))
    for (const piece of bytes) if (piece.byteLength > 0) this.#outgoing.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))
    this.#outgoingLength += length
  }

  /** Ends it with a side that does not read. */
  #heed(): void {
    if (this.#limits.unread !== undefined && this.unread > this.#limits.unread) this.#break('it does not read what it is told')
  }

  pause(): void {
    if (this.#isClosing) return
    this.#isPaused = true
    this.#stream.pause()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    if (this.#heldBack !== undefined || this.#turns?.isOthers === true) return
    this.#stream.resume()
    setImmediate(() => { this.#read() })
  }

  close(): void {
    if (this.#isOver || this.#isClosing) return
    this.#flush()
    this.#isClosing = true
    this.#isPaused = false
    this.#forget()
    this.#stream.end()
    // One that is paused would never say that it is over.
    this.#stream.resume()
  }

  #flush(): void {
    this.#isFlushPlanned = false
    if (this.#isOver) return
    this.#closeShared()
    if (this.#outgoing.length === 0) return
    const pieces = this.#outgoing
    const length = this.#outgoingLength
    this.#outgoing = []
    this.#outgoingLength = 0
    if (pieces.length === 1 && pieces[0] !== undefined) this.#stream.write(pieces[0])
    // Many small ones are one write; large ones are not copied together.
    else if (length <= 65_536) this.#stream.write(Buffer.concat(pieces, length))
    else {
      this.#stream.cork()
      for (const piece of pieces) this.#stream.write(piece)
      this.#stream.uncork()
    }
  }

  #take(piece: Buffer): void {
    const { frame, filled } = this.#growing ?? { frame: NONE, filled: 0 }
    const taken = this.#growing === undefined ? 0 : piece.copy(frame, filled)
    if (this.#growing !== undefined) this.#growing.filled += taken
    if (taken === piece.length) return
    this.#pieces.push(taken === 0 ? piece : piece.subarray(taken))
    this.#length += piece.length - taken
  }

  /** Takes in what has come whole, as much of it as fits into a turn. */
  #read(): void {
    if (this.#isReading || !this.#mayRead) return
    this.#isReading = true
    const turns = this.#turns
    const [since, most] = turns === undefined ? [0, Number.POSITIVE_INFINITY] : [performance.now(), turns.most]
    let count = 0
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        count += 1
        this.#heard(next.message, next.size)
        if (count >= most || !this.#mayRead) break
      }
    } catch (error) {
      this.#break(error instanceof Error ? error.message : String(error))
    } finally {
      this.#isReading = false
    }
    if (count > 0) turns?.took(since, count, this.#hasMore && this.#mayRead)
  }

  /** Something has come that was not heard yet. */
  get #hasMore(): boolean {
    return this.#unheard !== '' || this.#length > 0
  }

  get #mayRead(): boolean {
    return !this.#isOver && !this.#isClosing && !this.#isPaused && this.#heldBack === undefined && this.#turns?.isOthers !== true
  }

  #goOn(): void {
    if (!this.#mayRead) return
    this.#stream.resume()
    this.#read()
  }

  #spend(ms: number): void {
    const wait = this.#limits.readingTime?.spent(ms) ?? 0
    if (wait > 0) this.#holdBack(wait)
  }

  #holdBack(ms: number): void {
    this.#stream.pause()
    clearTimeout(this.#heldBack)
    this.#heldBack = setTimeout(() => {
      this.#heldBack = undefined
      this.#goOn()
    }, ms)
    this.#heldBack.unref()
  }

  #next(): { readonly message: Incoming; readonly size: number } | undefined {
    const said = this.#unheard === '' ? this.#openFrame() : this.#nextShared()
    if (said === undefined) return undefined
    if (this.#rate?.isPast() === true) throw new RangeError(`More than ${this.#limits.messagesPerSecond} messages a second.`)
    const { readingTime } = this.#limits
    const since = readingTime === undefined ? 0 : performance.now()
    const message = this.#parse(decodeMessage(said.json, said.bytes))
    if (message === undefined) throw new TypeError('A message is none that may be sent.')
    if (readingTime !== undefined) this.#spend(performance.now() - since)
    return { message, size: said.size }
  }

  /** The first message of the next frame. */
  #openFrame(): Said | undefined {
    const frame = this.#takeFrame()
    if (frame === undefined) return undefined
    const jsonEnd = HEAD + frame.readUInt32BE(4)
    const json = frame.toString('utf8', HEAD, jsonEnd)
    if (!json.includes('\n')) return { json, bytes: frame.subarray(jsonEnd), size: frame.length }
    if (jsonEnd < frame.length) throw new TypeError('A frame of several messages has bytes that go along.')
    this.#unheard = json
    this.#unheardAt = 0
    return this.#nextShared()
  }

  /** Cut out when its turn comes: whoever says much is not read any sooner for saying it in one frame. */
  #nextShared(): Said {
    const end = this.#unheard.indexOf('\n', this.#unheardAt)
    const json = this.#unheard.slice(this.#unheardAt, end === -1 ? undefined : end)
    this.#unheardAt = end + 1
    if (end === -1) this.#unheard = ''
    return { json, bytes: NONE, size: HEAD + json.length }
  }

  /** The next frame, once all of it has come. */
  #takeFrame(): Buffer | undefined {
    if (this.#growing !== undefined) {
      const { frame, filled } = this.#growing
      if (filled < frame.length) return undefined
      this.#growing = undefined
      return frame
    }
    if (this.#length < HEAD) return undefined
    const head = this.#front(HEAD)
    const length = head.readUInt32BE(0) + 4
    const jsonLength = head.readUInt32BE(4)
    // Looked at before the rest has come: what is too large is never held.
    if (length < HEAD + 2 || jsonLength < 2 || HEAD + jsonLength > length) throw new TypeError('A frame says lengths that cannot be.')
    if (length > this.#limits.message || jsonLength > this.#limits.json) throw new RangeError(`A message of ${length} bytes, ${jsonLength} of them JSON, is more than is taken.`)
    if (this.#length < length) {
      const pieces = this.#pieces
      this.#pieces = []
      this.#length = 0
      this.#growing = { frame: Buffer.allocUnsafeSlow(length), filled: 0 }
      for (const piece of pieces) this.#take(piece)
      return undefined
    }
    const frame = this.#front(length).subarray(0, length)
    this.#drop(length)
    return frame
  }

  /** The first bytes in one piece. */
  #front(length: number): Buffer {
    const first = this.#pieces[0]
    if (first !== undefined && first.length >= length) return first
    const whole = Buffer.concat(this.#pieces, this.#length)
    this.#pieces = [whole]
    return whole
  }

  #drop(length: number): void {
    const first = this.#pieces[0]
    this.#length -= length
    if (first !== undefined && first.length > length) this.#pieces[0] = first.subarray(length)
    else this.#pieces.shift()
  }

  #break(what: string): void {
    this.#end({ kind: 'protocol', what })
    this.#stream.destroy()
  }

  #end(fault: ChannelFault): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#forget()
    this.#outgoing = []
    this.#outgoingLength = 0
    this.#small = []
    this.#smallLength = 0
    this.#ended(fault)
  }

  #forget(): void {
    clearTimeout(this.#heldBack)
    this.#heldBack = undefined
    this.#pieces = []
    this.#length = 0
    this.#growing = undefined
    this.#unheard = ''
  }
}

/** The head and the JSON of a frame. */
function framed(json: string, jsonLength: number, bytesLength: number): Buffer {
  const frame = Buffer.allocUnsafe(HEAD + jsonLength)
  frame.writeUInt32BE(HEAD + jsonLength + bytesLength - 4, 0)
  frame.writeUInt32BE(jsonLength, 4)
  frame.write(json, HEAD, 'utf8')
  return frame
}

/** Messages over the last seconds: twice as many as a second's at once, and no more than that many a second on the whole. */
class MessageRate {
  readonly #perSecond: number
  #left: number
  #at = performance.now()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#left = perSecond * 2
  }

  isPast(): boolean {
    this.#left -= 1
    if (this.#left >= 0) return false
    const now = performance.now()
    this.#left = Math.min(this.#perSecond * 2, this.#left + ((now - this.#at) / 1_000) * this.#perSecond)
    this.#at = now
    return this.#left < 0
  }
}
