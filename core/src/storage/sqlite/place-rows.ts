import { quoted, tablesOf } from '../exchange/file-table.ts'
import { SomeTables } from '../exchange/joined-tables.ts'
import { carryRows, type TableSource } from '../exchange/table-source.ts'
import type { OpenTransaction } from './open-transaction.ts'

/** Puts rows that come from elsewhere in the place of all rows of the tables that both sides know, within a transaction that leaves references unchecked. */
export async function placeRows(transaction: OpenTransaction, source: TableSource): Promise<void> {
  const { file } = transaction
  const run = (sql: string, values: readonly unknown[] = []): unknown => transaction.run(file.kernel, sql, values)
  const tables = tablesOf(file.database).filter(({ name }) => source.tables.some((table) => table.name === name))
  for (const { name } of tables) run(`delete from ${quoted(name)}`)
  await carryRows(new SomeTables(source, (name) => tables.some((table) => table.name === name)), {
    tables,
    insert({ name, columns }, rows) {
      const sql = `insert into ${quoted(name)} (${columns.map(quoted).join(', ')}) values (${columns.map(() => '?').join(', ')})`
      for (const row of rows) run(sql, row)
    },
    count({ name, counts }, last) {
      if (!counts) return
      run('delete from sqlite_sequence where name = ?', [name])
      run('insert into sqlite_sequence (name, seq) values (?, ?)', [name, last])
    },
  }, () => true)
}
