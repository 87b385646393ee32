import { CompiledQuery, type Kysely, type QueryResult } from 'kysely'
import { PlatformError } from '../../errors.ts'
import { executeAtOnce } from '../../storage/direct-kysely.ts'
import { LIMITS } from '../protocol.ts'

/** What a statement answers, as it crosses: counts as texts. */
export interface WireRows {
  readonly rows: readonly unknown[]
  readonly insertId?: string
  readonly affected?: string
  readonly changed?: string
}

/** Texts of statements that one plugin's side has told. */
export class Statements {
  readonly #texts = new Map<number, string>()

  /** The text of one that was told, or is being told. */
  textOf({ statement, sql }: { readonly statement: number; readonly sql?: string }): string | undefined {
    return sql ?? this.#texts.get(statement)
  }

  /** @throws PlatformError `DB_STATEMENT_REFUSED` for a number of which no text was told */
  compiled({ statement, sql, values }: { readonly statement: number; readonly sql?: string; readonly values: readonly unknown[] }): CompiledQuery {
    const text = sql ?? this.#texts.get(statement)
    if (text === undefined) throw new PlatformError('DB_STATEMENT_REFUSED', 'A statement was told by a number that stands for none.', { fix: 'Tell its text the first time.' })
    if (sql !== undefined && statement <= LIMITS.knownStatements && sql.length <= LIMITS.knownStatement) this.#texts.set(statement, sql)
    return CompiledQuery.raw(text, [...values])
  }
}

/** Runs a statement on what the kernel gives for it: at once where the database does. */
export function runStatement(db: object, query: CompiledQuery): WireRows | Promise<WireRows> {
  const result = executeAtOnce(db as Kysely<never>, query)
  return result instanceof Promise ? result.then(wireRows) : wireRows(result)
}

function wireRows({ rows, insertId, numAffectedRows, numChangedRows }: QueryResult<unknown>): WireRows {
  if (insertId === undefined && numAffectedRows === undefined && numChangedRows === undefined) return { rows }
  return {
    rows,
    ...(insertId === undefined ? {} : { insertId: String(insertId) }),
    ...(numAffectedRows === undefined ? {} : { affected: String(numAffectedRows) }),
    ...(numChangedRows === undefined ? {} : { changed: String(numChangedRows) }),
  }
}
