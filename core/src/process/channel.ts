import type { Duplex } from 'node:stream'
import { BusyWait } from './busy-wait.ts'
import { FairTurns } from './fair-turns.ts'
import { IncomingFrames } from './incoming-frames.ts'
import { decodeMessage, encodeMessage } from './message-codec.ts'
import { MessageRate } from './message-rate.ts'
import { OutgoingFrames } from './outgoing-frames.ts'

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
  /** The only call that is under way goes on over there: what comes next is looked for a little, which is sooner than to be woken. */
  expectSoon(): void
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

class StreamChannel<Incoming, Outgoing extends object> implements Channel<Outgoing> {
  readonly #stream: Duplex
  readonly #limits: ChannelLimits
  readonly #parse: (message: Readonly<Record<string, unknown>>) => Incoming | undefined
  readonly #heard: (message: Incoming, size: number) => void
  readonly #ended: (fault: ChannelFault) => void
  readonly #rate: MessageRate | undefined
  readonly #turns: FairTurns | undefined
  readonly #incoming: IncomingFrames
  readonly #outgoing: OutgoingFrames
  readonly #wait = new BusyWait()
  #isOver = false
  /** It says no more, and hears no more; its end is still to come. */
  #isClosing = false
  #isPaused = false
  #isReading = false
  /** What it has said took too long to read: nothing more is taken in for a while. */
  #heldBack: NodeJS.Timeout | undefined
  #isFlushPlanned = false

  constructor(stream: Duplex, limits: ChannelLimits, parse: (message: Readonly<Record<string, unknown>>) => Incoming | undefined, heard: (message: Incoming, size: number) => void, ended: (fault: ChannelFault) => void) {
    this.#stream = stream
    this.#limits = limits
    this.#parse = parse
    this.#heard = heard
    this.#ended = ended
    this.#turns = limits.takesTurns === true ? new FairTurns(() => { if (!this.#isClosing) this.#stopReading() }, () => { this.#goOn() }) : undefined
    this.#incoming = new IncomingFrames(limits)
    this.#outgoing = new OutgoingFrames(limits)
    this.#rate = limits.messagesPerSecond === undefined ? undefined : new MessageRate(limits.messagesPerSecond)
    stream.on('data', (piece: Buffer) => {
      if (this.#isOver || this.#isClosing) return
      this.#wait.heard()
      this.#incoming.take(piece)
      this.#read()
    })
    stream.on('end', () => { this.#end({ kind: 'closed', what: 'the other side closed it' }) })
    stream.on('close', () => { this.#end({ kind: 'closed', what: 'it was closed' }) })
    stream.on('error', (error) => { this.#end({ kind: 'closed', what: error.message }) })
  }

  get unread(): number {
    return this.#outgoing.length + this.#stream.writableLength
  }

  called(): void {
    this.#turns?.called()
  }

  expectSoon(): void {
    // What is not read cannot come.
    if (this.#mayRead) this.#wait.begin()
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
    this.#outgoing.add(encodeMessage(message, this.#limits.outgoingJson))
    if (this.#isFlushPlanned) return this.#heed()
    // What has come and is not read yet may be answered in this turn too.
    if (isAlone && !this.#incoming.isMore) this.#flush()
    else {
      this.#isFlushPlanned = true
      setImmediate(() => { this.#flush() })
    }
    this.#heed()
  }

  /** Ends it with a side that does not read. */
  #heed(): void {
    if (this.#limits.unread !== undefined && this.unread > this.#limits.unread) this.#break('it does not read what it is told')
  }

  pause(): void {
    if (this.#isClosing) return
    this.#isPaused = true
    this.#stopReading()
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
    const { length } = this.#outgoing
    const pieces = this.#outgoing.take()
    if (pieces.length === 0) return
    if (pieces.length === 1 && pieces[0] !== undefined) this.#stream.write(pieces[0])
    // Many small ones are one write; large ones are not copied together.
    else if (length <= 65_536) this.#stream.write(Buffer.concat(pieces))
    else {
      this.#stream.cork()
      for (const piece of pieces) this.#stream.write(piece)
      this.#stream.uncork()
    }
  }

  /** Takes in what has come whole, as much of it as fits into a turn. */
  #read(): void {
    if (this.#isReading || !this.#mayRead) return
    this.#isReading = true
    const turns = this.#turns
    const [since, most] = turns === undefined ? [0, Number.POSITIVE_INFINITY] : [performance.now(), turns.most]
    let [count, bytes] = [0, 0]
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        count += 1
        bytes += next.size
        this.#heard(next.message, next.size)
        if (count >= most || !this.#mayRead) break
      }
    } catch (error) {
      this.#break(error instanceof Error ? error.message : String(error))
    } finally {
      this.#isReading = false
    }
    if (count > 0) turns?.took(since, count, bytes, this.#incoming.isMore && this.#mayRead)
  }

  get #mayRead(): boolean {
    return !this.#isOver && !this.#isClosing && !this.#isPaused && this.#heldBack === undefined && this.#turns?.isOthers !== true
  }

  #goOn(): void {
    if (!this.#mayRead) return
    this.#stream.resume()
    this.#read()
  }

  #stopReading(): void {
    this.#stream.pause()
    this.#wait.end()
  }

  #spend(ms: number): void {
    const wait = this.#limits.readingTime?.spent(ms) ?? 0
    if (wait > 0) this.#holdBack(wait)
  }

  #holdBack(ms: number): void {
    this.#stopReading()
    clearTimeout(this.#heldBack)
    this.#heldBack = setTimeout(() => {
      this.#heldBack = undefined
      this.#goOn()
    }, ms)
    this.#heldBack.unref()
  }

  #next(): { readonly message: Incoming; readonly size: number } | undefined {
    const said = this.#incoming.next()
    if (said === undefined) return undefined
    if (this.#rate?.isPast() === true) throw new RangeError(`More than ${this.#limits.messagesPerSecond} messages a second.`)
    const { readingTime } = this.#limits
    const since = readingTime === undefined ? 0 : performance.now()
    const message = this.#parse(decodeMessage(said.json, said.bytes))
    if (message === undefined) throw new TypeError('A message is none that may be sent.')
    if (readingTime !== undefined) this.#spend(performance.now() - since)
    return { message, size: said.size }
  }

  #break(what: string): void {
    this.#end({ kind: 'protocol', what })
    this.#stream.destroy()
  }

  #end(fault: ChannelFault): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#forget()
    this.#outgoing.clear()
    this.#ended(fault)
  }

  #forget(): void {
    this.#wait.end()
    clearTimeout(this.#heldBack)
    this.#heldBack = undefined
    this.#incoming.clear()
  }
}
