import { sql, type Kysely } from 'kysely'
import type { TableSize } from '../storage.ts'
import type { StoreTables } from '../store-tables.ts'

/** The plugin's own tables of a store, by name. */
export async function tableSizes(db: Kysely<StoreTables>): Promise<readonly TableSize[]> {
  const names = (await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name not like 'liberacces\\_%' escape '\\' order by name`.execute(db)).rows
  const tables: TableSize[] = []
  for (const { name } of names) {
    const counted = (await sql<{ rows: number }>`select count(*) as rows from ${sql.table(name)}`.execute(db)).rows[0]
    const sized = (await sql<{ bytes: number | null }>`select sum(pgsize) as bytes from dbstat where aggregate = true and name in (select name from sqlite_master where tbl_name = ${name})`.execute(db)).rows[0]
    tables.push({ table: name, rows: Number(counted?.rows ?? 0), bytes: Number(sized?.bytes ?? 0) })
  }
  return tables
}
