import { rmSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import Database, { type Statement } from 'better-sqlite3'
import { syncFile, syncFolder } from '../sync-folder.ts'
import { writeDurably } from '../write-durably.ts'
import { quoted, tablesOf, type Cell, type FileTable } from './file-table.ts'
import type { TableTarget } from './table-source.ts'

/**
 * Writes rows into a database file whose tables are given: the form in which data travels between databases of different kinds. The file is
 * durable, and there whole or not at all.
 */
export class TableFileWriter implements TableTarget {
  /** Tables that want rows. */
  readonly tables: readonly FileTable[]
  readonly #path: string
  readonly #database: Database.Database
  /** Put aside while rows come in: what they would do has been done where the rows come from. */
  readonly #triggers: readonly string[]
  readonly #inserts = new Map<string, Statement>()

  private constructor(path: string, database: Database.Database) {
    this.#path = path
    this.#database = database
    database.pragma('journal_mode = MEMORY')
    database.pragma('synchronous = OFF')
    database.pragma('trusted_schema = OFF')
    database.pragma('foreign_keys = OFF')
    this.tables = tablesOf(database)
    const triggers = database.prepare("select name, sql from sqlite_schema where type = 'trigger' order by name").all() as readonly { readonly name: string; readonly sql: string }[]
    this.#triggers = triggers.map(({ sql }) => sql)
    database.exec('begin')
    for (const { name } of triggers) database.exec(`drop trigger ${quoted(name)}`)
    for (const { name } of this.tables) database.exec(`delete from ${quoted(name)}`)
  }

  /**
   * @param path - file to write; what stands there is replaced, and folders above it are made
   * @param template - a database with the tables, as `serialize` gives it; its rows are not kept
   */
  static async create(path: string, template: Uint8Array): Promise<TableFileWriter> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const unfinished = unfinishedOf(path)
    await rm(unfinished, { force: true })
    await writeDurably(unfinished, template)
    const database = new Database(unfinished, { fileMustExist: true })
    try {
      return new TableFileWriter(path, database)
    } catch (error) {
      database.close()
      rmSync(unfinished, { force: true })
      throw error
    }
  }

  /** Adds rows, whose cells stand in the order of the table's columns. */
  insert({ name, columns }: FileTable, rows: readonly (readonly Cell[])[]): void {
    const text = columns.join()
    const insert = this.#inserts.get(`${name} ${text}`) ?? this.#database.prepare(`insert into ${quoted(name)} (${columns.map(quoted).join(', ')}) values (${columns.map(() => '?').join(', ')})`)
    this.#inserts.set(`${name} ${text}`, insert)
    for (const row of rows) insert.run(row)
  }

  /** The last number that a table has given out, where that is more than its rows show. */
  count({ name, counts }: FileTable, last: number): void {
    if (!counts) return
    this.#database.prepare('delete from sqlite_sequence where name = ?').run(name)
    this.#database.prepare('insert into sqlite_sequence (name, seq) values (?, ?)').run(name, last)
  }

  /** Puts the file in its place. @throws Error when its rows do not fit together */
  async finish(): Promise<void> {
    const unfinished = unfinishedOf(this.#path)
    try {
      for (const sql of this.#triggers) this.#database.exec(sql)
      this.#database.exec('commit')
      const orphans = this.#database.pragma('foreign_key_check') as readonly { readonly table: string }[]
      if (orphans[0] !== undefined) throw new Error(`Rows of "${orphans[0].table}" refer to rows that are missing.`)
      this.#database.pragma('journal_mode = DELETE')
      this.#database.close()
      await syncFile(unfinished)
      await rename(unfinished, this.#path)
      await syncFolder(dirname(this.#path))
    } catch (error) {
      this.abandon()
      throw error
    }
  }

  /** Leaves nothing behind; harmless when it is finished. */
  abandon(): void {
    this.#database.close()
    rmSync(unfinishedOf(this.#path), { force: true })
  }
}

function unfinishedOf(path: string): string {
  return `${path}.part`
}
