import type { CompiledQuery, Kysely } from 'kysely'
import type { MigrationTables } from '@liberacces/sdk'
import type { Outside } from '../../outside.ts'
import type { Stamp } from '../changes.ts'
import type { EventObserver, PluginStore, StoreKey, StoreTransaction } from '../storage.ts'
import type { StoreTables } from '../store-tables.ts'
import { EventAppender } from './event-appender.ts'
import { kyselyOn } from './kysely-on-sqlite.ts'
import type { OpenTransaction } from './open-transaction.ts'
import { apart, type SerialDatabase, type TransactionOptions } from './serial-database.ts'

const ACCEPT = `insert into liberacces_inbox (event_id, handler, accepted_at) values (?, ?, ?) on conflict do nothing`

/** What a store needs of its storage. */
export interface StorePorts {
  readonly outside: Outside
  readonly observer: () => EventObserver | undefined
  /** The store is about to be used. */
  readonly touch: (store: SqliteStore) => void
  /** A transaction has ended. */
  readonly released: () => void
}

/** One plugin's data of one tenant, as a SQLite file. */
export class SqliteStore implements PluginStore {
  readonly key: StoreKey
  readonly database: SerialDatabase
  readonly db: Kysely<MigrationTables>
  /** Number of the use that was last; the smallest is closed first. */
  usedAt = 0
  readonly #ports: StorePorts
  #kernel: Kysely<StoreTables> | undefined
  #reading: Kysely<MigrationTables> | undefined

  constructor(key: StoreKey, database: SerialDatabase, ports: StorePorts) {
    this.key = key
    this.database = database
    this.#ports = ports
    this.db = kyselyOn((query) => {
      ports.touch(this)
      return database.execute('plugin', query)
    })
  }

  get reading(): Kysely<MigrationTables> {
    return (this.#reading ??= kyselyOn((query) => {
      this.#ports.touch(this)
      return this.database.execute('reader', query)
    }))
  }

  get kernel(): Kysely<StoreTables> {
    return (this.#kernel ??= kyselyOn((query) => {
      this.#ports.touch(this)
      return this.database.execute('kernel', query)
    }))
  }

  stamp(): Stamp {
    return this.database.changes.stamp()
  }

  async transaction<Result>(body: (tx: StoreTransaction) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    let emitted = false
    const result = await this.#inTransaction((transaction) => {
      let events: EventAppender | undefined
      return body({
        db: kyselyOn((query: CompiledQuery) => transaction.run(transaction.file.plugin, query.sql, query.parameters)),
        appendEvent: async (event) => {
          const marked = this.#ports.observer()?.beforeEvent(this.key)
          if (marked !== undefined) await marked
          events ??= new EventAppender(transaction, this.#ports.outside)
          const id = events.append(event)
          emitted = true
          return id
        },
        acceptEvent: async (eventId, handler) => this.#accept(transaction, eventId, handler),
      })
    }, { signal, isLimited: true })
    if (emitted) apart(() => this.#ports.observer()?.afterCommit(this.key))
    return result
  }

  kernelTransaction<Result>(body: (tx: Kysely<StoreTables>) => Promise<Result>): Promise<Result> {
    return this.#inTransaction((transaction) => body(
      kyselyOn((query) => transaction.run(transaction.file.kernel, query.sql, query.parameters)),
    ))
  }

  #accept(transaction: OpenTransaction, eventId: string, handler: string): boolean {
    return transaction.run(transaction.file.kernel, ACCEPT, [eventId, handler, this.#ports.outside.now()]).numAffectedRows === 1n
  }

  async #inTransaction<Result>(body: (transaction: OpenTransaction) => Promise<Result>, options?: TransactionOptions): Promise<Result> {
    this.#ports.touch(this)
    try {
      return await this.database.transaction(body, options)
    } finally {
      this.#ports.released()
    }
  }
}
