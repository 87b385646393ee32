import type { Readable } from 'node:stream'
import { setImmediate as othersFirst } from 'node:timers/promises'
import { PlatformError } from '../../errors.ts'
import { LIMITS } from '../protocol.ts'
import { ByteAllowance } from './byte-allowance.ts'

/** Gives content in pieces. */
interface Source {
  next(): Promise<Uint8Array | undefined>
  close(): void
}

/** Uploads, and streams, of one call at a time. */
const MOST_AT_ONCE = 100

interface Upload {
  readonly pieces: Uint8Array[]
  readonly releases: (() => void)[]
}

/** What a piece counts for at least, in bytes: many small ones cost more than they hold. */
const SMALLEST_PIECE = 1_024

/** Bytes that are copied in one go. */
const COPIED_IN_A_TURN = 512 * 1_024

/** What a file counts for while it is read, in bytes, if it is not smaller: more than is held of it, for it also keeps the file open. */
const HELD_BY_READING = 8 * 1_048_576

/** Content of one call that is on its way: what is being put together, what is worked with, and what is read in pieces. All of it together is bounded. */
export class HeldContent {
  readonly #uploads = new Map<number, Upload>()
  readonly #streams = new Map<number, Source>()
  readonly #room: ByteAllowance
  readonly #own = new ByteAllowance(LIMITS.heldByCall)
  #isOver = false
  #streamNumber = 0

  /** @param room - what all calls of its side may hold together */
  constructor(room: ByteAllowance) {
    this.#room = room
  }

  /** @throws PlatformError `FILE_TOO_LARGE` */
  put(upload: number, bytes: Uint8Array): void {
    const known = this.#uploads.get(upload)
    if (known === undefined) room(this.#uploads)
    const release = this.#hold(Math.max(bytes.byteLength, SMALLEST_PIECE))
    const { pieces, releases } = known ?? { pieces: [], releases: [] }
    pieces.push(bytes)
    releases.push(release)
    if (known === undefined) this.#uploads.set(upload, { pieces, releases })
  }

  /** Does something with what came along with a question, or was put together before; until it is done that counts. @param body - given `undefined` where there is neither */
  async use<Result>({ bytes, upload }: { readonly bytes?: Uint8Array; readonly upload?: number }, body: (content: Uint8Array | undefined) => Promise<Result>): Promise<Result> {
    const held = upload === undefined ? undefined : this.#uploads.get(upload)
    if (upload === undefined || held === undefined) return body(bytes)
    this.#uploads.delete(upload)
    try {
      return await body(await joined(held.pieces))
    } finally {
      for (const release of held.releases) release()
    }
  }

  /**
   * Begins to give bytes of which it is known how many they are: they count before they are read.
   * @throws PlatformError `FILE_TOO_LARGE` when too much is held already
   */
  async give(size: number, read: () => Promise<Uint8Array>): Promise<{ readonly first: Uint8Array; readonly stream?: number }> {
    const release = this.#hold(size)
    try {
      const bytes = await read()
      if (bytes.byteLength > LIMITS.chunk) return { first: bytes.subarray(0, LIMITS.chunk), stream: this.#open(piecesOf(bytes, release)) }
      release()
      return { first: bytes }
    } catch (error) {
      release()
      throw error
    }
  }

  /**
   * Begins to give what is read as it is asked for, such as a file on disk: little of it is held, and nothing of it copied together.
   * @throws PlatformError `FILE_TOO_LARGE` when too much is held already
   */
  async giveReadable(size: number, open: () => Promise<Readable>): Promise<{ readonly stream: number }> {
    const release = this.#hold(Math.min(size, HELD_BY_READING))
    try {
      return { stream: this.#open(readSource(await open(), release)) }
    } catch (error) {
      release()
      throw error
    }
  }

  /** Begins to give what comes from elsewhere. */
  giveStream(body: ReadableStream<Uint8Array>): { readonly stream: number } {
    const reader = body.getReader()
    return {
      stream: this.#open({
        next: atMost(async () => (await reader.read()).value),
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
    for (const { releases } of this.#uploads.values()) for (const release of releases) release()
    this.#uploads.clear()
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

  /** @returns what lets it go */
  #hold(bytes: number): () => void {
    const own = this.#own.take(bytes)
    if (own === undefined) throw tooMuch(`A call holds more than ${LIMITS.heldByCall / 1_048_576} MiB of content at once.`)
    const shared = this.#room.take(bytes)
    if (shared !== undefined) return () => { own(); shared() }
    own()
    throw tooMuch(`The calls of a plugin hold more than ${this.#room.most / 1_048_576} MiB at once.`)
  }
}

/** All in one. Others have their turn in between: a hundred megabytes take a while to copy. */
async function joined(pieces: readonly Uint8Array[]): Promise<Uint8Array> {
  let length = 0
  for (const piece of pieces) length += piece.byteLength
  const whole = Buffer.allocUnsafeSlow(length)
  let [filled, inThisTurn] = [0, 0]
  for (const piece of pieces) {
    whole.set(piece, filled)
    filled += piece.byteLength
    inThisTurn += piece.byteLength
    if (inThisTurn < COPIED_IN_A_TURN) continue
    inThisTurn = 0
    await othersFirst()
  }
  return whole
}

/** After the first, which is given at once. */
function piecesOf(bytes: Uint8Array, close: () => void): Source {
  let at: number = LIMITS.chunk
  return {
    close,
    next: async () => {
      if (at >= bytes.byteLength) return undefined
      const piece = bytes.subarray(at, at + LIMITS.chunk)
      at += piece.byteLength
      return piece
    },
  }
}

/** No piece larger than one message takes: of what is larger the rest comes next. */
function atMost(read: () => Promise<Uint8Array | undefined>): Source['next'] {
  let rest: Uint8Array | undefined
  return async () => {
    const piece = rest ?? await read()
    if (piece === undefined) return undefined
    rest = piece.byteLength > LIMITS.chunk ? piece.subarray(LIMITS.chunk) : undefined
    return piece.subarray(0, LIMITS.chunk)
  }
}

function readSource(content: Readable, release: () => void): Source {
  const pieces = content[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>
  return {
    next: atMost(async () => (await pieces.next()).value),
    close: () => {
      content.destroy()
      release()
    },
  }
}

function tooMuch(message: string): PlatformError {
  return new PlatformError('FILE_TOO_LARGE', message, { fix: 'Deal with one file after the other.' })
}

function room({ size }: { readonly size: number }): void {
  if (size >= MOST_AT_ONCE) throw new PlatformError('FILE_TOO_LARGE', `A call holds more than ${MOST_AT_ONCE} contents at once.`, { fix: 'Deal with one file after the other, and read each to its end.' })
}
