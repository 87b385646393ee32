import type { Kysely } from 'kysely'

/** One step of a plugin's tables. It runs in one transaction; each way it may only touch the plugin's own tables. */
export interface Migration {
  // Tables do not exist yet when a migration runs, so it cannot be typed by today's tables.
  readonly up: (db: Kysely<MigrationTables>) => Promise<void>
  readonly down: (db: Kysely<MigrationTables>) => Promise<void>
}

/** Rows as migrations see them: any column. */
export type MigrationTables = Record<string, Record<string, string | number | bigint | Uint8Array | null>>

/** Migrations by name; they run in the order of their names, such as `0001-article`, `0002-image`. */
export type Migrations = Readonly<Record<string, Migration>>
