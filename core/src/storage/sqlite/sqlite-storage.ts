// Longer than others: everything here shares who is open and who watches; what can stand alone has a file of its own.
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { PlatformError } from '../../errors.ts'
import { TableFileReader } from '../exchange/table-file-reader.ts'
import type { Outside } from '../../outside.ts'
import { Changes } from '../changes.ts'
import type { PlatformTables } from '../platform-tables.ts'
import type { EventObserver, Storage, StoreKey, StoreMeter } from '../storage.ts'
import { storeName } from '../store-name.ts'
import type { StoreTables } from '../store-tables.ts'
import { DatabaseSnapshot } from './database-snapshot.ts'
import { kyselyOn } from './kysely-on-sqlite.ts'
import { writeMoved } from '../moved-file.ts'
import { migrateStore } from './migrate-store.ts'
import { judgedStatements } from './judged-statements.ts'
import { LogSync, type SyncFile } from './log-sync.ts'
import { openDatabase, openStoreDatabase } from './open-database.ts'
import { OpenFile } from './open-file.ts'
import { OpenStores } from './open-stores.ts'
import { placeRows } from './place-rows.ts'
import { prepareStoreFile, swapStoreFile } from './place-store-file.ts'
import { PLATFORM_SCHEMA } from './platform-schema.ts'
import { applySchema } from './schema-versions.ts'
import { revertStore } from './revert-store.ts'
import { SerialDatabase } from './serial-database.ts'
import { openSqliteCopy } from './sqlite-copy.ts'
import { SqliteStore } from './sqlite-store.ts'
import { headOf, type GuardMode } from './statement-guard.ts'
import { StatementRunner, type StatementCheck } from './statement-runner.ts'
import { StoreFiles } from './store-files.ts'
import { storeGrowth } from './store-growth.ts'
import { STORE_SCHEMA } from './store-schema.ts'
import { NewStores, sameWhenNone } from '../new-stores.ts'
import { tableSizes } from './table-sizes.ts'
import { makeStoreFile, StoreTemplates } from './store-templates.ts'

/** A start reads most of it, in order and once: what it read is of no use afterwards, and the operating system has it too. */
const PLATFORM_CACHE_KIB = 4_000
const STORE_CACHE_KIB = 2_000
/** How often it is seen whether stores must make room for other files of the process, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/** Tables of the kernel that requests and events write to: few things are made from them, and those say so. */
const APART = ['session', 'account', 'api_token', 'audit', 'dirty', 'schedule', 'login_failure', 'migration', 'quota_usage', 'event_replay', 'event_sweep']

/** What the SQLite storage is made from. */
export interface SqliteStorageOptions {
  /** Data folder; made when it is not there. Holds `platform.sqlite` and `tenants/`. */
  readonly folder: string
  readonly outside: Outside
  /**
   * Most stores open at a time: 1 or more. Each takes some 100 kB, and up to 2 MB more when much of it is read; past it those that
   * were not used for long are closed.
   * @defaultValue 1 000
   */
  readonly openStoresLimit?: number
  /**
   * Most file descriptors that open stores take: one for a store that is read, three for one that is written to. Asked now and then,
   * with those that they take.
   * @defaultValue 3 000
   */
  readonly openFilesLimit?: (taken: number) => number
  readonly log?: { warn(detail: object, message: string): void }
  /** Whether what is acknowledged survives a power cut. Not so for copies that are thrown away after a crash. @defaultValue true */
  readonly isDurable?: boolean
  /** How the log of the kernel's tables is synced. @defaultValue see {@link LogSync} */
  readonly syncFile?: SyncFile
}

