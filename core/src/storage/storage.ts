import type { Kysely } from 'kysely'
import type { MigrationTables, Migrations } from '@liberacces/sdk'
import type { Cause } from '../events/cause.ts'
import type { Stamp } from './changes.ts'
import type { PlatformTables } from './platform-tables.ts'
import type { StoreTables } from './store-tables.ts'

/** Which store: one plugin's data of one tenant. */
export interface StoreKey {
  readonly tenantId: string
  readonly pluginId: string
}

/** An event as it is written beside the data. */
export interface OutboxEvent {
  /** An id that it has from elsewhere; `undefined` where the store makes one. Unique in the store. */
  readonly id: string | undefined
  /** The event contract's id. */
  readonly type: string
  readonly subject: string | undefined
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  readonly data: unknown
  /** Deliver no sooner, in milliseconds since the Unix epoch. */
  readonly notBefore: number | undefined
  /** W3C trace context of the call that emitted it. */
  readonly traceparent: string | undefined
  readonly tracestate?: string | undefined
  /** Version of the release that emitted it. */
  readonly release?: string | undefined
  readonly cause?: Cause | undefined
}

/** One transaction on a store. */
export interface StoreTransaction {
  /** Kysely bound to this transaction. */
  readonly db: Kysely<MigrationTables>
  /**
   * Writes an event at the end of the store's.
   * @returns its id
   */
  appendEvent(event: OutboxEvent): Promise<string>
  /**
   * Notes that a handler has dealt with an event, in the same transaction as its effects.
   * @returns `false` when it had before: the effects must then not be written again
   */
  acceptEvent(eventId: string, handler: string): Promise<boolean>
}

/** A plugin's data of one tenant: one SQLite file, or one PostgreSQL schema. */
export interface PluginStore {
  /** Another one after anything in the store has changed. Taken before reading: what was read is then as old as the stamp, or newer. */
  stamp(): Stamp
  /** Outside a transaction; each statement is its own. Waits while a transaction is open. */
  readonly db: Kysely<MigrationTables>
  /** The same for who may only look: what would write is refused with `READ_ONLY`. */
  readonly reading: Kysely<MigrationTables>
  /**
   * Runs a body in one durable transaction, one at a time per store. Rolls back when the body throws or the signal aborts.
   */
  transaction<Result>(body: (tx: StoreTransaction) => Promise<Result>, signal: AbortSignal): Promise<Result>
}

/** Who must know of events being written: the event bus. */
export interface EventObserver {
  /** Where several nodes share a database: what it knows this one by, which is told of its own commits. */
  readonly here?: string | undefined
  /**
   * Before an event is written, inside its transaction. When it rejects, the event is not written.
   * `undefined` when there is nothing to wait for.
   */
  beforeEvent(key: StoreKey): Promise<void> | undefined
  /** A transaction that wrote events has committed. */
  afterCommit(key: StoreKey): void
  /** A store is gone, with its events. */
  dropped(key: StoreKey): void
  /** Another file stands in a store's place, and its events instead of those known. The store is closed, and was marked by `beforeEvent`. */
  replaced(key: StoreKey): void
}

/** The kernel's tables and the stores of some tenants as they are at one and the same moment, while others go on writing. */
export interface Moment {
  readonly platform: Kysely<PlatformTables>
  /** Copies the kernel's tables, of all tenants, to a file: durable, and there whole or not at all. */
  copyPlatformTo(path: string): Promise<void>
  readonly stores: readonly {
    readonly key: StoreKey
    /** The kernel's own tables inside it, to be read. */
    readonly kernel: Kysely<StoreTables>
    /** As {@link Storage.copyStore}, of this moment. */
    copyTo(path: string): Promise<void>
  }[]
  /** Lets go of it. What the databases keep for its sake grows until then. */
  close(): Promise<void>
}

/** Who keeps stores within what their tenants may store. */
export interface StoreMeter {
  /** Whether there is a limit at all; without one nothing else is asked. */
  isLimited(tenantId: string): boolean
  /** To be awaited before a write; `undefined` when there is nothing to wait for. */
  ready(tenantId: string): Promise<void> | undefined
  /** Bytes that are left. */
  roomOf(tenantId: string): number | undefined
  /**
   * A store is about to have this size in bytes, or has it already.
   * @param isAsked - may be refused
   * @throws PlatformError `QUOTA_EXCEEDED`: the write is then undone
   */
  resize(key: StoreKey, bytes: number, isAsked: boolean): void
  /** What a write is told that reached the end of the room. */
  full(tenantId: string, cause: unknown): Error
  /** A store was dropped or replaced: what was counted is no longer true. */
  forget(tenantId: string): void
}

