import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { KERNEL_TABLES, LEAVING_TABLES } from '../../src/leaving/kernel-tables.ts'
import { sqliteStorage } from '../storage/sqlite-storage.ts'

test('[X7] for each table of the kernel it is said whether its rows leave with a tenant, and why', async () => {
  const { platform } = sqliteStorage()
  const { rows } = await sql<{ name: string }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name`.execute(platform)
  expect(Object.keys(KERNEL_TABLES).toSorted()).toEqual(rows.map(({ name }) => name))
  for (const { name, of, order } of LEAVING_TABLES) {
    const columns = (await sql<{ name: string }>`select name from pragma_table_info(${name})`.execute(platform)).rows.map((column) => column.name)
    expect(columns).toEqual(expect.arrayContaining([of, ...order]))
  }
})

test('[X7] rows are brought in after those to which they refer', async () => {
  const { platform } = sqliteStorage()
  const names = LEAVING_TABLES.map(({ name }) => name as string)
  for (const [index, name] of names.entries()) {
    const { rows } = await sql<{ table: string }>`select "table" from pragma_foreign_key_list(${name})`.execute(platform)
    for (const { table } of rows) expect([name, table, names.indexOf(table) <= index && names.includes(table)]).toEqual([name, table, true])
  }
})
