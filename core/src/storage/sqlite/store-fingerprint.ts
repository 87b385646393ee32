import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import Database from 'better-sqlite3'

/** What two stores can be compared by. */
export interface StoreFingerprint {
  /** Tables, columns, indexes, triggers and views of the plugin: the same text for the same shape, however it came about. */
  readonly shape: string
  /** SHA-256 of every row of the plugin's tables, and of its files and events. */
  readonly content: string
}

/** Rows between two pauses, so that requests are answered meanwhile. */
const ROWS_AT_A_TIME = 2_000

/** Reads a copy of a store's database; nobody writes to it meanwhile. */
export async function fingerprintOf(path: string): Promise<StoreFingerprint> {
  const database = new Database(path, { fileMustExist: true, readonly: true })
  try {
    const objects = database.prepare(`select type, name, tbl_name, sql from sqlite_schema where name not like 'sqlite\\_%' escape '\\' and tbl_name not like 'liberacces\\_%' escape '\\' order by type, name`)
      .all() as readonly { readonly type: string; readonly name: string; readonly tbl_name: string; readonly sql: string | null }[]
    const tables = objects.filter(({ type }) => type === 'table').map(({ name }) => name)
    const columnsOf = (table: string): readonly { readonly name: string }[] =>
      (database.prepare('select name, upper(type) as type, "notnull", dflt_value, pk, hidden from pragma_table_xinfo(?)').all(table) as readonly { readonly name: string }[]).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const shape = [
      ...tables.map((table) => [table, columnsOf(table), database.prepare('select "from", "table", "to", on_delete from pragma_foreign_key_list(?) order by 1, 2, 3').all(table)]),
      ...objects.filter(({ type }) => type === 'index').map(({ name, tbl_name: table }) => [name, table, database.prepare('select name, "desc", coll from pragma_index_xinfo(?) where key = 1').all(name)]),
      ...objects.filter(({ type }) => type === 'view' || type === 'trigger').map(({ name, sql }) => [name, sql]),
    ]
    const hash = createHash('sha256')
    let rows = 0
    const take = async (select: string): Promise<void> => {
      hash.update(select)
      for (const row of database.prepare(select).raw().iterate() as IterableIterator<readonly unknown[]>) {
        hash.update(JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
        rows += 1
        if (rows % ROWS_AT_A_TIME === 0) await breathe()
      }
    }
    for (const table of tables) {
      const columns = columnsOf(table).map(({ name }) => quoted(name)).join(', ')
      await take(`select ${columns} from ${quoted(table)} order by ${columns}`)
    }
    await take('select id, sha256 from liberacces_file order by id')
    await take('select id from liberacces_outbox order by id')
    return { shape: JSON.stringify(shape), content: hash.digest('hex') }
  } finally {
    database.close()
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
