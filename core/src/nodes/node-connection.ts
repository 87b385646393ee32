import type { Client } from 'pg'
import type { DatabaseAddress } from '../storage/postgres/database-address.ts'

/** What a connection tells. */
export interface NodeConnectionEvents {
  /** A notice came. */
  readonly heard: (payload: string) => void
  /** It is lost, once, whatever the reason; not told when it was closed, or never came about. */
  readonly lost: () => void
}

/** Longest wait for an answer, in milliseconds: past it the connection counts as lost. */
const ANSWER_MS = 3_000

/**
 * The one connection by which a node lives: it says so on it, holds a lock by it that ends with it, and hears on it what others change. Not
 * from a pool, and not through a pooler that hands connections from one to the other.
 */
export class NodeConnection {
  readonly #client: Client
  readonly #events: NodeConnectionEvents
  readonly #answerMs: number
  #isOver = false
  #isOpen = false

  private constructor(client: Client, events: NodeConnectionEvents, answerMs: number) {
    this.#client = client
    this.#events = events
    this.#answerMs = answerMs
    client.on('notification', ({ payload }) => { if (payload !== undefined) events.heard(payload) })
    client.on('error', () => { this.#end() })
    client.on('end', () => { this.#end() })
  }

  /** @param name - that the database shows for it */
  static async open(address: DatabaseAddress, name: string, events: NodeConnectionEvents, answerMs = ANSWER_MS): Promise<NodeConnection> {
    const { default: driver } = await import('pg')
    const client = new driver.Client({
      ...(address.host.startsWith('/') ? { host: address.host } : { host: address.host, keepAlive: true, keepAliveInitialDelayMillis: 5_000 }),
      port: address.port, database: address.database, user: address.user, password: address.password ?? '', ssl: address.tls,
      connectionTimeoutMillis: answerMs, application_name: name,
    })
    const connection = new NodeConnection(client, events, answerMs)
    try {
      await client.connect()
      connection.#isOpen = true
      return connection
    } catch (error) {
      connection.#isOver = true
      client.end().catch(() => undefined) // it never was open
      throw error
    }
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Runs one statement. One that is not answered in time ends the connection. */
  async run<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      reject(new Error(`The database did not answer within ${this.#answerMs} ms.`))
      this.#break()
    }, this.#answerMs)
    try {
      // A statement without values may be several.
      const answer = this.#client.query<Row>(values.length === 0 ? { text: sql } : { text: sql, values: [...values] })
      answer.catch(() => undefined) // told by the race, or late
      return (await Promise.race([answer, late])).rows ?? []
    } finally {
      clearTimeout(timer)
    }
  }

  async close(): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      this.#break()
      resolve()
    }, this.#answerMs)
    await Promise.race([this.#client.end().catch(() => undefined), late])
    clearTimeout(timer)
  }

  #break(): void {
    const { connection } = this.#client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }
    connection.stream.destroy()
    this.#end()
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#isOpen) this.#events.lost()
  }
}
