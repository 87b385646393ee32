import type { CompiledQuery, Kysely, QueryResult } from 'kysely'
import type { MigrationTables } from '@liberacces/sdk'
import { PlatformError } from '../../errors.ts'
import type { Outside } from '../../outside.ts'
import { nextStamp, type Stamp } from '../changes.ts'
import { checkBoundValues } from '../sqlite/bound-values.ts'
import { headOf, type GuardMode } from '../sqlite/statement-guard.ts'
import type { EventObserver, PluginStore, StoreKey, StoreTransaction } from '../storage.ts'
import type { StoreTables } from '../store-tables.ts'
import type { StoreGrowth } from './store-growth.ts'
import type { Connection, Login } from './connection.ts'
import type { ConnectionPool } from './connection-pool.ts'
import { explained, isAway, isOutdated, stateOf } from './database-error.ts'
import { kyselyOnPostgres } from './kysely-on-postgres.ts'
import { PostgresEventAppender } from './postgres-event-appender.ts'
import type { JudgedPostgres } from './postgres-guard.ts'
import { PostgresTransaction, resultOf, statementOf } from './postgres-transaction.ts'
import type { StatementNames } from './statement-names.ts'
import type { StoreNames } from './store-role.ts'
import { apart, isInTransaction, Turns } from './turns.ts'

/** What a store needs of its storage. */
export interface PostgresStorePorts {
  readonly outside: Outside
  /** Names the database in messages. */
  readonly where: string
  /** Others that hold a connection may wait for what is done here. */
  readonly isUrgent: boolean
  readonly observer: () => EventObserver | undefined
  /** Connections as the plugins' roles. */
  readonly plugins: ConnectionPool
  /** Connections as the kernel's own, for what it does in stores. */
  readonly kernel: ConnectionPool
  readonly kernelLogin: Login
  readonly names: StatementNames
  /** Throws for what a plugin may not send. */
  readonly judge: (key: StoreKey, sql: string, mode: GuardMode) => JudgedPostgres
  /** Finds the store's place as of now. */
  readonly find: (key: StoreKey) => Promise<StoreNames | undefined>
  /** Finds the store's place, and makes it where it is not there. */
  readonly place: (store: PostgresStore) => Promise<StoreNames>
  readonly login: (names: StoreNames) => Login
}

/** One plugin's data of one tenant, as schemas of a PostgreSQL database with a role of their own. */
export class PostgresStore implements PluginStore {
  readonly key: StoreKey
  readonly owner: string
  readonly turns: Turns
  readonly db: Kysely<MigrationTables>
  readonly growth: StoreGrowth
  /** Where it is, once that is known. */
  names: StoreNames | undefined
  readonly #ports: PostgresStorePorts
  #reading: Kysely<MigrationTables> | undefined
  #kernel: Kysely<StoreTables> | undefined

  constructor(key: StoreKey, growth: StoreGrowth, ports: PostgresStorePorts) {
    this.key = key
    this.owner = `plugin "${key.pluginId}" of tenant ${key.tenantId}`
    this.turns = new Turns(this.owner)
    this.growth = growth
    this.#ports = ports
    this.db = kyselyOnPostgres((query) => this.#alone(query))
  }

  get reading(): Kysely<MigrationTables> {
    return (this.#reading ??= kyselyOnPostgres(async (query) => {
      this.#judge(query, 'plugin')
      this.turns.refuseInside()
      return await onceMore(() => this.#within('begin read only', (transaction) => transaction.run(statementOf(query, this.#ports.names.of(query.sql))))).then(resultOf)
    }))
  }

