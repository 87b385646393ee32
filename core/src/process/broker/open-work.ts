import type { Duplex } from 'node:stream'
import type { Context, ConnectTarget, WorkerContext } from '@liberacces/sdk'
import { PlatformError } from '../../errors.ts'
import { LIMITS, type Question } from '../protocol.ts'
import { OpenConnection } from './open-connection.ts'

/** Has a worker's side do a piece of its work within a call. */
export type DoPiece = (piece: number, c: Context) => Promise<unknown>

/** A worker that runs at the plugin's side: what it asks is put to the context that a worker in the kernel's process has. */
export class OpenWork {
  readonly #w: WorkerContext
  readonly #doPiece: DoPiece
  readonly #connections = new Map<number, OpenConnection>()
  #connecting = 0
  #numbers = 0

  constructor(w: WorkerContext, doPiece: DoPiece) {
    this.#w = w
    this.#doPiece = doPiece
  }

  get signal(): AbortSignal {
    return this.#w.signal
  }

  get log(): WorkerContext['log'] {
    return this.#w.log
  }

  async run({ piece, what, timeoutMs }: Question<'work.run'>): Promise<void> {
    await this.#w.run(what, (c) => this.#doPiece(piece, c), timeoutMs === undefined ? {} : { timeoutMs })
  }

  pause(ms: number | undefined): Promise<boolean> {
    return this.#w.pause(ms)
  }

  wake(): void {
    this.#w.wake()
  }

  health({ state, message }: Question<'work.health'>): void {
    // Who reads it reads it at the plugin's side, where its messages and their values are.
    this.#w.health(state, message as never)
  }

  /** @throws PlatformError `QUOTA_EXCEEDED` for too many at a time; see `connectAs` */
  async connect(target: Question<'work.connect'>): Promise<number> {
    if (this.#connections.size + this.#connecting >= LIMITS.connectionsOfWorker) {
      throw new PlatformError('QUOTA_EXCEEDED', `A worker has more than ${LIMITS.connectionsOfWorker} connections at a time.`, { fix: 'Close those that are not needed any more.' })
    }
    this.#connecting += 1
    let socket: Duplex
    try {
      socket = await this.#w.connect(target as ConnectTarget)
    } finally {
      this.#connecting -= 1
    }
    this.#numbers += 1
    const number = this.#numbers
    this.#connections.set(number, new OpenConnection(socket))
    return number
  }

  /** @throws PlatformError `EGRESS_FAILED` for one that is over */
  connection(number: number): OpenConnection {
    const found = this.#connections.get(number)
    if (found === undefined) throw new PlatformError('EGRESS_FAILED', 'The connection is closed.', { fix: 'Make another one.' })
    return found
  }

  /** Twice is harmless. */
  close(number: number): void {
    this.#connections.get(number)?.close()
    this.#connections.delete(number)
  }

  closeAll(): void {
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
  }
}
