import Database from 'better-sqlite3'
import { quoted, tablesOf, type Cell, type FileTable } from './file-table.ts'
import type { TableSource } from './table-source.ts'

/** Rows handed over at a time. */
const PORTION = 500

/** Reads what {@link ./table-file-writer.ts} writes, or any database file of ours that nobody writes to. */
export class TableFileReader implements TableSource {
  readonly tables: readonly FileTable[]
  readonly #database: Database.Database

  /** @throws Error when there is no such file, or it is no database */
  constructor(path: string) {
    this.#database = new Database(path, { fileMustExist: true })
    try {
      this.#database.pragma('query_only = ON')
      this.#database.pragma('trusted_schema = OFF')
      this.tables = tablesOf(this.#database)
    } catch (error) {
      this.#database.close()
      throw error
    }
  }

  *portionsOf({ name, columns }: FileTable): Generator<readonly (readonly Cell[])[], void, undefined> {
    let portion: (readonly Cell[])[] = []
    for (const row of this.#database.prepare(`select ${columns.map(quoted).join(', ')} from ${quoted(name)}`).raw().iterate() as IterableIterator<readonly Cell[]>) {
      portion.push(row)
      if (portion.length < PORTION) continue
      yield portion
      portion = []
    }
    if (portion.length > 0) yield portion
  }

  countOf({ name, counts }: FileTable): number | undefined {
    return counts ? (this.#database.prepare('select seq from sqlite_sequence where name = ?').pluck().get(name) as number | undefined) : undefined
  }

  close(): void {
    this.#database.close()
  }
}
