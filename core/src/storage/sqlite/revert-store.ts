import type { MigrationTables, Migrations } from '@liberacces/sdk'
import { PlatformError } from '../../errors.ts'
import { withinMigrationTime } from '../migration-time.ts'
import { kyselyOn } from './kysely-on-sqlite.ts'
import type { SerialDatabase } from './serial-database.ts'
import { StatementRunner, type StatementCheck } from './statement-runner.ts'

/**
 * Takes back migrations that a store has had, the last first, all in one transaction and with the names written beside. Those it does
 * not have are passed over, so that doing it again is harmless.
 * @param names - which; all of them must be among `migrations`
 * @param check - the statement guard for migrations
 * @throws PlatformError `MIGRATION_FAILED`; the store is then as it was before
 */
export async function revertStore(database: SerialDatabase, migrations: Migrations, names: readonly string[], check: StatementCheck): Promise<readonly string[]> {
  let current: string | undefined
  try {
    return await database.transaction(async (transaction) => {
      const { file } = transaction
      const kernel = (sql: string, values: readonly unknown[]): readonly unknown[] => transaction.run(file.kernel, sql, values).rows
      const had = new Set((kernel('select name from liberacces_migration', []) as readonly { readonly name: string }[]).map(({ name }) => name))
      const reverted = names.filter((name) => had.has(name)).toSorted().toReversed()
      const runner = new StatementRunner(file.database, database.owner, check, database.changes)
      const db = kyselyOn<MigrationTables>((query) => transaction.run(runner, query.sql, query.parameters))
      for (current of reverted) {
        const migration = migrations[current]
        if (migration === undefined) throw new Error('the release does not know it')
        await withinMigrationTime(() => migration.down(db))
        kernel('delete from liberacces_migration where name = ?', [current])
      }
      current = undefined
      const orphans = file.database.pragma('foreign_key_check') as readonly { readonly table: string }[]
      if (orphans[0] !== undefined) throw new Error(`Rows of "${orphans[0].table}" refer to rows that are gone.`)
      return reverted
    }, { rebuildsTables: true })
  } catch (cause) {
    if (cause instanceof PlatformError && cause.code === 'UNAVAILABLE') throw cause
    const which = current === undefined ? 'Going back' : `The way back of migration "${current}"`
    throw new PlatformError('MIGRATION_FAILED', `${which} of ${database.owner} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, fix: 'The tables are as before.' })
  } finally {
    if (database.isOpen) {
      database.file.plugin.clear()
      database.file.kernel.clear()
    }
  }
}
