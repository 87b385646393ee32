import type { StoreKey } from '../storage.ts'
import { PlatformError } from '../../errors.ts'
import type { Connection } from './connection.ts'
import { FUNCTIONS_VERSION, POSTGRES_STORE_SCHEMA, storeFunctions } from './postgres-store-schema.ts'
import { namesOf, scramVerifier, storeLogin, storeNames, type StoreNames } from './store-role.ts'

/** What stores are made with. */
export interface PlaceOptions {
  readonly secret: Uint8Array
  readonly platform: string
  /** Longest that one statement of a plugin may take, in milliseconds. */
  readonly statementMs: number
  /** Longest that a transaction of a plugin may stand still, in milliseconds: its process is then gone. */
  readonly idleMs: number
}

/** A store that is there. */
export interface MadePlace {
  readonly names: StoreNames
  /** Whether it has had its first migrations. */
  readonly isReady: boolean
}

interface StoreRow {
  readonly mark: string
  readonly version: number
  readonly functions: number
  readonly ready: number
}

/** Most that one statement of a plugin may put aside on the server's disk, in KiB. */
const MOST_ON_DISK_KIB = 1_048_576

const COLUMNS = 'mark, version, functions, ready'

/**
 * Finds a store that can be used: with its first migrations, and the kernel's tables up to date.
 * @param connection - the kernel's
 */
export async function findPlace(connection: Connection, key: StoreKey, options: PlaceOptions): Promise<StoreNames | undefined> {
  const [row] = (await connection.run({ sql: `select ${COLUMNS} from liberacces_internal.store where tenant_id = $1 and plugin_id = $2`, values: [key.tenantId, key.pluginId], name: 'la_find_place' })).rows as readonly StoreRow[]
  if (row === undefined) return undefined
  const names = namesOf(options.platform, row.mark)
  if (row.version > POSTGRES_STORE_SCHEMA.length) {
    throw new PlatformError('STORE_INVALID', `The store of plugin "${key.pluginId}" of tenant ${key.tenantId} was changed by a newer release of the platform.`, { fix: 'Use that release.' })
  }
  return row.version === POSTGRES_STORE_SCHEMA.length && row.functions === FUNCTIONS_VERSION && row.ready === 1 ? names : undefined
}

/**
 * Makes a store with its two schemas and its role, or brings one up to date that an older release has made. In one transaction on the kernel's connection, which
 * the caller has to itself; when two do so at the same moment, one of them finds what the other has made.
 * @throws PlatformError `STORE_INVALID`
 */
export async function makePlace(connection: Connection, key: StoreKey, options: PlaceOptions): Promise<MadePlace> {
  const { tenantId, pluginId } = key
  await connection.script('begin')
  try {
    const { row, isNew } = await takePlace(connection, key, storeNames(options.secret, options.platform, key).own.slice(2))
    const names = namesOf(options.platform, row.mark)
    if (isNew) await connection.script(makeRole(names, options))
    const steps = POSTGRES_STORE_SCHEMA.slice(row.version)
    await connection.script(`set local search_path = ${names.kernel}, pg_catalog; ${steps.join('\n')}; ${storeFunctions(names, options.secret)}`)
    await connection.run({ sql: 'update liberacces_internal.store set version = $3, functions = $4 where tenant_id = $1 and plugin_id = $2', values: [tenantId, pluginId, POSTGRES_STORE_SCHEMA.length, FUNCTIONS_VERSION] })
    await connection.script('commit')
    return { names, isReady: row.ready === 1 }
  } catch (error) {
    await connection.script('rollback').catch(() => undefined) // the first error says more
    throw error
  }
}

/**
 * Finds a store's row or writes it, and holds it until the transaction ends. Who comes second waits until the first has committed.
 * @param mark - what the store is called if it is new
 * @throws PlatformError `STORE_INVALID` where another store is called so
 */
