import type { Database } from 'better-sqlite3'

/** What SQLite holds in a cell. */
export type Cell = null | number | bigint | string | Uint8Array

/** A table of a database file. */
export interface FileTable {
  readonly name: string
  /** Those that are stored: what a table computes by itself is not carried. */
  readonly columns: readonly string[]
  /** Whether it counts its rows up for ever (`autoincrement`). */
  readonly counts: boolean
}

/** Tables of a database, in the order of their names, without those of SQLite's own. */
export function tablesOf(database: Database): readonly FileTable[] {
  const tables = database.prepare(String.raw`select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite\_%' escape '\' order by name`)
    .all() as readonly { readonly name: string; readonly sql: string }[]
  const columnsOf = database.prepare('select name from pragma_table_xinfo(?) where hidden = 0 order by cid').pluck()
  return tables.map(({ name, sql }) => ({ name, columns: columnsOf.all(name) as readonly string[], counts: /\bautoincrement\b/i.test(sql) }))
}

/** A name as SQL takes it, whatever it holds. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
