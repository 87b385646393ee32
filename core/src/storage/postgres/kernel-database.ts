import type { CompiledQuery, Kysely, QueryResult } from 'kysely'
import type { PlatformTables } from '../platform-tables.ts'
import type { RememberedTexts } from '../remembered-texts.ts'
import { checkBoundValues } from '../sqlite/bound-values.ts'
import { headOf } from '../sqlite/statement-guard.ts'
import type { Connection, Login } from './connection.ts'
import type { ConnectionPool, Lease } from './connection-pool.ts'
import { explained, isAway, isOutdated, stateOf } from './database-error.ts'
import type { JudgedPostgres } from './postgres-guard.ts'
import { kyselyOnPostgres } from './kysely-on-postgres.ts'
import { PostgresTransaction, resultOf, statementOf } from './postgres-transaction.ts'
import type { StatementNames } from './statement-names.ts'
import { isInTransaction, Turns } from './turns.ts'

/** What the kernel's way to its database is made from. */
export interface KernelDatabaseOptions {
  readonly login: Login
  /** Names the database in messages. */
  readonly where: string
  readonly names: StatementNames
  /** Tells which statements write. */
  readonly judged: RememberedTexts<JudgedPostgres>
  /** For the kernel's own tables. */
  readonly tables: ConnectionPool
  /** For what the kernel does in stores, and with schemas and roles. */
  readonly stores: ConnectionPool
}

const BEGIN = `begin; set local lock_timeout = '10s'; lock table liberacces_internal.gate in share update exclusive mode`
const OWNER = 'the platform'
/** Serialisation failure and deadlock: the statement was undone whole, and may be sent again. */
const UNDONE: readonly string[] = ['40001', '40P01']

/** The kernel's own tables on PostgreSQL, and its connections to do more than that. */
export class KernelDatabase {
  readonly kysely: Kysely<PlatformTables>
  readonly #options: KernelDatabaseOptions
  readonly #turns = new Turns(OWNER)

  constructor(options: KernelDatabaseOptions) {
    this.#options = options
    this.kysely = kyselyOnPostgres((query) => this.#run(query))
  }

  /** Runs one statement of the kernel's own, whose rows are of this shape. */
  async rows<Row>(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.#run({ sql, parameters })).rows as readonly Row[]
  }

  async transaction<Result>(body: (tx: Kysely<PlatformTables>) => Promise<Result>): Promise<Result> {
    return await this.#turns.take(async () => {
      const { tables, login, where, names } = this.#options
      const lease = await tables.hold(login).catch((error: unknown) => { throw this.explained(error) })
      const transaction = new PostgresTransaction(lease, { owner: OWNER, where, begin: BEGIN })
      try {
        const result = await body(kyselyOnPostgres(async (query) => {
          checkBoundValues(query.parameters, () => `${OWNER}: ${headOf(query.sql)}`)
          return resultOf(await transaction.run(statementOf(query, names.of(query.sql))))
        }))
        await transaction.commit()
        return result
      } catch (error) {
        await transaction.rollBack('was rolled back')
        if (isOutdated(error)) await tables.forget(login.user)
        throw error
      } finally {
        lease.release(transaction.isSpoiled)
      }
    })
  }

  /** A connection that others use at the same time: for single statements. */
  async share<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const { tables, login } = this.#options
    return await tables.share(login, work).catch((error: unknown) => { throw this.explained(error) })
  }

  /** A connection for itself: for transactions on schemas and roles. */
  async hold<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    let lease: Lease | undefined
    try {
      lease = await this.#options.stores.hold(this.#options.login, { isNested: isInTransaction() })
      return await work(lease.connection)
    } catch (error) {
      throw this.explained(error)
    } finally {
      lease?.release(lease.connection.isBroken)
    }
  }

  explained(error: unknown): unknown {
    return explained(error, OWNER, this.#options.where)
  }

  async #run({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): Promise<QueryResult<unknown>> {
    const { tables, login, names, judged } = this.#options
    checkBoundValues(parameters, () => `${OWNER}: ${headOf(sql)}`)
    const statement = { sql, values: parameters, name: names.of(sql) }
    for (let isSecond = false; ; isSecond = true) {
      try {
        return resultOf(await tables.share(login, (connection) => connection.run(statement)))
      } catch (error) {
        const isHarmless = (isAway(error) && !judged.of(sql).writes) || UNDONE.includes(stateOf(error)) || isOutdated(error)
        if (isSecond || !isHarmless) throw this.explained(error)
        if (isAway(error)) tables.distrust(login.user)
        if (isOutdated(error)) await tables.forget(login.user)
      }
    }
  }
}
