import { HEAD } from './frame.ts'

/** One message as it came. */
export interface IncomingText {
  readonly json: string
  readonly bytes: Uint8Array
  /** How many bytes it came in; characters, where others share its frame. */
  readonly size: number
}

const NONE = Buffer.alloc(0)

/** Messages out of what has come of a stream, however it is cut. */
export class IncomingFrames {
  readonly #most: { readonly json: number; readonly message: number }
  /** What has come and is not read yet. */
  #pieces: Buffer[] = []
  #length = 0
  /** A frame that is larger than what has come of it: its own memory, so that one that comes a byte at a time costs no more than another. */
  #growing: { readonly frame: Buffer; filled: number } | undefined
  /** What is still to be heard of a frame that several messages share. */
  #unheard = ''
  #unheardAt = 0

  /** @param most - JSON of one frame, and one frame with its bytes, in bytes */
  constructor(most: { readonly json: number; readonly message: number }) {
    this.#most = most
  }

  /** Something has come that was not heard yet. */
  get isMore(): boolean {
    return this.#unheard !== '' || this.#length > 0
  }

  /** This has come. */
  take(piece: Buffer): void {
    const { frame, filled } = this.#growing ?? { frame: NONE, filled: 0 }
    const taken = this.#growing === undefined ? 0 : piece.copy(frame, filled)
    if (this.#growing !== undefined) this.#growing.filled += taken
    if (taken === piece.length) return
    this.#pieces.push(taken === 0 ? piece : piece.subarray(taken))
    this.#length += piece.length - taken
  }

  /**
   * The next message, once all of it has come.
   * @throws TypeError or RangeError for a frame that is none, or larger than may be
   */
  next(): IncomingText | undefined {
    return this.#unheard === '' ? this.#openFrame() : this.#nextShared()
  }

  clear(): void {
    this.#pieces = []
    this.#length = 0
    this.#growing = undefined
    this.#unheard = ''
  }

  /** The first message of the next frame. */
  #openFrame(): IncomingText | undefined {
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
  #nextShared(): IncomingText {
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
    if (length > this.#most.message || jsonLength > this.#most.json) throw new RangeError(`A message of ${length} bytes, ${jsonLength} of them JSON, is more than is taken.`)
    if (this.#length < length) {
      const pieces = this.#pieces
      this.#pieces = []
      this.#length = 0
      this.#growing = { frame: Buffer.allocUnsafeSlow(length), filled: 0 }
      for (const piece of pieces) this.take(piece)
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
}
