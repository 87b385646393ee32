// Longer than others: one connection, and everything that must happen when it is lost.
import { randomBytes } from 'node:crypto'
import type { Client, ClientConfig } from 'pg'
import { PlatformError } from '../../errors.ts'
import type { DatabaseAddress } from './database-address.ts'

/** Times of a session, in milliseconds. */
export interface SessionTimes {
  /** How often it is asked whether it is still there. */
  readonly askMs: number
  /** Longest wait for an answer; past it the session counts as lost. */
  readonly answerMs: number
  /** First and longest pause before the next try to connect. */
  readonly pauseMs: { readonly first: number; readonly longest: number }
}

/** What is right for a database of one site: a node that is cut off is known to be within ten seconds, by itself and by the database. */
export const SESSION_TIMES: SessionTimes = { askMs: 3_000, answerMs: 5_000, pauseMs: { first: 100, longest: 2_000 } }

/** What a session is made from. */
export interface DatabaseSessionOptions {
  readonly address: DatabaseAddress
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void }
  /** How the connection is named in the database. @defaultValue `liberacces` */
  readonly applicationName?: string
  readonly times?: SessionTimes
}

/** Who wants to know what becomes of a session. */
export interface SessionListener {
  /** It is there, under a new id, and hears. What others told it before is lost. */
  connected?(): void
  /** It is gone, and with it whatever it held. */
  lost?(cause: unknown): void
  /** Somebody notified the id of this session. */
  heard?(payload: string): void
}

// No statement here may wait for others for long, or locks would be held for lost. And so that the database, too, notices within some ten seconds that nobody is there any more, and lets go of what the session held.
const PREPARE = `set tcp_keepalives_idle = 3; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; set tcp_user_timeout = 10000; set statement_timeout = 0; set lock_timeout = 1000; set search_path = pg_catalog`

/**
 * One connection to the database that a node keeps for itself as long as it can: it holds the node's locks, and hears what is told to the
 * node. Each time it is made it has another id. Whoever holds the lock of an id, as `pg_locks` shows, is alive.
 */
export class DatabaseSession {
  readonly #options: DatabaseSessionOptions
  readonly #times: SessionTimes
  readonly #listeners = new Set<SessionListener>()
  #client: Client | undefined
  #id: string | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  #ready = Promise.withResolvers<void>()

  private constructor(options: DatabaseSessionOptions) {
    this.#options = options
    this.#times = options.times ?? SESSION_TIMES
    this.#ready.promise.catch(() => undefined) // told to those who wait
  }

  /** @throws PlatformError `UNAVAILABLE` when the database cannot be reached, `CONFIG_INVALID` when a pooler stands in between */
  static async open(options: DatabaseSessionOptions): Promise<DatabaseSession> {
    const session = new DatabaseSession(options)
    await session.#connect()
    return session
  }

  /** Names this session to all nodes, and is the channel on which it hears; `undefined` while there is none. */
  get id(): string | undefined {
    return this.#id
  }

  /** How connections of this node are named in the database. */
  get applicationName(): string {
    return this.#options.applicationName ?? 'liberacces'
  }

