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
  const key = { tenantId: tenant.id, pluginId }
  const isThere = (await platform.storage.storesOf(tenant.id)).some((one) => one.pluginId === pluginId)
  if (!isThere) return []
  const db = platform.storage.kernelStore(key)
  const { rows: tables } = await sql<{ readonly name: string }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name`.execute(db)
  const dumped: DumpedTable[] = []
  for (const { name } of tables) dumped.push({ name, rows: (await sql<Readonly<Record<string, unknown>>>`select * from ${sql.table(name)}`.execute(db)).rows })
  return dumped
}

/** The plugin's own tables and indexes at a tenant, as the database describes them, one a line. */
export async function storeShape({ platform, manifest }: Ground, tenantId: string): Promise<string> {
  const { rows } = await sql<{ readonly sql: string | null }>`select sql from sqlite_schema where name not like 'liberacces\\_%' escape '\\' and name not like 'sqlite\\_%' escape '\\' order by type, name`.execute(platform.storage.kernelStore({ tenantId, pluginId: manifest.id }))
  return rows.map((row) => row.sql ?? '').join('\n')
}

/** The plugin's own ones among them. */
export function ownTables(dump: readonly DumpedTable[]): readonly DumpedTable[] {
  return dump.filter(({ name }) => !name.startsWith('liberacces_'))
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
