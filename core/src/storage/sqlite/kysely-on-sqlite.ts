import {
  DefaultQueryExecutor, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, ValueNode,
  type AbortableQueryOptions, type CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type LimitNode, type QueryResult,
} from 'kysely'
import { PlatformError } from '../../errors.ts'

/** Runs a compiled statement: at once where it can, or when its turn has come. Throws or rejects when it fails. */
export type Execute = (query: CompiledQuery) => QueryResult<unknown> | Promise<QueryResult<unknown>>

/**
 * Kysely over a function that runs statements. Kysely's own executor prepares each statement again and takes a mutex for
 * each, which halves the speed of a read by id; this one goes straight to the function.
 */
export function kyselyOn<Tables>(execute: Execute): Kysely<Tables> {
  return new Kysely<Tables>({ config: { dialect: DIALECT }, dialect: DIALECT, driver: DRIVER, executor: new DirectExecutor(execute) })
}

class DirectExecutor extends DefaultQueryExecutor {
  readonly #execute: Execute

  constructor(execute: Execute) {
    super(COMPILER, ADAPTER, { provideConnection: async (consumer) => await consumer(connectionOn(execute)) })
    this.#execute = execute
  }

  // Plugins of Kysely make another executor of the base class, which comes here through provideConnection.
  override executeQuery<Row>(query: CompiledQuery, options?: AbortableQueryOptions): Promise<QueryResult<Row>> {
    if (options?.signal !== undefined) return super.executeQuery<Row>(query, options)
    try {
      const result = this.#execute(query) as QueryResult<Row> | Promise<QueryResult<Row>>
      return result instanceof Promise ? result : Promise.resolve(result)
    } catch (error) {
      // The driver's and our own errors, unchanged; Kysely awaits them.
      return Promise.reject(error)
    }
  }
}

function connectionOn(execute: Execute): DatabaseConnection {
  return {
    executeQuery: async <Row>(query: CompiledQuery) => (await execute(query)) as QueryResult<Row>,
    // All at once: an open cursor would hold the database while its reader waits for something else.
    async *streamQuery<Row>(query: CompiledQuery) {
      yield (await execute(query)) as QueryResult<Row>
    },
  }
}

/** SQLite prepares a statement anew for each run when a bound value could change its plan; a bound LIMIT is one. */
class LiteralLimitCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    const { limit } = node
    const value = ValueNode.is(limit) ? limit.value : undefined
    if (typeof value === 'number' && Number.isSafeInteger(value)) this.append(`limit ${value}`)
    else super.visitLimit(node)
  }
}

const COMPILER = new LiteralLimitCompiler()
const ADAPTER = new SqliteAdapter()

async function refuseTransaction(): Promise<never> {
  throw new PlatformError('DB_STATEMENT_REFUSED', 'A transaction was begun on the query builder.', { fix: 'Use the transaction() beside it, which is durable and bounded.' })
}

const DRIVER: Driver = {
  init: async () => undefined,
  acquireConnection: refuseTransaction,
  beginTransaction: refuseTransaction,
  commitTransaction: refuseTransaction,
  rollbackTransaction: refuseTransaction,
  releaseConnection: async () => undefined,
  destroy: async () => undefined,
}

const DIALECT: Dialect = {
  createAdapter: () => ADAPTER,
  createDriver: () => DRIVER,
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => COMPILER,
}
