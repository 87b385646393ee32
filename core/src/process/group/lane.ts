import { Duplex } from 'node:stream'

/** Bytes that one side of a lane may send before the other has taken some of them: what a paused lane holds at most. */
export const WINDOW = 1024 * 1024
/** Longest piece that goes at once: others have their turn between two. */
const PIECE = 64 * 1024

/** What carries a lane. */
export interface LanePort {
  data(lane: number, bytes: Buffer, sent: (error?: Error | null) => void): void
  /** More bytes may come. */
  credit(lane: number, bytes: number): void
  /** Nothing more is said, and nothing more is heard. */
  end(lane: number): void
  /** It is no more. */
  gone(lane: number): void
}

/** One of several streams over one: a side may send as much as the other has room for, so that one that is not read holds up none of the others. */
export class Lane extends Duplex {
  readonly id: number
  readonly #port: LanePort
  #credit = WINDOW
  #waiting: { bytes: Buffer; readonly sent: (error?: Error | null) => void } | undefined
  /** Bytes that have come and for which no new room was told. */
  #taken = 0
  #hasSaidEnd = false

  constructor(id: number, port: LanePort) {
    super({ allowHalfOpen: false, readableHighWaterMark: PIECE, writableHighWaterMark: PIECE })
    this.id = id
    this.#port = port
  }

  /** Bytes have come. @returns whether they may: not past the room that was told */
  receive(bytes: Buffer): boolean {
    this.#taken += bytes.length
    if (this.#taken > WINDOW) return false
    this.push(bytes)
    return true
  }

  /** The other side has room for more. */
  granted(bytes: number): void {
    this.#credit += bytes
    this.#send()
  }

  override _read(): void {
    // What comes is pushed when it comes.
  }

  /** Room is told of here: Node asks for more by `_read` only once for what was not pushed since, and not again when the last of it is taken. */
  override read(size?: number): Buffer | null {
    const bytes = super.read(size) as Buffer | null
    const read = this.#taken - this.readableLength
    // Told in larger pieces: each is a message.
    if (read >= WINDOW / 4 && !this.destroyed) {
      this.#taken -= read
      this.#port.credit(this.id, read)
    }
    return bytes
  }

  override _write(bytes: Buffer, _encoding: string, sent: (error?: Error | null) => void): void {
    this.#waiting = { bytes, sent }
    this.#send()
  }

  override _final(done: () => void): void {
    this.#sayEnd()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#sayEnd()
    this.#port.gone(this.id)
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.sent(error ?? new Error('The lane was closed.'))
    done(error)
  }

  #send(): void {
    while (this.#waiting !== undefined && this.#credit > 0) {
      const { bytes, sent } = this.#waiting
      const piece = bytes.subarray(0, Math.min(this.#credit, PIECE))
      this.#credit -= piece.length
      const isLast = piece.length === bytes.length
      if (isLast) this.#waiting = undefined
      else this.#waiting.bytes = bytes.subarray(piece.length)
      this.#port.data(this.id, piece, isLast ? sent : () => undefined)
    }
  }

  #sayEnd(): void {
    if (this.#hasSaidEnd) return
    this.#hasSaidEnd = true
    this.#port.end(this.id)
  }
}
