import type { Migrations } from '@liberacces/sdk'
import { join } from 'node:path'
import type { Outside } from '../outside.ts'
import type { AppliedMigration } from '../storage/sqlite/place-store-file.ts'
import { createSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { storePrograms } from '../storage/sqlite/store-programs.ts'

/** A database that comes in, and what should have made its tables. */
export interface IncomingStore {
  readonly path: string
  readonly pluginId: string
  /** That it says it has had. */
  readonly applied: readonly AppliedMigration[]
  /** Of the release here; `undefined` where there is none. */
  readonly migrations: Migrations | undefined
}

/**
 * Finds what in a database would run by itself and was made by no migration: a trigger of somebody else's would change data, and a view in
 * the place of a table could keep the process from everybody, with one read that never ends. Looked for before anything else is done with the database.
 * @param folder - for a store that the same migrations make anew; only used where there is something to compare
 * @returns the name of the first
 */
export async function strangeProgram({ path, pluginId, applied, migrations = {} }: IncomingStore, folder: string, outside: Outside): Promise<string | undefined> {
  const found = storePrograms(path)
  if (found.size === 0) return undefined
  const had = new Set(applied.map(({ name }) => name))
  const fresh = createSqliteStorage({ folder, outside })
  const key = { tenantId: 'fresh', pluginId }
  try {
    await fresh.migrate(key, Object.fromEntries(Object.entries(migrations).filter(([name]) => had.has(name))) as Migrations)
  } finally {
    await fresh.close()
  }
  const made = storePrograms(join(folder, 'tenants', key.tenantId, `${pluginId}.sqlite`))
  return [...found].find(([sql]) => !made.has(sql))?.[1]
}
