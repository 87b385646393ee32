import type { Kysely } from 'kysely'
import type { MigrationTables, Migrations } from '@liberacces/sdk'
import { PlatformError } from '../../errors.ts'
import { withinMigrationTime } from '../migration-time.ts'

/** What is done to a store's tables, in one transaction as its role. */
export interface MigratingStore {
  /** Names it in messages. */
  readonly owner: string
  /** For migrations, with their guard. */
  readonly db: Kysely<MigrationTables>
  /** Migrations that it has had. */
  readonly done: ReadonlySet<string>
  /** Writes down that it has had one, or with `undefined` that it has it no more. */
  readonly note: (name: string, at: number | undefined) => Promise<void>
}

/** Not the migration's fault, and nothing to correct in it. */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set(['UNAVAILABLE', 'DB_UNAVAILABLE', 'DB_BUSY', 'DISK_SPACE_LOW'])

/**
 * Runs the migrations that a store has not had.
 * @returns their names
 * @throws PlatformError `MIGRATION_FAILED`
 */
export async function applyMigrations({ owner, db, done, note }: MigratingStore, migrations: Migrations, now: () => number): Promise<readonly string[]> {
  const applied = Object.keys(migrations).filter((name) => !done.has(name)).toSorted()
  for (const name of applied) {
    await blamed(`Migration "${name}" of ${owner}`, 'The tables are as before. Correct the migration and try again.', async () => {
      await withinMigrationTime(() => migrations[name]?.up(db))
      await note(name, now())
    })
  }
  return applied
}

/**
 * Takes back migrations that a store has had, the last first; those it does not have are passed over.
 * @returns their names
 * @throws PlatformError `MIGRATION_FAILED`
 */
export async function revertMigrations({ owner, db, done, note }: MigratingStore, migrations: Migrations, names: readonly string[]): Promise<readonly string[]> {
  const reverted = names.filter((name) => done.has(name)).toSorted().toReversed()
  for (const name of reverted) {
    await blamed(`The way back of migration "${name}" of ${owner}`, 'The tables are as before.', async () => {
      const migration = migrations[name]
      if (migration === undefined) throw new Error('the release does not know it')
      await withinMigrationTime(() => migration.down(db))
      await note(name, undefined)
    })
  }
  return reverted
}

async function blamed(what: string, fix: string, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (cause) {
    if (cause instanceof PlatformError && NOT_ITS_FAULT.has(cause.code)) throw cause
    throw new PlatformError('MIGRATION_FAILED', `${what} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, fix })
  }
}