/** The kernel's data in one SQLite file, each plugin's data of each tenant in another. */
export function createSqliteStorage(options: SqliteStorageOptions): Storage {
  const { folder, outside, log, isDurable = true } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = new StoreFiles(folder)
  const stores = new OpenStores({ stores: options.openStoresLimit ?? 1_000, descriptors: options.openFilesLimit ?? (() => 3_000) })
  const looking = setInterval(() => { stores.look() }, LOOK_EVERY_MS).unref()
  const newStores = new NewStores()
  const judged = { plugin: judgedStatements('plugin'), migration: judgedStatements('migration') }
  let observer: EventObserver | undefined
  let meter: StoreMeter | undefined
  let refused = 0
  let closed = false

  const refuseWhenClosed = (): void => {
    if (closed) throw new PlatformError('UNAVAILABLE', 'The storage is closed.', { fix: 'Try again when the platform runs.' })
  }
  const known: StatementCheck = (sql) => judged.plugin.of(sql)
  const templates = new StoreTemplates(outside, known)
  const guard = (key: StoreKey, mode: GuardMode): StatementCheck => (sql) => {
    const statement = judged[mode].of(sql)
    const { refusal: reason } = statement
    if (reason === undefined) return statement
    refused += 1
    const head = headOf(sql)
    log?.warn({ plugin: key.pluginId, tenant: key.tenantId, statement: head, reason }, 'statement refused')
    throw new PlatformError('DB_STATEMENT_REFUSED', `Plugin "${key.pluginId}" may not run "${head}": ${reason}.`, {
      fix: 'Read and write the plugin\'s own tables, one statement at a time; change tables in migrations.',
    })
  }

  const platformPath = join(folder, 'platform.sqlite')
  const platformLog = isDurable ? new LogSync(platformPath, options.syncFile) : undefined
  const platformFile = new SerialDatabase('the platform', (changes) => {
    refuseWhenClosed()
    const database = openDatabase(platformPath, PLATFORM_CACHE_KIB, { isDurable })
    applySchema(database, PLATFORM_SCHEMA)
    // From here on its commits are synced beside the event loop.
    if (platformLog !== undefined) database.pragma('synchronous = NORMAL')
    return new OpenFile(database, { owner: 'the platform', check: known, known, changes })
  }, { changes: new Changes({ apart: APART, referredTo: ['account'], isHeldInMemory: true }), ...(platformLog === undefined ? {} : { log: platformLog }) })
  void platformFile.file // now, so that a folder that cannot be used stops the start
  const platform: Kysely<PlatformTables> = kyselyOn((query) => platformFile.execute('kernel', query))

  const open = (key: StoreKey): SqliteStore => {
    const found = stores.find(key)
    if (found !== undefined) return found
    const path = files.pathOf(key)
    const owner = `plugin "${key.pluginId}" of tenant ${key.tenantId}`
    let isChecked = false
    const database = new SerialDatabase(owner, (changes) => {
      refuseWhenClosed()
      if (!existsSync(path)) {
        files.prepare(path)
        const migrations = newStores.migrationsOf(key)
        makeStoreFile(path, (migrations && templates.of(migrations)) ?? templates.empty)
        newStores.made(key)
      }
      const opened = openStoreDatabase(path, STORE_CACHE_KIB, { isDurable })
      try {
        // Once as long as the store is known: nobody takes a step back from it.
        if (!isChecked) applySchema(opened, STORE_SCHEMA)
        isChecked = true
        const file = new OpenFile(opened, { owner, check: guard(key, 'plugin'), known, changes, logChanged: () => { stores.opened(store, file.descriptors) } })
        stores.opened(store, file.descriptors)
        return file
      } catch (error) {
        opened.close()
        throw error
      }
    }, {
      prepare: () => {
        const migrations = existsSync(path) ? undefined : newStores.migrationsOf(key)
        return migrations === undefined || templates.of(migrations) !== undefined ? undefined : templates.make(migrations, owner, guard(key, 'migration'))
      },
      growth: storeGrowth(key, () => meter),
    })
    const store: SqliteStore = new SqliteStore(Object.freeze({ ...key }), database, {
      outside,
      observer: () => observer,
      touch: (used) => { stores.touch(used) },
      released: () => { stores.trim() },
    })
    stores.add(store)
    return store
  }

  const storage: Storage = {
    dialect: 'sqlite',
    platform,
    platformStamp: (apart) => platformFile.changes.stamp(apart),
    platformTransaction: (body) => platformFile.transaction((transaction) => body(
      kyselyOn((query) => transaction.run(transaction.file.kernel, query.sql, query.parameters)),
    )),
    store: open,
    kernelStore: (key) => open(key).kernel,
    kernelTransaction: (key, body) => open(key).kernelTransaction(body),
    storesOf: async (tenantId) => files.listOf(tenantId),
    observeEvents: (only) => {
      if (observer !== undefined) throw new Error('The storage has its observer of events already.')
      observer = only
    },

    limitWrites: (only) => {
      if (meter !== undefined) throw new Error('The storage has who limits it already.')
      meter = only
    },

    sizesOf: async (tenantId) => new Map(files.listOf(tenantId).map((key) => {
      const database = stores.find(key)?.database
      return [key.pluginId, database?.isOpen === true ? database.file.bytes : files.sizeOf(key)] as const
    })),

    makeStoresLate: (migrationsOf) => { newStores.observe(migrationsOf) },
    // Its stores are files: they bring their tables along.
    findMigrations: () => undefined,
    migrate: async (key, given) => {
      refuseWhenClosed()
      const migrations = sameWhenNone(given)
      const store = open(key)
      const path = files.pathOf(key)
      if (newStores.areMadeLate && !existsSync(path)) {
        await templates.make(migrations, store.database.owner, guard(key, 'migration'))
        if (!existsSync(path)) {
          newStores.expect(key, migrations)
          return { applied: Object.keys(migrations).toSorted() }
        }
      }
      stores.touch(store)
      const { applied, all } = await migrateStore(store.database, migrations, outside, guard(key, 'migration'))
      // A copy for those who ask about all stores at once. Brought up to date by every call, so a crash before it costs nothing.
      const known = await platform.selectFrom('migration').select('name').where('tenant_id', '=', key.tenantId).where('plugin_id', '=', key.pluginId).execute()
      const missing = all.filter(({ name }) => !known.some((row) => row.name === name))
      if (missing.length > 0) {
        await platform.insertInto('migration').values(missing.map((row) => ({ tenant_id: key.tenantId, plugin_id: key.pluginId, ...row })))
          .onConflict((conflict) => conflict.doNothing()).execute()
      }
      return { applied }
    },

    revert: async (key, migrations, names) => {
      if (!existsSync(files.pathOf(key))) return { reverted: [] }
      const store = open(key)
      stores.touch(store)
      const reverted = await revertStore(store.database, migrations, names, guard(key, 'migration'))
      if (names.length > 0) await platform.deleteFrom('migration').where('tenant_id', '=', key.tenantId).where('plugin_id', '=', key.pluginId).where('name', 'in', names).execute()
      return { reverted }
    },

    sizeOf: async (key) => ['', '-wal'].reduce((sum, ending) => sum + (statSync(files.pathOf(key) + ending, { throwIfNoEntry: false })?.size ?? 0), 0),

    tablesOf: (key) => tableSizes(open(key).kernel),

    copyStore: async (key, toPath) => {
      refuseWhenClosed()
      const path = files.pathOf(key)
      if (!existsSync(path)) return false
      const snapshot = new DatabaseSnapshot(path)
      try {
        await snapshot.copyTo(toPath)
      } finally {
        snapshot.close()
      }
      return true
    },

    momentOf: async (tenantIds) => {
      refuseWhenClosed()
      const opened: DatabaseSnapshot[] = []
      const close = (): void => { for (const snapshot of opened.splice(0)) snapshot.close() }
      const take = (path: string): DatabaseSnapshot => {
        const snapshot = new DatabaseSnapshot(path)
        opened.push(snapshot)
        return snapshot
      }
      const readerOf = <Tables>({ database }: DatabaseSnapshot, owner: string): Kysely<Tables> => {
        const runner = new StatementRunner(database, owner, known, 'none')
        return kyselyOn((query) => runner.run(query.sql, query.parameters))
      }
      try {
        // All in this one step of the process, in which nothing else can write.
        const kernel = take(platformPath)
        const copies = tenantIds.flatMap((tenantId) => files.listOf(tenantId)).map((key) => {
          const snapshot = take(files.pathOf(key))
          return { key, kernel: readerOf<StoreTables>(snapshot, storeName(key)), copyTo: (path: string) => snapshot.copyTo(path) }
        })
        return { platform: readerOf<PlatformTables>(kernel, 'the platform'), copyPlatformTo: (path) => kernel.copyTo(path), stores: copies, close: async () => { close() } }
      } catch (error) {
        close()
        throw error
      }
    },

    openCopy: (key, source, copyFolder) => openSqliteCopy(storage, (at) => createSqliteStorage({ folder: at, outside, ...(log === undefined ? {} : { log }), isDurable: false }), key, source, copyFolder),
    // They lie in folders, which whoever made them takes away.
    sweepCopies: async () => undefined,

    placeStore: async (key, fromPath, { move = false } = {}) => {
      refuseWhenClosed()
      const path = files.pathOf(key)
      files.prepare(path)
      const prepared = await prepareStoreFile(fromPath, path, move)
      const store = open(key)
      await store.database.whileClosed(async () => {
        stores.close(store)
        newStores.made(key)
        await observer?.beforeEvent(key)
        await swapStoreFile(prepared, path)
        observer?.replaced(key)
        meter?.forget(key.tenantId)
        await platformFile.transaction(async (transaction) => {
          const { kernel } = transaction.file
          transaction.run(kernel, 'delete from migration where tenant_id = ? and plugin_id = ?', [key.tenantId, key.pluginId])
          for (const { name, applied_at: at } of prepared.migrations) {
            transaction.run(kernel, 'insert into migration (tenant_id, plugin_id, name, applied_at) values (?, ?, ?, ?)', [key.tenantId, key.pluginId, name, at])
          }
        })
      })
      if (move) rmSync(fromPath, { force: true })
    },

    adoptStores: async (tenantId, fromFolder) => {
      refuseWhenClosed()
      await files.adopt(tenantId, fromFolder)
    },
    discardStores: (tenantId) => files.discard(tenantId),

    placePlatform: async (fromPath) => {
      const reader = new TableFileReader(fromPath)
      try {
        await platformFile.transaction((transaction) => placeRows(transaction, reader), { rebuildsTables: true })
      } finally {
        reader.close()
      }
    },

    retire: (to) => writeMoved(folder, to, outside.now()),

    rest: (key) => {
      const store = stores.find(key)
      if (store !== undefined && store.database.isOpen && !store.database.isBusy) stores.close(store)
    },

    tablesChanged: () => undefined, // SQLite looks by itself

    drop: async (key) => {
      const store = open(key)
      // Behind whoever writes now.
      if (store.database.isBusy) await store.kernelTransaction(async () => undefined)
      stores.close(store, false)
      files.remove(key)
      newStores.made(key)
      observer?.dropped(key)
      meter?.forget(key.tenantId)
      await platformFile.transaction(async (transaction) => {
        for (const table of ['migration', 'dirty', 'schedule']) {
          transaction.run(transaction.file.kernel, `delete from ${table} where tenant_id = ? and plugin_id = ?`, [key.tenantId, key.pluginId])
        }
      })
    },

    stats: {
      get openStores() { return stores.openCount },
      get storeDescriptors() { return stores.descriptors },
      get openedTotal() { return stores.openedTotal },
      get statementsRefused() { return refused },
    },

    close: async () => {
      closed = true
      clearInterval(looking)
      stores.closeAll()
      platformLog?.close()
      platformFile.close()
    },
  }
  return storage
}
