import { HEAD } from './frame.ts'
import type { EncodedMessage } from './message-codec.ts'
import { MessageTooLarge } from './message-too-large.ts'

/** Longest JSON that shares a frame, alone and with the others, in characters. */
const SHARED = 16_384
/** Longest that a character may be in UTF-8, in bytes. */
const LONGEST_CHARACTER = 3

/** Messages on their way into frames: small ones share one. */
export class OutgoingFrames {
  readonly #most: { readonly outgoingJson: number; readonly outgoing: number }
  /** Most characters of what is said in a shared frame. */
  readonly #shared: number
  #pieces: Buffer[] = []
  #length = 0
  /** What goes into the next shared frame. */
  #small: string[] = []
  #smallLength = 0

  /** @param most - JSON of one message, and one message with its bytes, in bytes */
  constructor(most: { readonly outgoingJson: number; readonly outgoing: number }) {
    this.#most = most
    this.#shared = Math.min(SHARED, Math.floor(Math.min(most.outgoingJson, most.outgoing - HEAD) / LONGEST_CHARACTER))
  }

  /** About how many bytes they are. */
  get length(): number {
    return this.#length + this.#smallLength
  }

  /** @throws MessageTooLarge past the limits */
  add({ json, bytes }: EncodedMessage): void {
    if (bytes.length === 0 && json.length <= this.#shared) this.#share(json)
    else this.#addAlone(json, bytes)
  }

  /** All that was added since it was asked last, in order. */
  take(): readonly Buffer[] {
    this.#closeShared()
    const pieces = this.#pieces
    this.clear()
    return pieces
  }

  clear(): void {
    this.#pieces = []
    this.#length = 0
    this.#small = []
    this.#smallLength = 0
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
    this.#push(framed(json, Buffer.byteLength(json), 0))
  }

  #addAlone(json: string, bytes: readonly Uint8Array[]): void {
    const jsonLength = Buffer.byteLength(json)
    let bytesLength = 0
    for (const piece of bytes) bytesLength += piece.byteLength
    const length = HEAD + jsonLength + bytesLength
    if (jsonLength > this.#most.outgoingJson || length > this.#most.outgoing) throw new MessageTooLarge(`A message of ${length} bytes, ${jsonLength} of them JSON, is more than crosses the border.`)
    this.#closeShared()
    this.#push(framed(json, jsonLength, bytesLength))
    for (const piece of bytes) if (piece.byteLength > 0) this.#push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))
  }

  #push(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.length
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
