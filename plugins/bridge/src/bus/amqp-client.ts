import type { Duplex } from 'node:stream'
import { AMQPBaseClient } from '@cloudamqp/amqp-client/amqp-base-client'
import { AMQPView } from '@cloudamqp/amqp-client/amqp-view'

/** Largest frame that we take, in bytes: longer messages come in several. */
const FRAME_MAX = 131_072
/** How often each side lets the other hear of it, in seconds. */
const HEARTBEAT_SECONDS = 20
const PROTOCOL = Uint8Array.from([65, 77, 81, 80, 0, 0, 9, 1])
const HEARTBEAT = Uint8Array.from([8, 0, 0, 0, 0, 0, 0, 206])

/** The client of the library on a stream that somebody else opened, with bounds on what the other side may send, and heartbeats of its own. */
export class StreamAmqpClient extends AMQPBaseClient {
  readonly #stream: Duplex
  readonly #whenLost: (reason: Error) => void
  #rest: Buffer = Buffer.alloc(0)
  #heardAt = performance.now()
  #timer: NodeJS.Timeout | undefined
  /** Until there is room for more, where there is none. */
  #room: Promise<void> | undefined

  /** @param whenLost - told once, why the connection is over */
  constructor(stream: Duplex, as: { readonly space: string; readonly user: string; readonly password: string; readonly name: string }, whenLost: (reason: Error) => void) {
    super(as.space, as.user, as.password, as.name, 'LiberAccès', FRAME_MAX, HEARTBEAT_SECONDS, 0, null)
    this.#stream = stream
    this.#whenLost = whenLost
    stream.on('data', (chunk: Buffer) => { this.#read(chunk) })
    stream.on('error', (error) => { this.#lose(error) })
    stream.on('close', () => { this.#lose(new Error('The bus closed the connection.')) })
    this.onerror = (error) => { this.#lose(error) }
    this.ondisconnect = (error) => { this.#lose(error ?? new Error('The bus closed the connection.')) }
  }

  override connect(): Promise<AMQPBaseClient> {
    const opened = new Promise<AMQPBaseClient>((resolve, reject) => { this.connectPromise = [resolve, reject] })
    void this.send(PROTOCOL)
    // Silence for two beats is death (AMQP 0-9-1, section 4.2.7).
    this.#timer = setInterval(() => {
      if (performance.now() - this.#heardAt > 2 * HEARTBEAT_SECONDS * 1_000 && this.heartbeat > 0) this.#lose(new Error('The bus has been silent for too long.'))
      else if (!this.closed) void this.send(HEARTBEAT)
    }, HEARTBEAT_SECONDS * 500).unref()
    return opened
  }

  /** Never rejects: a stream that is gone tells so by itself. Waits while the other side reads slowly, and only then: the library listens for some answers once this has resolved. */
  override send(bytes: Uint8Array): Promise<void> {
    if (this.#stream.destroyed || this.#stream.write(bytes)) return Promise.resolve()
    return (this.#room ??= new Promise((resolve) => {
      const go = (): void => {
        this.#stream.off('drain', go)
        this.#stream.off('close', go)
        this.#room = undefined
        resolve()
      }
      this.#stream.once('drain', go)
      this.#stream.once('close', go)
    }))
  }

  protected override closeSocket(): void {
    this.closed = true
    this.#stream.end()
    clearInterval(this.#timer)
  }

  #read(chunk: Buffer): void {
    this.#heardAt = performance.now()
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    try {
      while (this.#rest.length >= 7) {
        const size = this.#rest.readUInt32BE(3) + 8
        if (size > FRAME_MAX + 8) throw new Error('The bus sends a larger frame than agreed, or does not speak AMQP 0-9-1.')
        if (this.#rest.length < size) return
        // Copied: the library keeps views into what it is given.
        const frame = Uint8Array.from(this.#rest.subarray(0, size))
        this.#rest = this.#rest.subarray(size)
        this.parseFrames(new AMQPView(frame.buffer, 0, size))
      }
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #lose(reason: Error): void {
    clearInterval(this.#timer)
    const waiting = this.connectPromise
    delete this.connectPromise
    waiting?.[1](reason)
    if (!this.closed) {
      this.closed = true
      for (const channel of this.channels) channel?.setClosed(reason)
    }
    this.#stream.destroy()
    this.#whenLost(reason)
  }
}
