import type { Database, Statement } from 'better-sqlite3'
import type { QueryResult } from 'kysely'
import { checkBoundValues } from './bound-values.ts'
import { headOf, mainVerb } from './statement-guard.ts'
import { tokenize } from './tokenizer.ts'

interface Prepared {
  readonly statement: Statement
  /** Answers with rows. */
  readonly reads: boolean
  readonly writes: boolean
  readonly inserts: boolean
}

/** Statements kept per generation; at most twice as many stay prepared. */
const GENERATION = 100

/** Runs statements on one open database, keeping those it prepared. */
export class StatementRunner {
  readonly #database: Database
  readonly #owner: string
  readonly #check: (sql: string) => void
  // Least recently used in two generations: a hit costs one lookup, and what was not used for a whole generation is let go.
  #young = new Map<string, Prepared>()
  #old = new Map<string, Prepared>()

  /** @param check - throws for a statement that may not run; called once before it is prepared */
  constructor(database: Database, owner: string, check: (sql: string) => void) {
    this.#database = database
    this.#owner = owner
    this.#check = check
  }

  /** Runs one statement. Synchronous, as SQLite is. */
  run(sql: string, values: readonly unknown[]): QueryResult<unknown> {
    const prepared = this.#young.get(sql) ?? this.#prepare(sql)
    checkBoundValues(values, () => `${this.#owner}: ${headOf(sql)}`)
    if (prepared.reads) {
      const rows = prepared.statement.all(values)
      return prepared.writes ? { rows, numAffectedRows: BigInt(rows.length) } : { rows }
    }
    const { changes, lastInsertRowid } = prepared.statement.run(values)
    const numAffectedRows = BigInt(changes)
    // SQLite goes on answering with the id of an earlier insert where nothing was inserted.
    return prepared.inserts && changes > 0 ? { rows: [], numAffectedRows, insertId: BigInt(lastInsertRowid) } : { rows: [], numAffectedRows }
  }

  /** Forgets all prepared statements, after tables have changed. */
  clear(): void {
    this.#young = new Map()
    this.#old = new Map()
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#old.get(sql)
    if (prepared === undefined) {
      this.#check(sql)
      const statement = this.#database.prepare(sql)
      const verb = mainVerb(tokenize(sql) ?? [])
      prepared = { statement, reads: statement.reader, writes: !statement.readonly, inserts: verb === 'insert' || verb === 'replace' }
    }
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(sql, prepared)
    return prepared
  }
}
