import type { MigrationTables, Migrations } from '@liberacces/sdk'
import { PlatformError } from '../../errors.ts'
import type { Outside } from '../../outside.ts'
import { withCrashPoints } from '../crash-points.ts'
import { withinMigrationTime } from '../migration-time.ts'
import { kyselyOn } from './kysely-on-sqlite.ts'
import type { SerialDatabase } from './serial-database.ts'
import { StatementRunner, type StatementCheck } from './statement-runner.ts'

/** What a store's own table says about its migrations. */
export interface MigrationReport {
  /** Names run by this call. */
  readonly applied: readonly string[]
  /** All names ever applied, with their times. */
  readonly all: readonly { readonly name: string; readonly applied_at: number }[]
}

/**
 * Runs the migrations that a store has not had, all in one transaction and with the names written beside: the store's own
 * table is the truth, whatever happens to the process afterwards.
 * @param check - the statement guard for migrations
 * @throws PlatformError `MIGRATION_FAILED`; `DISK_SPACE_LOW` where there is no room for what it writes
 */
export async function migrateStore(
  database: SerialDatabase,
  migrations: Migrations,
  outside: Outside,
  check: StatementCheck,
): Promise<MigrationReport> {
  let current: string | undefined
  try {
    return await database.transaction(async (transaction) => {
      const { file } = transaction
      const kernel = (sql: string, values: readonly unknown[]): readonly unknown[] => transaction.run(file.kernel, sql, values).rows
      const list = () => kernel('select name, applied_at from liberacces_migration order by name', []) as MigrationReport['all']
      const done = new Set(list().map((row) => row.name))
      const applied = Object.keys(migrations).filter((name) => !done.has(name)).toSorted()
      const runner = new StatementRunner(file.database, database.owner, check, database.changes)
      const db = withCrashPoints(kyselyOn<MigrationTables>((query) => transaction.run(runner, query.sql, query.parameters)), outside)
      for (current of applied) {
        const migration = migrations[current]
        await withinMigrationTime(() => migration?.up(db))
        kernel('insert into liberacces_migration (name, applied_at) values (?, ?)', [current, outside.now()])
      }
      current = undefined
      const orphans = file.database.pragma('foreign_key_check') as readonly { readonly table: string }[]
      if (orphans[0] !== undefined) throw new Error(`Rows of "${orphans[0].table}" refer to rows that are gone.`)
      return { applied, all: list() }
    }, { rebuildsTables: true })
  } catch (cause) {
    // Not the migration's fault, and nothing to correct in it.
    if (cause instanceof PlatformError && cause.code === 'UNAVAILABLE') throw cause
    if ((cause as { readonly code?: unknown }).code === 'SQLITE_FULL') {
      throw new PlatformError('DISK_SPACE_LOW', `${current === undefined ? 'A migration' : `Migration "${current}"`} of ${database.owner} found the disk full.`, { cause, fix: 'The tables are as before. Make room on the disk of the data folder, and try again.' })
    }
    const which = current === undefined ? 'A migration' : `Migration "${current}"`
    throw new PlatformError('MIGRATION_FAILED', `${which} of ${database.owner} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
      fix: 'The tables are as before. Correct the migration and try again.',
    })
  } finally {
    if (database.isOpen) {
      database.file.forgetStatements()
    }
  }
}