  /** Told from now on. Returns the remover. */
  listen(listener: SessionListener): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  /** Resolves when there is a session. Rejects when there will be none any more. */
  async ready(): Promise<void> {
    if (this.#id === undefined) await this.#ready.promise
  }

  /**
   * Runs one statement.
   * @param of - the id of the session that is meant: when it is no longer this one, nothing is done
   * @throws PlatformError `UNAVAILABLE`
   */
  async run<Row>(text: string, values: readonly unknown[] = [], of: string | undefined = this.#id): Promise<readonly Row[]> {
    const client = this.#client
    if (client === undefined || of === undefined || of !== this.#id) throw unavailable(this.#options.address.name)
    const late = setTimeout(() => { this.#drop(client, new Error(`No answer within ${this.#times.answerMs} ms.`)) }, this.#times.answerMs).unref()
    try {
      return (await client.query(text, values as unknown[])).rows as readonly Row[]
    } catch (error) {
      if (client !== this.#client) throw unavailable(this.#options.address.name, error)
      throw error
    } finally {
      clearTimeout(late)
    }
  }

  /** Ends it for good. Harmless when called twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#timer)
    const client = this.#client
    if (client === undefined) this.#ready.reject(unavailable(this.#options.address.name))
    else this.#drop(client, new Error('The session was closed.'))
  }

  /** As if the network between here and the database had broken. For tests. */
  cut(): void {
    if (this.#client !== undefined) this.#drop(this.#client, new Error('The session was cut.'))
  }

  async #connect(): Promise<void> {
    const { address } = this.#options
    const { default: driver } = await import('pg')
    const id = `liberacces_${randomBytes(8).toString('hex')}`
    const client = new driver.Client({
      host: address.host, port: address.port, database: address.database, user: address.user, password: address.password ?? '', ssl: address.tls,
      connectionTimeoutMillis: this.#times.answerMs, application_name: this.applicationName, keepAlive: true, pipeline: true,
    } as ClientConfig)
    client.on('error', (error) => { this.#drop(client, error) })
    client.on('end', () => { this.#drop(client, new Error('The database ended the connection.')) })
    client.on('notification', ({ payload }) => {
      if (client === this.#client) for (const listener of this.#listeners) listener.heard?.(payload ?? '')
    })
    try {
      await client.connect()
      await client.query(PREPARE)
      await refusePooler(client, address.name)
      // First the lock, then the ear, then the name: who knows the name finds it alive and hearing.
      await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [id])
      await client.query(`listen ${id}`)
    } catch (cause) {
      destroy(client)
      throw cause instanceof PlatformError ? cause : unavailable(address.name, cause)
    }
    if (this.#isClosed) {
      destroy(client)
      throw unavailable(address.name)
    }
    this.#client = client
    this.#id = id
    this.#ready.resolve()
    this.#askLater()
    for (const listener of this.#listeners) listener.connected?.()
  }

  #askLater(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      // Who gets no answer drops the session.
      this.run('select 1').then(() => { this.#askLater() }, () => undefined)
    }, this.#times.askMs).unref()
  }

  #drop(client: Client, cause: unknown): void {
    if (client !== this.#client) return
    this.#client = undefined
    this.#id = undefined
    this.#ready = Promise.withResolvers()
    this.#ready.promise.catch(() => undefined) // told to those who wait
    clearTimeout(this.#timer)
    destroy(client)
    for (const listener of this.#listeners) listener.lost?.(cause)
    if (this.#isClosed) {
      this.#ready.reject(unavailable(this.#options.address.name))
      return
    }
    this.#options.log.warn({ database: this.#options.address.name, error: String(cause) }, 'the connection that holds this node\'s locks is lost')
    this.#reconnect(this.#times.pauseMs.first)
  }

  #reconnect(pauseMs: number): void {
    this.#timer = setTimeout(() => {
      this.#connect().then(() => { this.#options.log.info({ database: this.#options.address.name }, 'the connection that holds this node\'s locks is there again') }, () => {
        if (!this.#isClosed) this.#reconnect(Math.min(this.#times.pauseMs.longest, pauseMs * 2))
      })
    }, pauseMs).unref()
  }
}

/** A pooler makes up the number by which a client could cancel what it asks: the server that answers has another. */
async function refusePooler(client: Client, where: string): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  if (rows[0]?.pid === (client as unknown as { readonly processID: number }).processID) return
  throw new PlatformError('CONFIG_INVALID', `LIBERACCES_DATABASE_URL: ${where} is reached through a pooler, such as PgBouncer, which does not keep a connection for who asks for one: locks and notices of nodes need that.`, {
    fix: 'Name the database itself. The platform keeps its connections few: option "connections".',
  })
}

/** Tears a connection down at once: an orderly end may wait for an answer that never comes. */
function destroy(client: Client): void {
  client.on('error', () => undefined) // it is gone either way
  ;(client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream.destroy()
}

function unavailable(where: string, cause?: unknown): PlatformError {
  return new PlatformError('UNAVAILABLE', `This node has no connection of its own to ${where} just now.`, { ...(cause === undefined ? {} : { cause }), fix: 'Try again in a moment.', retryAfterSeconds: 2 })
}
