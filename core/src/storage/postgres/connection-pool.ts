import { PlatformError } from '../../errors.ts'
import type { Connection, Login } from './connection.ts'

/** What a pool is made of. */
export interface PoolOptions {
  /** Most connections, of all roles together. */
  readonly limit: number
  /** Connections of one role at a time: nobody takes them all. */
  readonly mostOfRole: number
  /** So many more for those who hold one already and need another to go on: else they would wait for each other. */
  readonly reserve: number
  readonly open: (login: Login, ended: (connection: Connection) => void) => Promise<Connection>
  /** Longest that somebody waits for a connection, in milliseconds. */
  readonly waitMs: number
  /** A connection that nobody used for so long is closed, in milliseconds. */
  readonly idleMs: number
  /** Names the database in messages. */
  readonly where: string
}

interface Slot {
  readonly user: string
  connection: Connection | undefined
  /** Those who use it: one, where it is held for a transaction. */
  users: number
  isHeld: boolean
  idleSince: number
  /** Handed out no more, and closed when nobody uses it. */
  isStale: boolean
}

interface Waiter {
  readonly login: Login
  readonly holds: boolean
  readonly isNested: boolean
  readonly resolve: (slot: Slot) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/** A connection for one alone, until it is given back. */
export interface Lease {
  readonly connection: Connection
  /** @param spoiled - it is of no more use */
  release(spoiled?: boolean): void
}

/** Statements under way on one connection before another is opened for the role. */
const SHARED_BY = 4

/**
 * Connections of many roles, bounded over all of them. Single statements share a connection, transactions hold one. Past the limit the one
 * that was idle longest, whoever's, makes room; where none is idle, who asks waits for a bounded time.
 */
export class ConnectionPool {
  readonly #options: PoolOptions
  readonly #slots = new Map<string, Slot[]>()
  /** Those that nobody uses, longest first. */
  readonly #idle = new Set<Slot>()
  readonly #sweep: NodeJS.Timeout
  #waiting: Waiter[] = []
  #size = 0
  #openedTotal = 0
  #isClosed = false

  constructor(options: PoolOptions) {
    this.#options = options
    this.#sweep = setInterval(() => { this.#closeIdle() }, Math.max(1_000, options.idleMs / 4)).unref()
  }

  get size(): number {
    return this.#size
  }

  get limit(): number {
    return this.#options.limit
  }

  get openedTotal(): number {
    return this.#openedTotal
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Roles that have a connection here. */
  get roles(): number {
    return this.#slots.size
  }

  /** Runs something on a connection that others use at the same time: single statements, and no transaction. */
  async share<Result>(login: Login, work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const slot = this.#shared(login) ?? await this.#wait(login, { holds: false, isNested: false })
    try {
      if (slot.connection === undefined) throw new Error('A connection was handed out before it was open.')
      return await work(slot.connection)
    } finally {
      this.#giveBack(slot, false)
    }
  }

  /** @param isNested - the caller holds a connection already */
  async hold(login: Login, { isNested = false }: { readonly isNested?: boolean } = {}): Promise<Lease> {
    const slot = this.#free(login) ?? await this.#wait(login, { holds: true, isNested })
    const { connection } = slot
    if (connection === undefined) throw new Error('A connection was handed out before it was open.')
    let isBack = false
    return {
      connection,
      release: (spoiled = false) => {
        if (isBack) return
        isBack = true
        this.#giveBack(slot, spoiled)
      },
    }
  }

  /** Closes what a role has here and nobody uses. */
  async rest(user: string): Promise<void> {
    await Promise.all((this.#slots.get(user) ?? []).filter((slot) => slot.users === 0).map((slot) => this.#close(slot)))
  }

  /** Closes what a role has here. What is in use is handed to nobody else, and closed when it is given back. */
  async forget(user: string): Promise<void> {
    for (const slot of this.#slots.get(user) ?? []) slot.isStale = true
    await this.rest(user)
  }

  /** One connection of a role was lost: those that nobody uses may be lost too, and are not waited for. */
  distrust(user: string): void {
    for (const slot of this.#slots.get(user) ?? []) {
      if (slot.users > 0 || slot.connection === undefined) continue
      slot.connection.break()
      this.#drop(slot)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#sweep)
    for (const waiter of this.#waiting.splice(0)) this.#refuse(waiter, closed())
    for (const slot of [...this.#slots.values()].flat()) {
      if (slot.users > 0) slot.connection?.break()
      else await this.#close(slot)
    }
  }

  #shared(login: Login): Slot | undefined {
    if (this.#isClosed) throw closed()
    let best: Slot | undefined
    const slots = this.#slots.get(login.user) ?? []
    for (const slot of slots) {
      if (slot.connection !== undefined && !slot.isHeld && !slot.isStale && (best === undefined || slot.users < best.users)) best = slot
    }
    if (best === undefined || (best.users >= SHARED_BY && slots.length < this.#options.mostOfRole && this.#hasRoom(false))) return undefined
    return this.#take(best)
  }

  #free(login: Login): Slot | undefined {
    if (this.#isClosed) throw closed()
    const slot = this.#slots.get(login.user)?.find(({ connection, users, isStale }) => connection !== undefined && users === 0 && !isStale)
    if (slot === undefined) return undefined
    slot.isHeld = true
    return this.#take(slot)
  }

  #take(slot: Slot): Slot {
    slot.users += 1
    this.#idle.delete(slot)
    return slot
  }

  #hasRoom(isNested: boolean): boolean {
    return this.#idle.size > 0 || this.#size < this.#options.limit + (isNested ? this.#options.reserve : 0)
  }

  async #wait(login: Login, { holds, isNested }: Pick<Waiter, 'holds' | 'isNested'>): Promise<Slot> {
    if (this.#isClosed) throw closed()
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter)
        reject(new PlatformError('DB_BUSY', `All ${this.#options.limit} connections to ${this.#options.where} were in use for ${this.#options.waitMs / 1_000} s.`, {
          fix: 'Try again. When it goes on, give this process more (option "connections" of LIBERACCES_DATABASE_URL), or look for slow statements on the database.', retryAfterSeconds: 1,
        }))
      }, this.#options.waitMs)
      const waiter: Waiter = { login, holds, isNested, resolve, reject, timer }
      this.#waiting.push(waiter)
      this.#serve()
    })
  }

  /** Gives everybody who waits what can be given now. */
  #serve(): void {
    for (const waiter of this.#waiting) {
      const { login, holds, isNested } = waiter
      const found = holds ? this.#free(login) : this.#shared(login)
      if (found !== undefined) {
        this.#settle(waiter)
        waiter.resolve(found)
      } else if (this.#mayOpen(login, holds) && this.#hasRoom(isNested)) {
        this.#settle(waiter)
        void this.#open(waiter)
      }
    }
  }

  /** Those who share wait for one that is being opened instead of opening more. */
  #mayOpen({ user }: Login, holds: boolean): boolean {
    const slots = (this.#slots.get(user) ?? []).filter(({ isStale }) => !isStale)
    return slots.length < this.#options.mostOfRole && (holds || slots.every(({ connection }) => connection !== undefined))
  }

  #settle(waiter: Waiter): void {
    clearTimeout(waiter.timer)
    this.#waiting = this.#waiting.filter((other) => other !== waiter)
  }

  #refuse(waiter: Waiter, error: unknown): void {
    clearTimeout(waiter.timer)
    waiter.reject(error)
  }

