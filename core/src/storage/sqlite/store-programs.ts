import Database from 'better-sqlite3'

/** What only holds rows, as SQLite writes it down. Whatever else stands in a schema runs by itself when somebody reads or writes. */
const HOLDS_ROWS = /^create\s+(?:table|(?:unique\s+)?index)\s/i

/**
 * What in a store's file runs by itself: triggers, views, virtual tables. Told by their text, which is what SQLite goes by, and not by what the
 * file says that they are.
 * @returns their texts, with their names
 */
export function storePrograms(path: string): ReadonlyMap<string, string> {
  const database = new Database(path, { fileMustExist: true })
  try {
    const rows = database.prepare('select name, sql from sqlite_schema where sql is not null order by name').all() as readonly { readonly name: string; readonly sql: string }[]
    return new Map(rows.flatMap(({ name, sql }) => (HOLDS_ROWS.test(sql) ? [] : [[sql, name] as const])))
  } finally {
    database.close()
  }
}
