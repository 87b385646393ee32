import {
  DefaultQueryExecutor, Kysely,
  type AbortableQueryOptions, type CompiledQuery, type DatabaseConnection, type DatabaseIntrospector, type Dialect, type DialectAdapter, type Driver, type QueryCompiler, type QueryResult,
} from 'kysely'
import { PlatformError } from '../errors.ts'

/** Runs a compiled statement: at once where it can, or when its turn has come. Throws or rejects when it fails. */
export type Execute = (query: CompiledQuery) => QueryResult<unknown> | Promise<QueryResult<unknown>>

/** What a database wants to be told in which words. */
export interface Tongue {
  readonly adapter: DialectAdapter
  readonly compiler: QueryCompiler
  readonly introspector: (db: Kysely<never>) => DatabaseIntrospector
}

/** Makes Kysely over functions that run statements. */
export type KyselyOn = <Tables>(execute: Execute) => Kysely<Tables>

/**
 * Kysely that goes straight to a function. Its own executor takes a connection, and with SQLite a mutex, for each statement, which halves the
 * speed of a read by id.
 */
export function directKysely({ adapter, compiler, introspector }: Tongue): KyselyOn {
  const dialect: Dialect = {
    createAdapter: () => adapter,
    createDriver: () => DRIVER,
    createIntrospector: introspector,
    createQueryCompiler: () => compiler,
  }
  const config = { dialect }
  return <Tables>(execute: Execute) => new Kysely<Tables>({ config, dialect, driver: DRIVER, executor: new DirectExecutor(execute, compiler, adapter) })
}

class DirectExecutor extends DefaultQueryExecutor {
  readonly #execute: Execute

  constructor(execute: Execute, compiler: QueryCompiler, adapter: DialectAdapter) {
    super(compiler, adapter, { provideConnection: async (consumer) => await consumer(connectionOn(execute)) })
    this.#execute = execute
  }

  executeAtOnce(query: CompiledQuery): QueryResult<unknown> | Promise<QueryResult<unknown>> {
    return this.#execute(query)
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

/**
 * Runs a compiled statement on a Kysely of {@link directKysely}: what its database answers at once is answered at once, with no promise in between.
 * @throws what the database throws, or rejects with it
 */
export function executeAtOnce(db: Kysely<never>, query: CompiledQuery): QueryResult<unknown> | Promise<QueryResult<unknown>> {
  const executor = db.getExecutor()
  return executor instanceof DirectExecutor ? executor.executeAtOnce(query) : executor.executeQuery(query)
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