  async #open({ login, holds, isNested, resolve, reject }: Waiter): Promise<void> {
    const slot: Slot = { user: login.user, connection: undefined, users: 1, isHeld: holds, idleSince: 0, isStale: false }
    const [oldest] = this.#idle
    const makesRoom = oldest !== undefined && this.#size >= this.#options.limit + (isNested ? this.#options.reserve : 0)
    this.#slots.set(login.user, [...(this.#slots.get(login.user) ?? []), slot])
    this.#size += 1
    try {
      if (makesRoom) await this.#close(oldest)
      const connection = await this.#options.open(login, () => { this.#drop(slot) })
      this.#openedTotal += 1
      slot.connection = connection
      if (this.#isClosed) {
        connection.break()
        throw closed()
      }
      resolve(slot)
      if (this.#waiting.length > 0) this.#serve()
    } catch (error) {
      this.#drop(slot)
      reject(error)
    }
  }

  #giveBack(slot: Slot, spoiled: boolean): void {
    slot.users -= 1
    slot.isHeld = false
    if (spoiled) slot.connection?.break()
    if (slot.users === 0 && slot.connection !== undefined && !slot.connection.isBroken) {
      if (slot.isStale) {
        void this.#close(slot)
      } else {
        slot.idleSince = performance.now()
        this.#idle.add(slot)
      }
    }
    if (this.#waiting.length > 0 && !this.#isClosed) this.#serve()
  }

  async #close(slot: Slot): Promise<void> {
    const { connection } = slot
    this.#drop(slot)
    await connection?.close().catch(() => undefined) // it is gone either way
  }

  /** It no longer counts. */
  #drop(slot: Slot): void {
    const slots = this.#slots.get(slot.user)
    if (slots === undefined || !slots.includes(slot)) return
    this.#size -= 1
    this.#idle.delete(slot)
    const left = slots.filter((other) => other !== slot)
    if (left.length === 0) this.#slots.delete(slot.user)
    else this.#slots.set(slot.user, left)
    if (this.#waiting.length > 0 && !this.#isClosed) setImmediate(() => { this.#serve() })
  }

  #closeIdle(): void {
    const before = performance.now() - this.#options.idleMs
    for (const slot of this.#idle) {
      if (slot.idleSince > before) return
      void this.#close(slot)
    }
  }
}

function closed(): PlatformError {
  return new PlatformError('UNAVAILABLE', 'The storage is closed.', { fix: 'Try again when the platform runs.' })
}
