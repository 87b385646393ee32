import { Duplex } from 'node:stream'
import { LIMITS } from '../protocol.ts'

/** How a connection that the kernel holds is reached. */
export interface ConnectionPort {
  /** What has come, once something has; nothing at the end. */
  read(): Promise<Uint8Array | null | undefined>
  /** Resolves once it has left. */
  write(bytes: Uint8Array): Promise<void>
  end(): Promise<void>
  close(): void
}

/** A connection to the outside, which the kernel made and holds. It is read as its reader asks for more, and writes one piece after the other, so that neither side gets ahead of the other. */
export class ChildConnection extends Duplex {
  readonly #port: ConnectionPort

  constructor(port: ConnectionPort) {
    // As a socket: when the other side ends, so does this one.
    super({ allowHalfOpen: false })
    this.#port = port
  }

  override _read(): void {
    this.#port.read().then((bytes) => { this.push(bytes === null || bytes === undefined ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) }, (error: unknown) => { this.#broke(error) })
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    void tell(this.#write(bytes), done)
  }

  override _writev(pieces: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(pieces.map(({ chunk }) => chunk)), 'utf8', done)
  }

  override _final(done: (error?: Error | null) => void): void {
    void tell(this.#port.end(), done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#port.close()
    done(error)
  }

  async #write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.byteLength; at += LIMITS.chunk) await this.#port.write(bytes.subarray(at, at + LIMITS.chunk))
  }

  #broke(error: unknown): void {
    if (!this.destroyed) this.destroy(asError(error))
  }
}

/** Tells what came of it. Never rejects. */
async function tell(work: Promise<void>, done: (error?: Error | null) => void): Promise<void> {
  let failure: Error | undefined
  try {
    await work
  } catch (error) {
    failure = asError(error)
  }
  done(failure)
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