/** One table of a plugin. */
export interface TableSize {
  readonly table: string
  readonly rows: number
  /** With its indexes. */
  readonly bytes: number
}

/** The data of stores, by whoever has it. */
export interface StoreData {
  /** A handle on a store. Cheap: nothing is opened before the first statement, and idle files are closed again. */
  store(key: StoreKey): PluginStore
  /** The kernel's own tables inside a store, and no guard. Each statement is its own and waits while a transaction is open. */
  kernelStore(key: StoreKey): Kysely<StoreTables>
}

/** What a copy is made of: the store as it is at one moment, a file as {@link Storage.copyStore} makes it, or nothing. */
export type CopySource = 'store' | 'nothing' | { readonly path: string }

/**
 * The data of one store once more, on the same kind of database, for trying something on. Its data is found under the store's own key, by whoever
 * holds the copy alone; it counts nowhere as the tenant's, and nothing is delivered from it.
 */
export interface StoreCopy extends StoreData {
  /** As {@link Storage.migrate}, at once. */
  migrate(migrations: Migrations): Promise<{ readonly applied: readonly string[] }>
  /** As {@link Storage.revert}. */
  revert(migrations: Migrations, names: readonly string[]): Promise<{ readonly reverted: readonly string[] }>
  /** The plugin's tables, columns, indexes and views as the database says them: the same text for the same shape, however it came about. */
  shape(): Promise<string>
  /** As {@link Storage.copyStore}. */
  copyTo(path: string): Promise<void>
  /** Takes it away. Twice is harmless. */
  close(): Promise<void>
}

/** Finds migrations of a plugin among which are some: those of a release that is here, whichever. */
export type FindMigrations = (pluginId: string, names: readonly string[]) => Promise<Migrations | undefined>

