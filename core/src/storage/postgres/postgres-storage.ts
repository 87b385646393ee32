// Longer than others: everything here shares the pools and who watches; what can stand alone has a file of its own.
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../../errors.ts'
import type { Outside } from '../../outside.ts'
import { nextStamp } from '../changes.ts'
import { NewStores, sameWhenNone } from '../new-stores.ts'
import { RememberedTexts } from '../remembered-texts.ts'
import { headOf, type GuardMode } from '../sqlite/statement-guard.ts'
import { StoreShapes } from '../sqlite/store-shapes.ts'
import type { EventObserver, FindMigrations, Moment, Storage, StoreKey, StoreMeter, TableSize } from '../storage.ts'
import { storeName } from '../store-name.ts'
import { Connection, type Login } from './connection.ts'
import { ConnectionPool, type PoolOptions } from './connection-pool.ts'
import { stateOf } from './database-error.ts'
import type { DatabaseAddress } from './database-address.ts'
import { firstConnection } from './first-connection.ts'
import { KernelDatabase } from './kernel-database.ts'
import { fillPlace, leavePlace, placePlatformRows, swapPlace, sweepStages, type PlacingPorts } from './place-store.ts'
import { judgePostgres, type JudgedPostgres } from './postgres-guard.ts'
import { PostgresCopies } from './postgres-copy.ts'
import { takeMoment, type MomentPorts } from './postgres-moment.ts'
import { PostgresStore } from './postgres-store.ts'
import { reclaimStore } from './reclaim-store.ts'
import { StatementNames } from './statement-names.ts'
import { StoreGrowth } from './store-growth.ts'
import { StoreMigrations } from './store-migrations.ts'
import { dropPlace, findPlace, makePlace, readyPlace, renewPassword, type PlaceOptions } from './store-places.ts'
import { namesOfRole, storeLogin, type StoreNames } from './store-role.ts'
import { apart } from './turns.ts'

/** What the PostgreSQL storage is made from. */
export interface PostgresStorageOptions {
  readonly address: DatabaseAddress
  /** Where files are put together that are gone afterwards. It is there. */
  readonly folder: string
  /** The server's, from which the passwords of the stores' roles are made. */
  readonly secret: Uint8Array
  readonly outside: Outside
  /** This process among the nodes of the database. @defaultValue it is none */
  readonly node?: string
  readonly log?: { warn(detail: object, message: string): void }
  /** Longest that somebody waits for a connection, in milliseconds. @defaultValue 5 000 */
  readonly waitMs?: number
  /** Longest that one statement of a plugin may take, in milliseconds. @defaultValue 30 000 */
  readonly statementMs?: number
}

/** Of the connections, those for single statements and transactions on the kernel's tables; as many again for what the kernel does in stores. */
const KERNEL_SHARE = 0.2
const IDLE_MS = 60_000
/** Where migrations are tried that no store has yet. No tenant has such an id. */
const REHEARSAL: StoreKey = Object.freeze({ tenantId: 'liberacces', pluginId: 'rehearsal' })
const SIZES = `select s.plugin_id as plugin_id, coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes from liberacces_internal.store s
  join pg_namespace n on n.nspname in (('p_' || s.mark)::name, ('k_' || s.mark)::name) left join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'm')
  where s.tenant_id = $1 and ($2::text is null or s.plugin_id = $2) group by s.plugin_id`

const TABLES = `select c.relname::text as "table", pg_total_relation_size(c.oid) as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r' order by c.relname collate "C"`

/**
 * The kernel's data in one schema of a PostgreSQL database, each plugin's data of each tenant in another, which only a role of its own may use.
 * @throws PlatformError `DB_UNAVAILABLE`, `CONFIG_INVALID`
 */
