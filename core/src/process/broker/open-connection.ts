import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { PlatformError } from '../../errors.ts'
import { LIMITS } from '../protocol.ts'

/**
 * A connection to the outside that a plugin's side reads and writes by asking. It is read from as it is asked for, and what is written is answered once it has
 * left: in both directions who is slow makes the other one wait, and a bounded amount is held.
 */
export class OpenConnection {
  readonly #socket: Duplex
  #failure: Error | undefined
  #isReading = false

  constructor(socket: Duplex) {
    this.#socket = socket
    socket.on('error', (error) => { this.#failure ??= error })
  }

  /** What has come, once something has; `null` at its end. @throws PlatformError `EGRESS_FAILED` when it broke */
  async read(): Promise<Uint8Array | null> {
    if (this.#isReading) throw new PlatformError('PLUGIN_ASK_INVALID', 'A connection is read by two at a time.', { fix: 'Read it one after the other.' })
    this.#isReading = true
    try {
      for (;;) {
        const piece = this.#socket.read() as Buffer | null
        if (piece !== null) return this.#atMost(piece)
        if (this.#failure !== undefined) throw this.#broken(this.#failure)
        if (this.#socket.readableEnded || this.#socket.destroyed) return null
        await this.#changed()
      }
    } finally {
      this.#isReading = false
    }
  }

  /** Resolves once it has left. @throws PlatformError `EGRESS_FAILED` when it broke */
  write(bytes: Uint8Array): Promise<void> {
    return this.#told((done) => { this.#socket.write(bytes, done) })
  }

  /** Where the other side hung up first, it is over already. */
  end(): Promise<void> {
    if (this.#socket.writableEnded) return Promise.resolve()
    return this.#told((done) => { this.#socket.end(done) })
  }

  close(): void {
    this.#socket.destroy()
  }

  #atMost(piece: Buffer): Uint8Array {
    if (piece.byteLength <= LIMITS.chunk) return piece
    this.#socket.unshift(piece.subarray(LIMITS.chunk))
    return piece.subarray(0, LIMITS.chunk)
  }

  async #changed(): Promise<void> {
    const over = new AbortController()
    try {
      await Promise.race(['readable', 'end', 'close'].map((event) => once(this.#socket, event, { signal: over.signal })))
    } catch {
      // What it broke by is known, and told where it is looked at next.
    } finally {
      over.abort()
    }
  }

  #told(ask: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      ask((error) => {
        if (error === undefined || error === null) resolve()
        else reject(this.#broken(this.#failure ?? error))
      })
    })
  }

  #broken(cause: Error): PlatformError {
    return new PlatformError('EGRESS_FAILED', `The connection broke: ${(cause as { readonly code?: string }).code ?? cause.message}.`, { fix: 'Make another one.', cause })
  }
}
