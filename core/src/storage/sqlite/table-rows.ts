import { setImmediate } from 'node:timers/promises'
import Database from 'better-sqlite3'

/**
 * Rows of every table of a database file, having looked all of it over. The file is only read, and others get their turn between two tables.
 * @throws Error when it is no database, or a damaged one
 */
export async function tableRows(path: string): Promise<Readonly<Record<string, number>>> {
  // Not opened to be read only: that would leave SQLite's own files beside it.
  const database = new Database(path, { fileMustExist: true })
  try {
    database.pragma('query_only = ON')
    database.pragma('trusted_schema = OFF')
    const names = database.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name").pluck().all() as readonly string[]
    const rows: Record<string, number> = {}
    for (const name of names) {
      const quoted = `"${name.replaceAll('"', '""')}"`
      const sound = database.pragma(`integrity_check(${quoted})`, { simple: true })
      if (sound !== 'ok') throw new Error(`${name}: ${String(sound)}`)
      rows[name] = database.prepare(`select count(*) from ${quoted}`).pluck().get() as number
      await setImmediate()
    }
    return rows
  } finally {
    database.close()
  }
}
