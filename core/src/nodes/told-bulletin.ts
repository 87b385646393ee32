import { PlatformError } from '../errors.ts'
import type { Bulletin } from './bulletin.ts'
import { NoticePile, readNotice, type ChangeNotice } from './change-notice.ts'
import type { Reloadable } from './reloadable.ts'

/** Longest that somebody waits for being caught up, in milliseconds. */
const CATCH_UP_MS = 15_000
/** How long to wait before reading again what could not be read, in milliseconds. */
const RETRY_MS = 500

/** What a bulletin is made from. */
export interface ToldBulletinOptions {
  /** Has a text come back as a notice, behind all that was committed before. Rejects when the connection is lost. */
  readonly echo: (text: string) => Promise<void>
  readonly log: { warn(detail: object, message: string): void }
  /** @defaultValue 15 000 */
  readonly catchUpMs?: number
}

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const ECHO = 'echo'

/**
 * The bulletin of one of several nodes. Notices come in the order in which transactions have committed; what comes while something is read
 * is put together and read next. A node hears its own changes too: what it read just before them is then put right.
 */
export class ToldBulletin implements Bulletin {
  readonly #options: ToldBulletinOptions
  #held: readonly Reloadable[] = []
  readonly #pile = new NoticePile()
  /** Who waits for what is in the pile, and for what is being read. */
  #waiting: Waiting[] = []
  /** Those whose echo has not come back. */
  readonly #echoes = new Map<string, Waiting>()
  #echoed = 0
  #isStarted = false
  #isReading = false
  #isConnected = false
  #hasFailed = false
  #retry: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: ToldBulletinOptions) {
    this.#options = options
  }

  register(...held: readonly Reloadable[]): void {
    this.#held = [...this.#held, ...held]
    // What came before is read by whoever comes late, who may have read before it came.
    for (const { tables } of held) for (const table of tables) this.#pile.add({ table, tenants: undefined })
    this.#read()
  }

  get isHearing(): boolean {
    return this.#isConnected && !this.#hasFailed
  }

  /** From now on is read what is told. */
  start(): void {
    this.#isStarted = true
    this.#read()
  }

  /** The connection is there. @param isAgain - it was lost: what was told meanwhile is not known */
  connected(isAgain: boolean): void {
    this.#isConnected = true
    if (!isAgain) return
    this.#putAllDown()
    this.#read()
  }

  /** The connection is lost. */
  lost(): void {
    this.#isConnected = false
    const gone = new PlatformError('UNAVAILABLE', 'This node does not hear what others change just now: its connection to the database was lost.', { fix: 'Try again in a moment.', retryAfterSeconds: 2 })
    for (const { reject } of this.#echoes.values()) reject(gone)
    this.#echoes.clear()
  }

  /** @param payload - as PostgreSQL hands it on */
  heard(payload: string): void {
    const notice = readNotice(payload)
    if (notice === undefined) return
    if (notice.table === ECHO) this.#comeBack(notice)
    else this.#pile.add(notice)
    this.#read()
  }

  async caughtUp(): Promise<void> {
    const name = `${process.pid}-${this.#echoed += 1}-${Math.random().toString(36).slice(2)}`
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      reject(new PlatformError('UNAVAILABLE', 'This node could not find out in time what others have changed.', { fix: 'Try again in a moment; look at the log if it goes on.', retryAfterSeconds: 5 }))
    }, this.#options.catchUpMs ?? CATCH_UP_MS)
    this.#echoes.set(name, { resolve, reject })
    try {
      await Promise.all([this.#options.echo(`${ECHO} ${name}`), promise])
    } finally {
      clearTimeout(timer)
      this.#echoes.delete(name)
    }
  }

  async reloadAll(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#putAllDown()
    this.#waiting.push({ resolve, reject })
    this.#read()
    await promise
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#retry)
    this.lost()
  }

  #putAllDown(): void {
    for (const { tables } of this.#held) for (const table of tables) this.#pile.add({ table, tenants: undefined })
  }

  #comeBack({ tenants }: ChangeNotice): void {
    for (const name of tenants ?? []) {
      const waiting = this.#echoes.get(name)
      if (waiting !== undefined) this.#waiting.push(waiting)
    }
  }

  #read(): void {
    if (this.#isReading || this.#isClosed || !this.#isStarted || (this.#pile.isEmpty && this.#waiting.length === 0)) return
    this.#isReading = true
    const taken = this.#pile.take()
    const waiting = this.#waiting
    this.#waiting = []
    this.#reload(taken).then(() => {
      this.#hasFailed = false
      for (const { resolve } of waiting) resolve()
    }, (err: unknown) => {
      this.#hasFailed = true
      this.#options.log.warn({ err }, 'what another node has changed could not be read; it is tried again')
      this.#pile.putBack(taken)
      this.#waiting = [...waiting, ...this.#waiting]
      return new Promise<void>((resolve) => { this.#retry = setTimeout(resolve, RETRY_MS) })
    }).finally(() => {
      this.#isReading = false
      this.#read()
    })
  }

  async #reload(taken: NoticePile): Promise<void> {
    for (const held of this.#held) {
      const changed = taken.of(held.tables)
      if (changed !== undefined) await held.reload(changed.tenants)
    }
  }
}
