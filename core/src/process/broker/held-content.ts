import { PlatformError } from '../../errors.ts'
import { LIMITS } from '../protocol.ts'

/** Gives content in pieces. */
interface Source {
  next(): Promise<Uint8Array | undefined>
  close(): void
}

/** Uploads, and streams, of one call at a time. */
const MOST_AT_ONCE = 100

/** Content of one call that is on its way: what is being put together, and what is read in pieces. All of it together is bounded. */
export class HeldContent {
  readonly #uploads = new Map<number, Uint8Array[]>()
  readonly #streams = new Map<number, Source>()
  #bytes = 0
  #isOver = false
  #streamNumber = 0

  /** @throws PlatformError `FILE_TOO_LARGE` */
  put(upload: number, bytes: Uint8Array): void {
    const pieces = this.#uploads.get(upload)
    if (pieces === undefined) room(this.#uploads)
    this.#hold(bytes.byteLength)
    // An empty piece would be held without counting.
    if (pieces !== undefined) {
      if (bytes.byteLength > 0) pieces.push(bytes)
      return
    }
    this.#uploads.set(upload, [bytes])
  }

  /** What came along with a question, or was put together before. @returns `undefined` where there is neither */
  take({ bytes, upload }: { readonly bytes?: Uint8Array; readonly upload?: number }): Uint8Array | undefined {
    if (upload === undefined) return bytes
    const pieces = this.#uploads.get(upload)
    if (pieces === undefined) return bytes
    this.#uploads.delete(upload)
    const whole = Buffer.concat(pieces)
    this.#bytes -= whole.byteLength
    return whole
  }

  /** Begins to give bytes that are here. @throws PlatformError `FILE_TOO_LARGE` when the call holds too much already */
  give(bytes: Uint8Array): { readonly first: Uint8Array; readonly stream?: number } {
    if (bytes.byteLength <= LIMITS.chunk) return { first: bytes }
    this.#hold(bytes.byteLength)
    let at: number = LIMITS.chunk
    const stream = this.#open({
      next: async () => {
        if (at >= bytes.byteLength) return undefined
        const piece = bytes.subarray(at, at + LIMITS.chunk)
        at += piece.byteLength
        return piece
      },
      close: () => { this.#bytes -= bytes.byteLength },
    })
    return { first: bytes.subarray(0, LIMITS.chunk), stream }
  }

  /** Begins to give what comes from elsewhere. */
  giveStream(body: ReadableStream<Uint8Array>): { readonly stream: number } {
    const reader = body.getReader()
    let rest: Uint8Array | undefined
    return {
      stream: this.#open({
        next: async () => {
          const piece = rest ?? (await reader.read()).value
          if (piece === undefined) return undefined
          rest = piece.byteLength > LIMITS.chunk ? piece.subarray(LIMITS.chunk) : undefined
          return piece.subarray(0, LIMITS.chunk)
        },
        close: () => { reader.cancel().catch(() => undefined) },
      }),
    }
  }

  async next(stream: number): Promise<Uint8Array | null> {
    const source = this.#streams.get(stream)
    if (source === undefined) return null
    const piece = await source.next()
    if (piece === undefined) this.close(stream)
    return piece ?? null
  }

  /** Twice is harmless. */
  close(stream: number): void {
    const source = this.#streams.get(stream)
    this.#streams.delete(stream)
    source?.close()
  }

  /** What comes after that is not held: the call is over. */
  closeAll(): void {
    this.#isOver = true
    for (const stream of this.#streams.keys()) this.close(stream)
    this.#uploads.clear()
    this.#bytes = 0
  }

  #open(source: Source): number {
    try {
      if (this.#isOver) throw new PlatformError('PLUGIN_CALL_TIMEOUT', 'What was asked for came after the call was over.', { fix: 'Await everything within the call.' })
      room(this.#streams)
    } catch (error) {
      // Nobody would read it, and nobody end it.
      source.close()
      throw error
    }
    this.#streamNumber += 1
    this.#streams.set(this.#streamNumber, source)
    return this.#streamNumber
  }

  #hold(bytes: number): void {
    if (this.#bytes + bytes > LIMITS.heldByCall) {
      throw new PlatformError('FILE_TOO_LARGE', `A call holds more than ${LIMITS.heldByCall / 1_048_576} MiB of content at once.`, { fix: 'Deal with one file after the other.' })
    }
    this.#bytes += bytes
  }
}

function room({ size }: { readonly size: number }): void {
  if (size >= MOST_AT_ONCE) throw new PlatformError('FILE_TOO_LARGE', `A call holds more than ${MOST_AT_ONCE} contents at once.`, { fix: 'Deal with one file after the other, and read each to its end.' })
}