/** The kernel's and the plugins' data, whatever the database. */
export interface Storage extends StoreData {
  /** Which database it is, for the few who must say it in its own words. */
  readonly dialect: 'sqlite' | 'postgres'
  readonly platform: Kysely<PlatformTables>
  /**
   * Another one after anything in the kernel's tables has changed; those that are written to all the time count when they are named alone:
   * `session`, `account`, `api_token`, `audit`, `dirty`, `schedule`, `login_failure`, `migration`, `quota_usage`, `event_replay`, `event_sweep`.
   */
  platformStamp(apart?: readonly string[]): Stamp
  /**
   * Runs a body in one durable transaction on the kernel's tables. The body must not touch a store: a transaction on a store
   * that emits waits for the kernel's tables, and would wait for ever.
   */
  platformTransaction<Result>(body: (tx: Kysely<PlatformTables>) => Promise<Result>): Promise<Result>
  /** Runs a body in one durable transaction on the kernel's own tables inside a store. */
  kernelTransaction<Result>(key: StoreKey, body: (tx: Kysely<StoreTables>) => Promise<Result>): Promise<Result>
  /** Plugins of a tenant whose stores exist, in the order of their ids. */
  storesOf(tenantId: string): Promise<readonly StoreKey[]>
  /** Names the one observer of events. Called once, before any event is written. */
  observeEvents(observer: EventObserver): void
  /** Names who limits what plugins write. Called once; without it there is no limit. */
  limitWrites(meter: StoreMeter): void
  /** Sizes of a tenant's stores in bytes, by plugin, without what the database itself keeps while it is open. */
  sizesOf(tenantId: string): Promise<ReadonlyMap<string, number>>
  /**
   * From now on {@link migrate} makes no store: one that is not there is made when it is first used, from a template in which the
   * migrations that it is to have are run already. So switching on for tens of thousands of tenants costs no file.
   * @param migrationsOf - what the release that a tenant runs now wants; `undefined` where it runs none. Called at a store's first use
   */
  makeStoresLate(migrationsOf: (key: StoreKey) => Migrations | undefined): void
  /** Names who finds the migrations that some data has had: what travels in files is of a release that need not run. Called once. */
  findMigrations(find: FindMigrations): void
  /**
   * Brings a store's tables up to the named migrations; those applied before are skipped. The migrations of a store that is not there
   * yet are run in a template, once for all stores of the release: what fails there fails here.
   * @throws PlatformError `MIGRATION_FAILED`; the store is then as it was before
   */
  migrate(key: StoreKey, migrations: Migrations): Promise<{ readonly applied: readonly string[] }>
  /**
   * Copies a store's database as it is at one moment, while it is written to, and without holding up who writes. The copy is one
   * file, durable, and there whole or not at all; what stood at `toPath` is replaced, and folders above it are made.
   * @returns `false` when the store does not exist
   */
  copyStore(key: StoreKey, toPath: string): Promise<boolean>
  /**
   * Makes a copy for trying something on; what it is made of is only read. Whoever makes it closes it.
   * @param folder - where files of it may lie; it is there, and is taken away by the caller once the copy is closed
   * @throws PlatformError `STORE_INVALID` when the file is no store, or one of a newer platform
   */
  openCopy(key: StoreKey, source: CopySource, folder: string): Promise<StoreCopy>
  /** Takes away copies whose process is gone, and none of a node that lives. What cannot be taken away yet is left for the next time. */
  sweepCopies(): Promise<void>
  /**
   * Takes hold of one moment of the kernel's tables and of all stores of some tenants. Whatever one of them shows to have been done
   * because of another is there in that one too. The caller closes it. On SQLite it takes 1 ms a store, in which nothing else runs.
   */
  momentOf(tenantIds: readonly string[]): Promise<Moment>
  /**
   * Puts a copy in a store's place, or makes the store of it: durably and at once, between two transactions; those that wait go on with
   * the new one, and its undelivered events are found. Replacing twice is harmless.
   * @param fromPath - one file, as {@link copyStore} makes it. It stays where it is
   * @param options - `move` to take the file itself, where it lies on the same disk, and save a copy
   * @throws PlatformError `STORE_INVALID` when the file is no store, or one of a newer platform; the store is then as it was
   */
  placeStore(key: StoreKey, fromPath: string, options?: { readonly move?: boolean }): Promise<void>
  /**
   * Puts the stores of a tenant that is not there yet in their places. Nothing is delivered from them before the event bus is woken for each.
   * @param fromFolder - holds them as `<plugin id>.sqlite`, and is gone afterwards
   * @throws PlatformError `STORE_INVALID`; some may be in place then, which {@link discardStores} takes away
   */
  adoptStores(tenantId: string, fromFolder: string): Promise<void>
  /** Takes away what {@link adoptStores} has put in place, of a tenant that never was. Harmless where there is nothing. */
  discardStores(tenantId: string): Promise<void>
  /**
   * Puts the rows of a copy, as {@link Moment.copyPlatformTo} makes it, in the place of all rows of the kernel's tables, in one transaction.
   * For a platform that nobody uses just now: what is held in memory is not read anew.
   */
  placePlatform(fromPath: string): Promise<void>
  /** Its data has been moved: from now on opening it is refused. @param to - where to, for people: without a password */
  retire(to: string): Promise<void>
  /**
   * Takes back migrations that a store has had, the last first, all or none; those it does not have are passed over.
   * @param names - which; each must be among `migrations`
   * @throws PlatformError `MIGRATION_FAILED`; the store is then as it was before
   */
  revert(key: StoreKey, migrations: Migrations, names: readonly string[]): Promise<{ readonly reverted: readonly string[] }>
  /** Size of a store's database in bytes; 0 when it does not exist. */
  sizeOf(key: StoreKey): Promise<number>
  /** The plugin's own tables in a store that is there, by name. */
  tablesOf(key: StoreKey): Promise<readonly TableSize[]>
  /** Closes a store's file where nobody uses it just now; the next statement opens it again. Harmless. */
  rest(key: StoreKey): void
  /** Another node may have changed a store's tables: what was kept ready for them as they were is given up. Harmless. */
  tablesChanged(key: StoreKey): void
  /** Deletes a store and its bookkeeping for good. */
  drop(key: StoreKey): Promise<void>
  /** Counts for metrics. */
  readonly stats: { readonly openStores: number; readonly storeDescriptors: number; readonly openedTotal: number; readonly statementsRefused: number }
  close(): Promise<void>
}