export async function createPostgresStorage({ address, folder, secret, outside, node, log, waitMs = 5_000, statementMs = 30_000 }: PostgresStorageOptions): Promise<Storage> {
  const { name: where } = address
  const kernelLogin = { user: address.user, password: address.password }
  const database = await firstConnection(address, kernelLogin)
  for (const warning of database.warnings) log?.warn({ database: where }, warning)

  const forKernel = Math.max(2, Math.floor(address.connections * KERNEL_SHARE))
  const connect: PoolOptions['open'] = (login, ended) => Connection.open(address, login, ended)
  /** As a store's role, whose password may be that of another secret. */
  const connectAsStore: PoolOptions['open'] = async (login, ended) => {
    try {
      return await connect(login, ended)
    } catch (error) {
      const store = namesOfRole(database.mark, login.user)
      if (stateOf(error) !== '28P01' || store === undefined) throw error
      await kernel.hold((connection) => renewPassword(connection, store, secret))
      return await connect(login, ended)
    }
  }
  const pool = (limit: number, mostOfRole: number, reserve: number, open = connect): ConnectionPool => new ConnectionPool({ limit, reserve, waitMs, idleMs: IDLE_MS, where, mostOfRole, open })
  const forPlugins = address.connections - 2 * forKernel
  const platformPool = pool(forKernel, forKernel, 0)
  const kernelPool = pool(forKernel, forKernel + 1, 1)
  const pluginPool = pool(forPlugins - 1, Math.max(2, Math.ceil(forPlugins / 3)), 1, connectAsStore)
  const placing: PlaceOptions = { secret, platform: database.mark, statementMs, idleMs: 2 * statementMs }
  const newStores = new NewStores()
  const names = new StatementNames()
  const judged = { plugin: new RememberedTexts((sql) => judgePostgres(sql, 'plugin')), migration: new RememberedTexts((sql) => judgePostgres(sql, 'migration')) }
  let observer: EventObserver | undefined
  let meter: StoreMeter | undefined
  let finding: FindMigrations | undefined
  let refused = 0

  const stores = new Map<string, WeakRef<PostgresStore>>()
  const forgotten = new FinalizationRegistry<string>((name) => { if (stores.get(name)?.deref() === undefined) stores.delete(name) })
  const placingNow = new Map<string, Promise<StoreNames>>()

  const judge = (key: StoreKey, sql: string, mode: GuardMode): JudgedPostgres => {
    const judgement = judged[mode].of(sql)
    if (judgement.refusal === undefined) return judgement
    refused += 1
    const head = headOf(sql)
    log?.warn({ plugin: key.pluginId, tenant: key.tenantId, statement: head, reason: judgement.refusal }, 'statement refused')
    throw new PlatformError('DB_STATEMENT_REFUSED', `Plugin "${key.pluginId}" may not run "${head}": ${judgement.refusal}.`, {
      fix: 'Read and write the plugin\'s own tables, one statement at a time; change tables in migrations.',
    })
  }

  const kernel = new KernelDatabase({ login: kernelLogin, where, names, judged: judged.plugin, tables: platformPool, stores: kernelPool })
  const { kysely: platform } = kernel

  const find = (key: StoreKey): Promise<StoreNames | undefined> => kernel.share((connection) => findPlace(connection, key, placing))

  /** Finds or makes a store, once however many ask. */
  const place = async (store: PostgresStore): Promise<StoreNames> => {
    const name = storeName(store.key)
    const under = placingNow.get(name)
    if (under !== undefined) return await under
    const work = new Promise<StoreNames>((resolve, reject) => {
      // What is made here goes on by itself: it is no part of the transaction of who asked first.
      apart(() => { findOrMake(store).then(resolve, reject) })
    })
    placingNow.set(name, work)
    try {
      return (store.names = await work)
    } finally {
      placingNow.delete(name)
    }
  }

  const findOrMake = async (store: PostgresStore): Promise<StoreNames> => {
    const { key } = store
    const found = await find(key)
    if (found !== undefined) return found
    const { names: made, isReady } = await kernel.hold((connection) => makePlace(connection, key, placing))
    if (isReady) return made
    const migrations = newStores.migrationsOf(key)
    if (migrations !== undefined && Object.keys(migrations).length > 0) await migrating.apply(key, made, store.owner, migrations)
    await kernel.hold((connection) => readyPlace(connection, key))
    newStores.made(key)
    return made
  }

  const everyStore = { outside, where, plugins: pluginPool, kernel: kernelPool, kernelLogin, names, judge, login: (of: StoreNames) => storeLogin(secret, of) }
  const reclaim = async (key: StoreKey, shrinks: boolean): Promise<void> => {
    const placed = open(key).names
    if (placed === undefined) return
    await reclaimStore(pluginPool, storeLogin(secret, placed), placed, shrinks).catch((error: unknown) => { log?.warn({ err: error, plugin: key.pluginId, tenant: key.tenantId }, 'the place of deleted rows could not be reclaimed') })
  }
  const growthOf = (key: StoreKey): StoreGrowth => new StoreGrowth(key, { meter: () => meter, measure: () => sizeOf(key), reclaim: (shrinks) => reclaim(key, shrinks) })
  const storeOf = (key: StoreKey, isUrgent = false): PostgresStore => new PostgresStore(Object.freeze({ ...key }), growthOf(key), { ...everyStore, isUrgent, observer: () => observer, find, place })
  /** One that lies elsewhere, which nobody watches or limits. */
  const storeAt = (key: StoreKey, at: StoreNames): PostgresStore => {
    const growth = new StoreGrowth(key, { meter: () => undefined, measure: async () => 0, reclaim: async () => undefined })
    const store = new PostgresStore(Object.freeze({ ...key }), growth, { ...everyStore, isUrgent: false, observer: () => undefined, find: async () => at, place: async () => at })
    store.names = at
    return store
  }
  const open = (key: StoreKey): PostgresStore => {
    const name = storeName(key)
    const known = stores.get(name)?.deref()
    if (known !== undefined) return known
    const store = storeOf(key)
    stores.set(name, new WeakRef(store))
    forgotten.register(store, name)
    return store
  }

  const storesOf = async (tenantId: string): Promise<readonly StoreKey[]> =>
    (await kernel.rows<{ readonly plugin_id: string }>('select plugin_id from liberacces_internal.store where tenant_id = $1 order by plugin_id', [tenantId])).map((row) => ({ tenantId, pluginId: row.plugin_id }))
  const sizesOf = async (tenantId: string, pluginId: string | null): Promise<ReadonlyMap<string, number>> => {
    const rows = await kernel.rows<{ readonly plugin_id: string; readonly bytes: number }>(SIZES, [tenantId, pluginId])
    return new Map(rows.map((row) => [row.plugin_id, row.bytes] as const))
  }
  const sizeOf = async (key: StoreKey): Promise<number> => (await sizesOf(key.tenantId, key.pluginId)).get(key.pluginId) ?? 0

  const migrating = new StoreMigrations({ kernel, plugins: pluginPool, secret, outside, fresh: (key) => storeOf(key, true) })
  const rehearsal = { key: REHEARSAL, place: async () => open(REHEARSAL).names ?? await place(open(REHEARSAL)) }

  const openApart = async (login: Login): Promise<Connection> => {
    try {
      return await connectAsStore(login, () => undefined)
    } catch (error) {
      throw kernel.explained(error)
    }
  }
  const momentPorts: MomentPorts = { connect: openApart, kernelLogin, loginOf: (of) => storeLogin(secret, of), platform: database.mark, shapes: new StoreShapes(outside), find: () => finding }
  const momentOf = async (which: readonly string[] | StoreKey): Promise<Moment> => await takeMoment(momentPorts, which).catch((error: unknown) => { throw kernel.explained(error) })
  const filling: PlacingPorts = {
    outside, folder, asKernel: (work) => kernel.hold(work), connect: openApart, loginOf: (of) => storeLogin(secret, of), platform: database.mark, find: () => finding,
    make: (stage) => kernel.hold((connection) => makePlace(connection, stage, placing)),
    migrate: (stage, placed, migrations) => migrating.fill(stage, placed, storeName(stage), migrations),
  }
  const copies = new PostgresCopies({ placing: filling, moment: momentPorts, migrating, storeAt, forget: (role) => pluginPool.forget(role), node, log })
  /** @param isTold - whether the observer of events learns of it: not so of a tenant that is not there yet */
  const putInPlace = async (key: StoreKey, fromPath: string, isTold: boolean): Promise<void> => {
    const filled = await fillPlace(filling, key, fromPath)
    const store = open(key)
    await store.turns.take(async () => {
      if (isTold) await observer?.beforeEvent(key)
      const old = await kernel.hold((connection) => swapPlace(connection, key, filled, database.mark)).catch(async (error: unknown) => {
        await leavePlace(filling, filled.stage)
        throw error
      })
      if (old !== undefined) await pluginPool.forget(old.role)
      store.names = undefined
      store.growth.forget()
      newStores.made(key)
      if (isTold) observer?.replaced(key)
      meter?.forget(key.tenantId)
    })
  }
  await kernel.hold((connection) => sweepStages(connection, database.mark, outside.now()))

  return {
    dialect: 'postgres',
    platform,
    platformStamp: () => nextStamp(),
    platformTransaction: (body) => kernel.transaction(body),
    store: open,
    kernelStore: (key) => open(key).kernel,
    kernelTransaction: (key, body) => open(key).kernelTransaction(body),
    storesOf,
    observeEvents: (only) => {
      if (observer !== undefined) throw new Error('The storage has its observer of events already.')
      observer = only
    },
    limitWrites: (only) => {
      if (meter !== undefined) throw new Error('The storage has who limits it already.')
      meter = only
    },
    sizesOf: (tenantId) => sizesOf(tenantId, null),
    makeStoresLate: (migrationsOf) => { newStores.observe(migrationsOf) },

    migrate: async (key, given) => {
      const migrations = sameWhenNone(given)
      const store = open(key)
      const known = store.names
      const found = await find(key)
      // Another node may have dropped it, or put a copy in its place; who has just made it here knows better.
      if (found !== undefined || store.names === known) store.names = found
      let placed = store.names
      if (placed === undefined && newStores.areMadeLate) {
        await migrating.rehearse(migrations, store.owner, rehearsal)
        placed = store.names
        if (placed === undefined) {
          newStores.expect(key, migrations)
          return { applied: Object.keys(migrations).toSorted() }
        }
      }
      // Behind whoever writes now.
      return { applied: await migrating.apply(key, placed ?? await place(store), store.owner, migrations) }
    },

    revert: async (key, migrations, wanted) => {
      const placed = await find(key)
      return { reverted: placed === undefined ? [] : await migrating.revert(key, placed, open(key).owner, migrations, wanted) }
    },

    sizeOf,
    tablesOf: async (key) => {
      const { own } = open(key).names ?? await place(open(key))
      const rows = await kernel.rows<{ readonly table: string; readonly bytes: number }>(TABLES, [own])
      const tables: TableSize[] = []
      // Counted as the plugin's role: the kernel's own reads nothing of a plugin.
      for (const { table, bytes } of rows) {
        const counted = await open(key).db.selectFrom(table).select(({ fn }) => fn.countAll<number>().as('rows')).executeTakeFirstOrThrow()
        tables.push({ table, rows: Number(counted.rows), bytes })
      }
      return tables
    },
    findMigrations: (only) => { finding = only },

    copyStore: async (key, toPath) => {
      const moment = await momentOf(key)
      try {
        await moment.stores[0]?.copyTo(toPath)
        return moment.stores.length > 0
      } finally {
        await moment.close()
      }
    },

    momentOf: (tenantIds) => momentOf(tenantIds),
    openCopy: (key, source) => copies.make(key, source).catch((error: unknown) => { throw kernel.explained(error) }),
    sweepCopies: () => copies.sweep(),

    placeStore: async (key, fromPath, { move = false } = {}) => {
      await putInPlace(key, fromPath, true)
      if (move) await rm(fromPath, { force: true })
    },

    adoptStores: async (tenantId, fromFolder) => {
      for (const name of await readdir(fromFolder)) await putInPlace({ tenantId, pluginId: name.replace(/\.sqlite$/, '') }, join(fromFolder, name), false)
      await rm(fromFolder, { recursive: true })
    },

    discardStores: async (tenantId) => {
      for (const key of await storesOf(tenantId)) await kernel.hold((connection) => dropPlace(connection, key, database.mark))
      await platform.deleteFrom('migration').where('tenant_id', '=', tenantId).execute()
    },

    placePlatform: (fromPath) => kernel.hold((connection) => placePlatformRows(connection, 'liberacces', fromPath)),

    retire: (to) => kernel.hold(async (connection) => { await connection.run({ sql: 'update liberacces_internal.platform set moved_to = $1', values: [to] }) }),

    rest: (key) => {
      const known = stores.get(storeName(key))?.deref()?.names
      if (known !== undefined) void pluginPool.rest(known.role)
    },

    tablesChanged: (key) => {
      const known = stores.get(storeName(key))?.deref()?.names
      if (known !== undefined) void pluginPool.forget(known.role)
    },

    drop: async (key) => {
      const store = open(key)
      await store.turns.take(async () => {
        const placed = await find(key) ?? store.names
        if (placed !== undefined) await pluginPool.forget(placed.role)
        await kernel.hold((connection) => dropPlace(connection, key, database.mark))
        store.names = undefined
        store.growth.forget()
      })
      newStores.made(key)
      observer?.dropped(key)
      meter?.forget(key.tenantId)
      await kernel.transaction(async (tx) => {
        for (const table of ['migration', 'dirty', 'schedule'] as const) await tx.deleteFrom(table).where('tenant_id', '=', key.tenantId).where('plugin_id', '=', key.pluginId).execute()
      })
    },

    stats: {
      get openStores() { return pluginPool.roles },
      get storeDescriptors() { return pluginPool.size },
      get openedTotal() { return pluginPool.openedTotal },
      get statementsRefused() { return refused },
    },

    close: async () => {
      await Promise.all([pluginPool.close(), kernelPool.close(), platformPool.close()])
    },
  }
}
