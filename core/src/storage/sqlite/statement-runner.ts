import type { Database, Statement } from 'better-sqlite3'
import type { QueryResult } from 'kysely'
import { PlatformError } from '../../errors.ts'
import type { Changes, Written } from '../changes.ts'
import { checkBoundValues } from './bound-values.ts'
import { headOf } from './statement-guard.ts'

interface Prepared {
  readonly statement: Statement
  /** Answers with rows. */
  readonly reads: boolean
  readonly writes: boolean
  readonly inserts: boolean
  readonly written: Written | undefined
}

/** Throws for a statement that may not run; of another, tells whether it inserts rows, and what it writes to. Asked once before a statement is prepared. */
export type StatementCheck = (sql: string) => { readonly inserts: boolean; readonly written: Written | undefined }

/** Statements kept per generation; at most twice as many stay prepared. */
const GENERATION = 100

/** Runs statements on one open database, keeping those it prepared. */
export class StatementRunner {
  readonly #database: Database
  readonly #owner: string
  readonly #check: StatementCheck
  readonly #changes: Changes | 'none'
  // Least recently used in two generations: a hit costs one lookup, and what was not used for a whole generation is let go.
  #young = new Map<string, Prepared>()
  #old = new Map<string, Prepared>()

  /** @param changes - told of each statement that writes; `none` refuses what SQLite itself says would write */
  constructor(database: Database, owner: string, check: StatementCheck, changes: Changes | 'none') {
    this.#database = database
    this.#owner = owner
    this.#check = check
    this.#changes = changes
  }

  /** Runs one statement. Synchronous, as SQLite is. */
  run(sql: string, values: readonly unknown[]): QueryResult<unknown> {
    const prepared = this.#young.get(sql) ?? this.#prepare(sql)
    checkBoundValues(values, () => `${this.#owner}: ${headOf(sql)}`)
    // Failed or not: a change too many costs nobody more than a look.
    if (prepared.writes && this.#changes !== 'none') this.#changes.note(prepared.written)
    if (prepared.reads) {
      const rows = prepared.statement.all(values)
      return prepared.writes ? { rows, numAffectedRows: BigInt(rows.length) } : { rows }
    }
    const { changes, lastInsertRowid } = prepared.statement.run(values)
    const numAffectedRows = BigInt(changes)
    // SQLite goes on answering with the id of an earlier insert where nothing was inserted.
    return prepared.inserts && changes > 0 ? { rows: [], numAffectedRows, insertId: BigInt(lastInsertRowid) } : { rows: [], numAffectedRows }
  }

  /** Whether a statement changes the database. */
  writes(sql: string): boolean {
    return (this.#young.get(sql) ?? this.#prepare(sql)).writes
  }

  /** Forgets all prepared statements, after tables have changed. */
  clear(): void {
    this.#young = new Map()
    this.#old = new Map()
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#old.get(sql)
    if (prepared === undefined) {
      const { inserts, written } = this.#check(sql)
      const statement = this.#database.prepare(sql)
      if (this.#changes === 'none' && !statement.readonly) {
        throw new PlatformError('READ_ONLY', `${this.#owner} would change its data in a call that may only look: ${headOf(sql)}`, { fix: 'Whoever asks may look here and change nothing.' })
      }
      prepared = { statement, reads: statement.reader, writes: !statement.readonly, inserts, written }
    }
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(sql, prepared)
    return prepared
  }
}
