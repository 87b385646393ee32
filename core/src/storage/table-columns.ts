import { sql, type Kysely } from 'kysely'
import { dialectOf } from './dialect-of.ts'

/** Columns of the kernel's tables, by table, as the database itself knows them. */
export async function tableColumns<Tables>(db: Kysely<Tables>): Promise<ReadonlyMap<string, readonly string[]>> {
  const query = dialectOf(db) === 'postgres'
    ? sql<{ table: string; column: string }>`select c.relname as "table", a.attname as "column" from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'liberacces'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum`
    : sql<{ table: string; column: string }>`select m.name as "table", c.name as "column" from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' order by m.name, c.cid`
  const columns = new Map<string, string[]>()
  for (const { table, column } of (await query.execute(db)).rows) columns.set(table, [...(columns.get(table) ?? []), column])
  return columns
}
