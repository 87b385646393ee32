import type { Migrations } from '@liberacces/sdk'
import type { Outside } from '../../outside.ts'
import { withCrashPoints } from '../crash-points.ts'
import type { StoreKey } from '../storage.ts'
import type { ConnectionPool } from './connection-pool.ts'
import type { KernelDatabase } from './kernel-database.ts'
import { applyMigrations, revertMigrations, type MigratingStore } from './migrate-postgres-store.ts'
import type { PostgresStore } from './postgres-store.ts'
import { migrationKey, type StoreNames } from './store-role.ts'

/** What migrating stores needs. */
export interface StoreMigrationsOptions {
  readonly kernel: KernelDatabase
  readonly plugins: ConnectionPool
  readonly secret: Uint8Array
  readonly outside: Outside
  /** A store object of its own: the one that is known may be in the turn of who asked. */
  readonly fresh: (key: StoreKey) => PostgresStore
}

interface Applied {
  readonly name: string
  readonly applied_at: number
}

/** Changes the tables of stores: in one transaction as the store's role, which may do so in that transaction alone. */
export class StoreMigrations {
  readonly #options: StoreMigrationsOptions
  readonly #rehearsed = new WeakSet<Migrations>()
  readonly #rehearsing = new WeakMap<Migrations, Promise<void>>()

  constructor(options: StoreMigrationsOptions) {
    this.#options = options
  }

  /** Runs those that a store has not had. @returns their names @throws PlatformError `MIGRATION_FAILED` */
  async apply(key: StoreKey, placed: StoreNames, owner: string, migrations: Migrations): Promise<readonly string[]> {
    const { kernel: { kysely }, plugins } = this.#options
    const { result: applied, all } = await this.#change(key, placed, owner, (store) => this.#applied(store, migrations))
    // Statements that were prepared for the tables as they were.
    if (applied.length > 0) await plugins.forget(placed.role)
    // A copy for those who ask about all stores at once. Brought up to date by every call, so a crash before it costs nothing.
    const { tenantId, pluginId } = key
    const known = await kysely.selectFrom('migration').select('name').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).execute()
    const missing = all.filter(({ name }) => !known.some((row) => row.name === name))
    if (missing.length > 0) {
      await kysely.insertInto('migration').values(missing.map((row) => ({ tenant_id: tenantId, plugin_id: pluginId, name: row.name, applied_at: row.applied_at })))
        .onConflict((conflict) => conflict.doNothing()).execute()
    }
    return applied
  }

  /** Runs them in a place that is nobody's: what the kernel's tables say is of others. @returns names of those that it had not had */
  async fill(stage: StoreKey, placed: StoreNames, owner: string, migrations: Migrations): Promise<readonly string[]> {
    const { result } = await this.#change(stage, placed, owner, (store) => this.#applied(store, migrations))
    await this.#options.plugins.forget(placed.role)
    return result
  }

  /** Takes some back in such a place. @returns their names @throws PlatformError `MIGRATION_FAILED` */
  async empty(stage: StoreKey, placed: StoreNames, owner: string, migrations: Migrations, names: readonly string[]): Promise<readonly string[]> {
    const { result } = await this.#change(stage, placed, owner, (store) => revertMigrations(store, migrations, names))
    await this.#options.plugins.forget(placed.role)
    return result
  }

  /** Takes some back. @returns their names @throws PlatformError `MIGRATION_FAILED` */
  async revert(key: StoreKey, placed: StoreNames, owner: string, migrations: Migrations, names: readonly string[]): Promise<readonly string[]> {
    const { kernel: { kysely }, plugins } = this.#options
    const { result } = await this.#change(key, placed, owner, (store) => revertMigrations(store, migrations, names))
    await plugins.forget(placed.role)
    if (names.length > 0) await kysely.deleteFrom('migration').where('tenant_id', '=', key.tenantId).where('plugin_id', '=', key.pluginId).where('name', 'in', names).execute()
    return result
  }

  /**
   * Tries migrations where nothing of them stays, once for all stores that are not there yet.
   * @param stage - where, and how it is found
   */
  async rehearse(migrations: Migrations, owner: string, stage: { readonly key: StoreKey; readonly place: () => Promise<StoreNames> }): Promise<void> {
    if (this.#rehearsed.has(migrations)) return
    const under = this.#rehearsing.get(migrations)
    if (under !== undefined) return await under
    const work = (async () => {
      await this.#change(stage.key, await stage.place(), owner, (store) => this.#applied(store, migrations), false)
      this.#rehearsed.add(migrations)
    })()
    this.#rehearsing.set(migrations, work)
    try {
      await work
    } finally {
      this.#rehearsing.delete(migrations)
    }
  }

  #applied(store: MigratingStore, migrations: Migrations): Promise<readonly string[]> {
    return applyMigrations({ ...store, db: withCrashPoints(store.db, this.#options.outside) }, migrations, () => this.#options.outside.now())
  }

  #change<Result>(key: StoreKey, placed: StoreNames, owner: string, body: (store: MigratingStore) => Promise<Result>, isKept = true): Promise<{ readonly result: Result; readonly all: readonly Applied[] }> {
    const { fresh, secret } = this.#options
    const store = fresh(key)
    store.names = placed
    // Where it is by then: another node may have put a copy in its place meanwhile.
    return store.migrating(async (db, transaction, names) => {
      const { kernel } = names
      const tables = (isOpen: boolean) => ({ sql: `select ${kernel}.liberacces_change_tables($1, $2)`, values: [migrationKey(secret, names), String(isOpen)] })
      await transaction.run(tables(true))
      const list = async (): Promise<readonly Applied[]> => (await transaction.run({ sql: `select name, applied_at from ${kernel}.liberacces_migrations() order by name`, values: [] })).rows as readonly Applied[]
      const result = await body({
        owner, db,
        done: new Set((await list()).map((row) => row.name)),
        note: async (name, at) => { await transaction.run({ sql: `select ${kernel}.liberacces_note_migration($1, $2)`, values: [name, at ?? null] }) },
      })
      await transaction.run(tables(false))
      return { result, all: await list() }
    }, isKept)
  }
}
