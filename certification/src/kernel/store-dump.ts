import { sql } from 'kysely'
import type { Ground } from './ground.ts'
import type { GroundTenant } from './ground-tenant.ts'

/** A table's rows, by the names of its columns. */
export interface DumpedTable {
  readonly name: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** All tables of the plugin's store of a tenant, those of the kernel in it (`liberacces_…`) included. Empty where there is no store. */
export async function dumpStore({ platform, manifest }: Ground, tenant: GroundTenant, pluginId = manifest.id): Promise<readonly DumpedTable[]> {
  const db = await storeOf(platform, { tenantId: tenant.id, pluginId })
  if (db === undefined) return []
  const dumped: DumpedTable[] = []
  for (const { name } of await tablesIn(db)) dumped.push({ name, rows: (await sql<Row>`select * from ${sql.table(name)}`.execute(db)).rows })
  return dumped
}

/** The plugin's own tables with the rows of each that came last, in the order in which they came: a store of a year is not read as a whole each time that somebody wrote a line. Of a table `without rowid` all rows, for nothing tells which came last. */
export async function newestRows({ platform, manifest }: Ground, tenant: GroundTenant, most: number): Promise<readonly DumpedTable[]> {
  const db = await storeOf(platform, { tenantId: tenant.id, pluginId: manifest.id })
  if (db === undefined) return []
  const found: DumpedTable[] = []
  for (const { name, hasRowId } of await tablesIn(db)) {
    if (!isOwn(name)) continue
    const { rows } = await (hasRowId === 1 ? sql<Row>`select * from ${sql.table(name)} order by rowid desc limit ${most}` : sql<Row>`select * from ${sql.table(name)}`).execute(db)
    found.push({ name, rows: hasRowId === 1 ? rows.toReversed() : rows })
  }
  return found
}

type Row = DumpedTable['rows'][number]
type Store = ReturnType<Ground['platform']['storage']['kernelStore']>

/** The database of a store, where there is one. */
async function storeOf({ storage }: Ground['platform'], key: { readonly tenantId: string; readonly pluginId: string }): Promise<Store | undefined> {
  return (await storage.storesOf(key.tenantId)).some(({ pluginId }) => pluginId === key.pluginId) ? storage.kernelStore(key) : undefined
}

async function tablesIn(db: Store): Promise<readonly { readonly name: string; readonly hasRowId: 0 | 1 }[]> {
  const { rows } = await sql<{ readonly name: string; readonly hasRowId: 0 | 1 }>`select name, 1 - wr as "hasRowId" from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`.execute(db)
  return rows
}

/** The plugin's own tables and indexes at a tenant, as the database describes them, one a line. */
export async function storeShape({ platform, manifest }: Ground, tenantId: string): Promise<string> {
  const { rows } = await sql<{ readonly sql: string | null }>`select sql from sqlite_schema where name not like 'liberacces\\_%' escape '\\' and name not like 'sqlite\\_%' escape '\\' order by type, name`.execute(platform.storage.kernelStore({ tenantId, pluginId: manifest.id }))
  return rows.map((row) => row.sql ?? '').join('\n')
}

/** The plugin's own ones among them. */
export function ownTables(dump: readonly DumpedTable[]): readonly DumpedTable[] {
  return dump.filter(({ name }) => isOwn(name))
}

function isOwn(name: string): boolean {
  return !name.startsWith('liberacces_')
}

/** Tables with what two dumps differ in, in words. Empty where they are the same. */
export function dumpDifference(before: readonly DumpedTable[], after: readonly DumpedTable[]): readonly string[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort()
  return names.flatMap((name) => {
    const [was, is] = [before, after].map((dump) => new Set(dump.find((table) => table.name === name)?.rows.map((row) => JSON.stringify(row)) ?? []))
    const gone = [...was ?? []].filter((row) => is?.has(row) !== true)
    const come = [...is ?? []].filter((row) => was?.has(row) !== true)
    return [...gone.slice(0, 3).map((row) => `${name} − ${row.slice(0, 300)}`), ...come.slice(0, 3).map((row) => `${name} + ${row.slice(0, 300)}`)]
  })
}

/** The bytes of all files that the plugin keeps for a tenant. */
export async function dumpFiles({ platform, manifest }: Ground, tenant: GroundTenant): Promise<readonly Buffer[]> {
  const key = { tenantId: tenant.id, pluginId: manifest.id }
  const found: Buffer[] = []
  for await (const blob of platform.files.blobs(key)) found.push(Buffer.from(await platform.files.bytes(key, blob)))
  return found
}