async function takePlace(connection: Connection, { tenantId, pluginId }: StoreKey, mark: string): Promise<{ readonly row: StoreRow; readonly isNew: boolean }> {
  for (;;) {
    // Whichever of the two keys is taken: of two that write at the same moment the second may meet the first at either.
    const inserted = await connection.run({ sql: 'insert into liberacces_internal.store (tenant_id, plugin_id, mark, version, functions) values ($1, $2, $3, 0, 0) on conflict do nothing', values: [tenantId, pluginId, mark] })
    const [row] = (await connection.run({ sql: `select ${COLUMNS} from liberacces_internal.store where tenant_id = $1 and plugin_id = $2 for update`, values: [tenantId, pluginId] })).rows as readonly StoreRow[]
    if (row !== undefined) return { row, isNew: inserted.count === 1 }
    const [other] = (await connection.run({ sql: 'select tenant_id, plugin_id from liberacces_internal.store where mark = $1', values: [mark] })).rows as readonly { readonly tenant_id: string; readonly plugin_id: string }[]
    if (other !== undefined && (other.tenant_id !== tenantId || other.plugin_id !== pluginId)) {
      throw new PlatformError('STORE_INVALID', `The store of plugin "${pluginId}" of tenant ${tenantId} would have the name of another one: that of plugin "${other.plugin_id}" of tenant ${other.tenant_id}.`, { fix: 'Somebody has changed the table liberacces_internal.store by hand: bring it back as it was, from a backup.' })
    }
    // Whose row it was has dropped it between the two statements, or somebody has made it anew since.
  }
}

/** A store has had its first migrations: from now on everybody finds it. */
export async function readyPlace(connection: Connection, { tenantId, pluginId }: StoreKey): Promise<void> {
  await connection.run({ sql: 'update liberacces_internal.store set ready = true where tenant_id = $1 and plugin_id = $2', values: [tenantId, pluginId] })
}

/** Takes a store's schemas and its role away; harmless where there are none. */
export async function dropPlace(connection: Connection, key: StoreKey, platform: string): Promise<void> {
  await connection.script(`begin; set local lock_timeout = '10s'`)
  try {
    const [row] = (await connection.run({ sql: 'delete from liberacces_internal.store where tenant_id = $1 and plugin_id = $2 returning mark', values: [key.tenantId, key.pluginId] })).rows as readonly { mark: string }[]
    if (row !== undefined) {
      const { own, kernel, role } = namesOf(platform, row.mark)
      await connection.script(`drop schema if exists ${own} cascade; drop schema if exists ${kernel} cascade; drop role if exists ${role}`)
    }
    await connection.script('commit')
  } catch (error) {
    await connection.script('rollback').catch(() => undefined) // the first error says more
    throw error
  }
}

/** Gives a store's role the password that this server's secret makes: it had another secret's. */
export async function renewPassword(connection: Connection, names: StoreNames, secret: Uint8Array): Promise<void> {
  try {
    // One node at a time: PostgreSQL refuses who changes a role at the same moment.
    await connection.script(`begin; select from liberacces_internal.store where mark = '${names.own.slice(2)}' for update; alter role ${names.role} password '${scramVerifier(storeLogin(secret, names).password ?? '')}';
      update liberacces_internal.store set functions = ${FUNCTIONS_VERSION} where mark = '${names.own.slice(2)}'; ${storeFunctions(names, secret)}; commit`)
  } catch (error) {
    await connection.script('rollback').catch(() => undefined) // the first error says more
    throw error
  }
}

function makeRole(names: StoreNames, { secret, statementMs, idleMs }: PlaceOptions): string {
  const { own, kernel, role } = names
  const set = (what: string): string => `execute format('alter role ${role} in database %I set ${what}', current_database());`
  return `
    do $do$ begin if exists (select from pg_catalog.pg_roles where rolname = '${role}') then drop role ${role}; end if; end $do$;
    create role ${role} login password '${scramVerifier(storeLogin(secret, names).password ?? '')}' nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls;
    do $do$ begin
      ${set(`search_path = ${own}, liberacces_sql, pg_catalog`)}
      ${set(`statement_timeout = ${statementMs}`)}
      ${set(`lock_timeout = 10000`)}
      ${set(`idle_in_transaction_session_timeout = ${idleMs}`)}
      -- Only a superuser may.
      begin ${set(`temp_file_limit = ${MOST_ON_DISK_KIB}`)} exception when insufficient_privilege then null; end;
    end $do$;
    create schema ${own}; grant usage on schema ${own} to ${role};
    create schema ${kernel}; grant usage on schema ${kernel} to ${role};
  `
}
