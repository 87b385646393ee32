import { connect } from 'node:net'
import type { Client, ClientConfig } from 'pg'
import type { DatabaseAddress } from './database-address.ts'
import { POSTGRES_TYPES } from './postgres-types.ts'

/** A role of the database and what lets in as it. */
export interface Login {
  readonly user: string
  readonly password: string | undefined
}

/** One statement. */
export interface Statement {
  readonly sql: string
  readonly values: readonly unknown[]
  /** Kept prepared under this name; `undefined` for once. */
  readonly name?: string | undefined
}

/** What a statement answers. */
export interface Answer {
  readonly rows: readonly unknown[]
  /** `SELECT`, `INSERT`… */
  readonly command: string
  readonly count: number
}

/** Longest that opening a connection may take, in milliseconds. */
const CONNECT_MS = 5_000
/** Statements kept prepared on one connection; what comes later is prepared each time. */
const MOST_PREPARED = 256
/** A connection that says nothing for so long while it was asked something is given up, in milliseconds: longer than any statement may take. */
const SILENT_MS = 60_000
/** How often that is looked at. */
const LOOK_EVERY_MS = 5_000

interface Result {
  readonly rows: readonly unknown[]
  readonly command: string
  readonly rowCount: number | null
}

/** What the driver answers: one result, or as many as there were statements. Its own types know neither pipelines nor scripts. */
type Ask = (query: object) => Promise<Result | Result[]>

const NOTHING: Result = { rows: [], command: '', rowCount: 0 }

/**
 * One connection, logged in as one role. Statements are sent at once, one behind the other, and answered in order: who sends three need not
 * wait three times.
 */
export class Connection {
  readonly login: Login
  readonly #client: Client
  readonly #address: DatabaseAddress
  readonly #prepared = new Set<string>()
  readonly #ended: (connection: Connection) => void
  readonly #watch: NodeJS.Timeout
  #underWay = 0
  #heardAt = 0
  #isBroken = false

  private constructor(login: Login, client: Client, address: DatabaseAddress, ended: (connection: Connection) => void) {
    this.login = login
    this.#client = client
    this.#address = address
    this.#ended = ended
    this.#watch = setInterval(() => {
      if (this.#underWay > 0 && performance.now() - this.#heardAt > SILENT_MS) this.break()
    }, LOOK_EVERY_MS).unref()
    // Also told to the statements that are under way; here only that it is over.
    client.on('error', () => { this.#end() })
    client.on('end', () => { this.#end() })
  }

  /** @param ended - called once when it is lost, whatever the reason, and not when it is closed */
  static async open(address: DatabaseAddress, login: Login, ended: (connection: Connection) => void): Promise<Connection> {
    const { default: driver } = await import('pg')
    const options: ClientConfig = {
      ...(address.host.startsWith('/') ? { host: address.host } : { host: address.host, keepAlive: true, keepAliveInitialDelayMillis: 10_000 }),
      port: address.port, database: address.database, user: login.user, password: login.password ?? '', ssl: address.tls,
      connectionTimeoutMillis: CONNECT_MS, application_name: address.applicationName ?? 'liberacces', types: POSTGRES_TYPES as never, pipeline: true,
    } as ClientConfig
    const client = new driver.Client(options)
    const connection = new Connection(login, client, address, ended)
    try {
      await client.connect()
      return connection
    } catch (error) {
      connection.#forget()
      client.end().catch(() => undefined) // it never was open
      throw error
    }
  }

  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Number of the process that serves it, as was said at its opening; another one where a pooler stands between. */
  get serverProcess(): number | null {
    return (this.#client as unknown as { readonly processID: number | null }).processID
  }

  /** Statements that are not answered yet. */
  get underWay(): number {
    return this.#underWay
  }

  run({ sql, values, name }: Statement): Promise<Answer> {
    const text = sql
    const kept = name !== undefined && this.#keeps(name) ? name : undefined
    return this.#ask(kept === undefined ? { text, values: values as unknown[], queryMode: 'extended' } : { text, values: values as unknown[], name: kept })
  }

  /** Runs several statements without values in one go. A failure ends them. */
  async script(sql: string): Promise<Answer> {
    return await this.#ask({ text: sql })
  }

  /**
   * Asks the server to stop what this connection does just now. Ends when the server has taken that: until then it might stop what is sent next.
   * Never fails; what is not stopped goes on until its own limit.
   */
  async cancel(): Promise<void> {
    const { processID, secretKey } = this.#client as unknown as { readonly processID: number | null; readonly secretKey: number | null }
    if (processID === null || secretKey === null) return
    const { host, port } = this.#address
    const request = Buffer.alloc(16)
    request.writeInt32BE(16, 0)
    request.writeInt32BE(80_877_102, 4) // CancelRequest, of the protocol's message formats
    request.writeInt32BE(processID, 8)
    request.writeInt32BE(secretKey, 12)
    await new Promise<void>((resolve) => {
      const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
      socket.on('error', () => undefined) // told by its closing
      socket.on('close', () => { resolve() })
      socket.setTimeout(CONNECT_MS, () => { socket.destroy() })
      socket.resume() // the server says nothing, and closes
      socket.write(request)
    })
  }

  /** Closes it in order. */
  async close(): Promise<void> {
    this.#forget()
    await this.#client.end()
  }

  /** Tears it down. What was under way fails. */
  break(): void {
    const { connection } = this.#client as unknown as { readonly connection: { readonly stream: { destroy(error?: Error): void } } }
    connection.stream.destroy()
    this.#end()
  }

  async #ask(query: object): Promise<Answer> {
    if (this.#underWay++ === 0) this.#heardAt = performance.now()
    try {
      const results = await (this.#client.query as Ask).call(this.#client, query)
      const result = Array.isArray(results) ? results.at(-1) ?? NOTHING : results
      return { rows: result.rows, command: result.command, count: result.rowCount ?? 0 }
    } finally {
      this.#underWay -= 1
      this.#heardAt = performance.now()
    }
  }

  #keeps(name: string): boolean {
    if (this.#prepared.has(name)) return true
    if (!this.#address.prepares || this.#prepared.size >= MOST_PREPARED) return false
    this.#prepared.add(name)
    return true
  }

  #forget(): void {
    this.#isBroken = true
    clearInterval(this.#watch)
  }

  #end(): void {
    if (this.#isBroken) return
    this.#forget()
    this.#ended(this)
  }
}
