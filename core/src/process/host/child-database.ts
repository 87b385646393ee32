import type { EmitOptions, EventContract, Mail, MigrationTables, OutsideEvent, PluginTypes, Transaction } from '@liberacces/sdk'
import type { CompiledQuery, Kysely, QueryResult } from 'kysely'
import type { KyselyOn } from '../../storage/direct-kysely.ts'
import { checkBoundValues } from '../../storage/sqlite/bound-values.ts'
import { wireMail } from './wire-mail.ts'
import { LIMITS } from '../protocol.ts'
import type { ChildCall } from './child-call.ts'

/** What a statement answers, as it crosses: counts as texts, which are larger than numbers may be. */
interface WireRows {
  readonly rows: readonly unknown[]
  readonly insertId?: string
  readonly affected?: string
  readonly changed?: string
}

/** A statement as it crosses. */
interface Statement {
  readonly statement: number
  readonly sql?: string
  readonly values: unknown[]
}

/** The plugin's tables, reached by asking. */
export class ChildDatabase {
  readonly #kyselyOn: KyselyOn
  readonly #owner: string
  readonly #numbers = new Map<string, number>()
  /** Those whose text the kernel has for certain: one that it refused, or that never left, it may not have read. */
  readonly #told = new Set<number>()

  constructor(kyselyOn: KyselyOn, owner: string) {
    this.#kyselyOn = kyselyOn
    this.#owner = owner
  }

  /** Outside of a transaction. In a migration it is the migration's own. @param kyselyOn - in other words than the platform's database */
  of(call: ChildCall, kyselyOn = this.#kyselyOn): Kysely<MigrationTables> {
    return kyselyOn((query) => this.#run(query, (statement) => call.ask('db.run', statement)))
  }

  async transaction<Result>(call: ChildCall, body: (tx: Transaction<PluginTypes>) => Promise<Result>): Promise<Result> {
    const tx = call.number()
    await call.ask('tx.begin', { tx })
    let result: Result
    try {
      const db = this.#kyselyOn<MigrationTables>((query) => this.#run(query, (statement) => call.ask('tx.run', { tx, ...statement })))
      result = await body(Object.assign(db, outbox(call, tx)) as unknown as Transaction<PluginTypes>)
    } catch (error) {
      const because = call.refusalNumber(error)
      await call.ask('tx.rollback', { tx, ...(because === undefined ? {} : { because }) })
      throw error
    }
    await call.ask('tx.commit', { tx })
    return result
  }

  #statement({ sql, parameters }: CompiledQuery): Statement {
    // JSON would make nulls of some that cannot be bound.
    checkBoundValues(parameters, () => `${this.#owner}: ${sql.slice(0, 60)}`)
    const values = parameters as unknown[]
    const statement = this.#numbers.get(sql) ?? this.#numbers.size + 1
    if (this.#told.has(statement)) return { statement, values }
    if (statement <= LIMITS.knownStatements && sql.length <= LIMITS.knownStatement) this.#numbers.set(sql, statement)
    return { statement, sql, values }
  }

  async #run(query: CompiledQuery, ask: (statement: Statement) => Promise<unknown>): Promise<QueryResult<unknown>> {
    const statement = this.#statement(query)
    const answer = await ask(statement)
    if (statement.sql !== undefined && this.#numbers.get(statement.sql) === statement.statement) this.#told.add(statement.statement)
    return resultOf(answer)
  }
}

function outbox(call: ChildCall, tx: number) {
  return {
    emit: async (event: EventContract, data: unknown, { notBefore }: EmitOptions = {}) => {
      await call.ask('tx.emit', { tx, event: event.id, data, ...(notBefore === undefined ? {} : { notBefore: notBefore.getTime() }) })
    },
    publish: async ({ type, data, notBefore }: OutsideEvent) => String(await call.ask('tx.publish', { tx, type, data, ...(notBefore === undefined ? {} : { notBefore: notBefore.getTime() }) })),
    mail: { send: async (mail: Mail) => { await call.ask('tx.mail', { tx, mail: wireMail(mail) }) } },
  }
}

function resultOf(answer: unknown): QueryResult<unknown> {
  const { rows, insertId, affected, changed } = answer as WireRows
  return {
    rows: rows as unknown[],
    ...(insertId === undefined ? {} : { insertId: BigInt(insertId) }),
    ...(affected === undefined ? {} : { numAffectedRows: BigInt(affected) }),
    ...(changed === undefined ? {} : { numChangedRows: BigInt(changed) }),
  }
}