  /** The kernel's own tables in it; each statement is its own. */
  get kernel(): Kysely<StoreTables> {
    return (this.#kernel ??= kyselyOnPostgres(async (query) => {
      this.turns.refuseInside()
      return await onceMore(() => this.#asKernel(false, async (transaction) => resultOf(await transaction.run(statementOf(query, this.#ports.names.of(query.sql))))))
    }))
  }

  stamp(): Stamp {
    return nextStamp()
  }

  async transaction<Result>(body: (tx: StoreTransaction) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    let emitted = false
    await this.growth.ready()
    const result = await this.#orGivenBack(this.turns.take(() => this.#within(ENTERING, (transaction, names) => {
      signal.throwIfAborted()
      const events = new PostgresEventAppender(transaction, names, this.#ports.outside, this.#ports.observer()?.here)
      return untilAborted(body({
        db: kyselyOnPostgres((query) => this.#inTransaction(transaction, query)),
        appendEvent: async (event) => {
          const marked = this.#ports.observer()?.beforeEvent(this.key)
          if (marked !== undefined) await marked
          const id = await events.append(event)
          emitted = true
          return id
        },
        acceptEvent: (eventId, handler) => this.#accept(transaction, names, eventId, handler),
      }), transaction, signal)
    }), signal))
    if (emitted) apart(() => this.#ports.observer()?.afterCommit(this.key))
    return result
  }

  kernelTransaction<Result>(body: (tx: Kysely<StoreTables>) => Promise<Result>): Promise<Result> {
    return this.turns.take(() => this.#asKernel(true, (transaction) => body(kyselyOnPostgres(async (query) => resultOf(await transaction.run(statementOf(query, this.#ports.names.of(query.sql))))))))
  }

  /** Runs a body as the store's role, for migrations, with the turn; once more where the store had moved, since it does nothing but statements. */
  migrating<Result>(body: (db: Kysely<MigrationTables>, transaction: PostgresTransaction, names: StoreNames) => Promise<Result>, isKept = true): Promise<Result> {
    return this.turns.take(() => onceMore(() => this.#within(ENTERING, async (transaction, names) => {
      const db: Kysely<MigrationTables> = kyselyOnPostgres(async (query) => {
        this.#judge(query, 'migration')
        return resultOf(await transaction.run(statementOf(query)))
      })
      const result = await body(db, transaction, names)
      if (!isKept) await transaction.rollBack('was a rehearsal')
      return result
    })))
  }

  #alone(query: CompiledQuery): Promise<QueryResult<unknown>> {
    const { writes } = this.#judge(query, 'plugin')
    this.turns.refuseInside()
    return writes ? this.#writeAlone(query) : this.#read(query)
  }

  async #read(query: CompiledQuery): Promise<QueryResult<unknown>> {
    const statement = statementOf(query, this.#ports.names.of(query.sql))
    for (let isSecond = false; ; isSecond = true) {
      const names = this.names ?? await this.#ports.place(this)
      const login = this.#ports.login(names)
      let isOrphan = false
      try {
        return resultOf(await this.#ports.plugins.share(login, async (connection) => {
          try {
            return await connection.run(statement)
          } catch (error) {
            // Asked while nobody can begin a transaction on it, which the answer might break.
            isOrphan = GONE.has(stateOf(error)) && await isOrphaned(connection)
            throw error
          }
        }))
      } catch (error) {
        // Reading twice is harmless: the first connection may have been lost while nobody used it.
        if (isOutdated(error)) await this.#ports.plugins.forget(login.user)
        if (!isSecond && (isOutdated(error) || await this.#hasMoved(error, names, isOrphan))) continue
        if (isSecond || !isAway(error)) throw explained(error, this.owner, this.#ports.where)
        this.#ports.plugins.distrust(login.user)
      }
    }
  }

  async #writeAlone(query: CompiledQuery): Promise<QueryResult<unknown>> {
    await this.growth.ready()
    return await this.#orGivenBack(this.turns.take(() => onceMore(() => this.#within(ENTERING, (transaction) => this.#inTransaction(transaction, query)))))
  }

  /** What was refused because there is no room is gone from the disk, too, before its author learns of it. */
  async #orGivenBack<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (error) {
      await this.growth.giveBack()
      throw error
    }
  }

  async #inTransaction(transaction: PostgresTransaction, query: CompiledQuery): Promise<QueryResult<unknown>> {
    const { writes } = this.#judge(query, 'plugin')
    const isKept = writes && !DELETES.test(query.sql)
    const expected = isKept ? this.growth.expect(query.parameters) : undefined
    if (expected !== undefined) await expected
    const answer = await transaction.run(statementOf(query, this.#ports.names.of(query.sql)), writes)
    const noted = isKept ? this.growth.note(query.parameters, answer.count) : undefined
    if (noted !== undefined) await noted
    return resultOf(answer)
  }

  async #within<Result>(begin: string | typeof ENTERING, body: (transaction: PostgresTransaction, names: StoreNames) => Promise<Result>): Promise<Result> {
    const names = this.names ?? await this.#ports.place(this)
    const lease = await this.#hold(names).catch(async (error: unknown) => { throw await this.#whetherMoved(error, names) })
    let isStale = false
    const transaction = new PostgresTransaction(lease, { owner: this.owner, where: this.#ports.where, begin: begin === ENTERING ? `begin; select ${names.kernel}.liberacces_enter()` : begin })
    try {
      const result = await body(transaction, names)
      if (transaction.isOpen) {
        if (begin === ENTERING) await this.growth.settle()
        await transaction.commit()
      }
      return result
    } catch (error) {
      await transaction.rollBack('was rolled back')
      if (isOutdated(error)) await this.#ports.plugins.forget(names.role)
      const told = await this.#whetherMoved(error, names, GONE.has(stateOf(causeOf(error))) && !transaction.isSpoiled && await isOrphaned(lease.connection))
      isStale = told !== error
      throw told
    } finally {
      this.growth.end()
      lease.release(transaction.isSpoiled || isStale)
    }
  }

  async #hold(names: StoreNames): Promise<Awaited<ReturnType<ConnectionPool['hold']>>> {
    try {
      return await this.#ports.plugins.hold(this.#ports.login(names), { isNested: this.#ports.isUrgent || isInTransaction(this.turns) })
    } catch (error) {
      throw explained(error, this.owner, this.#ports.where)
    }
  }

  async #asKernel<Result>(enters: boolean, body: (transaction: PostgresTransaction) => Promise<Result>): Promise<Result> {
    const names = this.names ?? await this.#ports.place(this)
    const { kernel: schema } = names
    const { kernel, kernelLogin, where } = this.#ports
    const owner = `the kernel in ${this.owner}`
    const lease = await kernel.hold(kernelLogin, { isNested: isInTransaction(this.turns) }).catch((error: unknown) => { throw explained(error, owner, where) })
    const lock = enters ? `; set local lock_timeout = '10s'; lock table ${schema}.liberacces_migration in share update exclusive mode` : ''
    const transaction = new PostgresTransaction(lease, { owner, where, begin: `begin; set local search_path = ${schema}, liberacces_sql, pg_catalog${lock}` })
    try {
      const result = await body(transaction)
      await transaction.commit()
      return result
    } catch (error) {
      await transaction.rollBack('was rolled back')
      if (isOutdated(error)) await kernel.forget(kernelLogin.user)
      throw await this.#whetherMoved(error, names)
    } finally {
      lease.release(transaction.isSpoiled)
    }
  }

  /**
   * Whether the store is no more where it was taken to be: another node has put a copy in its place. What is asked next goes there.
   * One that is gone altogether is not made anew for that.
   * @param isOrphan - the connection came in as a role that is gone: dropped and made anew, a store has the same names as before, and its role is another one
   */
  async #hasMoved(error: unknown, names: StoreNames, isOrphan: boolean): Promise<boolean> {
    if (!GONE.has(stateOf(causeOf(error)))) return false
    const now = await this.#ports.find(this.key).catch(() => undefined) // the first error says more
    const hasMoved = now !== undefined && (isOrphan || now.own !== names.own)
    if (hasMoved || isOrphan) await this.#ports.plugins.forget(names.role)
    if (!hasMoved) return false
    this.names = now
    this.growth.forget()
    // What is known of its events is of those before.
    apart(() => this.#ports.observer()?.replaced(this.key))
    return true
  }

  async #whetherMoved(error: unknown, names: StoreNames, isOrphan = false): Promise<unknown> {
    if (!await this.#hasMoved(error, names, isOrphan)) return error
    return new PlatformError('DB_CONFLICT', `${this.owner}: another node has put a copy in the place of its data at that moment.`, { cause: error, fix: 'Nothing of it was written. Try again.', retryAfterSeconds: 1 })
  }

  async #accept(transaction: PostgresTransaction, names: StoreNames, eventId: string, handler: string): Promise<boolean> {
    const { rows } = await transaction.run({ sql: `select ${names.kernel}.liberacces_accept_event($1, $2, $3) as is_new`, values: [eventId, handler, this.#ports.outside.now()] })
    return (rows[0] as { readonly is_new: number }).is_new === 1
  }

  #judge({ sql, parameters }: CompiledQuery, mode: GuardMode): JudgedPostgres {
    const judged = this.#ports.judge(this.key, sql, mode)
    checkBoundValues(parameters, () => `${this.owner}: ${headOf(sql)}`)
    return judged
  }
}

/** What PostgreSQL says where a store's schemas or its role are gone: no such schema, table or role, no entry, no right. */
const GONE: ReadonlySet<string> = new Set(['3F000', '42P01', '42704', '28P01', '28000', '42501'])

/** Whether a connection came in as a role that was dropped since: it lives on, may do nothing, and has no name. @param connection - with no transaction open */
async function isOrphaned(connection: Connection): Promise<boolean> {
  return await connection.script('select current_user').then(() => false, (error: unknown) => stateOf(error) === '42704')
}

/** One statement once more, where the database took it back or the store had moved, and so nothing was done. Never the body of a transaction: what it did elsewhere is done. */
async function onceMore<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'DB_CONFLICT') throw error
    return await work()
  }
}

/** Needs no room, and must go on where there is none. */
const DELETES = /^\s*delete\b/i

/** What the database said. */
function causeOf(error: unknown): unknown {
  return error instanceof PlatformError ? error.cause : error
}

/** A transaction that has the store to itself. */
const ENTERING = Symbol('enter')

/** Once it is aborted it is undone, whatever the body says then. */
function untilAborted<Result>(work: Promise<Result>, transaction: PostgresTransaction, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    let isAborted = false
    const abort = (): void => {
      isAborted = true
      void transaction.rollBack('was rolled back because its time was up or its caller went away').finally(() => { reject(signal.reason as Error) })
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    work.finally(() => { signal.removeEventListener('abort', abort) }).then((result) => { if (!isAborted) resolve(result) }, (error: unknown) => { if (!isAborted) reject(error as Error) })
  })
}
