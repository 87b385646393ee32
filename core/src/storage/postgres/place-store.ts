import { constants } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Migrations } from '@liberacces/sdk'
import { PlatformError } from '../../errors.ts'
import type { Outside } from '../../outside.ts'
import { SomeTables } from '../exchange/joined-tables.ts'
import { TableFileReader } from '../exchange/table-file-reader.ts'
import { carryRows, isKernelTable, type TableSource } from '../exchange/table-source.ts'
import { examineStoreFile, type AppliedMigration } from '../sqlite/place-store-file.ts'
import { applySchema } from '../sqlite/schema-versions.ts'
import { STORE_SCHEMA } from '../sqlite/store-schema.ts'
import { migrationsHad } from '../sqlite/store-shapes.ts'
import type { FindMigrations, StoreKey } from '../storage.ts'
import type { Connection, Login } from './connection.ts'
import { SchemaTables } from './schema-tables.ts'
import { dropPlace, type MadePlace } from './store-places.ts'
import { namesOf, type StoreNames } from './store-role.ts'

/** What putting a copy in a store's place needs. */
export interface PlacingPorts {
  readonly outside: Outside
  /** Where the file is looked over. */
  readonly folder: string
  readonly asKernel: <Result>(work: (connection: Connection) => Promise<Result>) => Promise<Result>
  readonly connect: (login: Login) => Promise<Connection>
  readonly loginOf: (names: StoreNames) => Login
  readonly platform: string
  readonly make: (key: StoreKey) => Promise<MadePlace>
  readonly migrate: (key: StoreKey, names: StoreNames, migrations: Migrations) => Promise<unknown>
  readonly find: () => FindMigrations | undefined
}

/** A place that is filled and waits, with what the data in it has had. */
export interface FilledPlace {
  readonly stage: StoreKey
  readonly names: StoreNames
  readonly migrations: readonly AppliedMigration[]
}

/** Whose places are those that are being filled. No tenant has such an id. */
export const STAGES = 'liberacces'
const STAGE = 'placing-'
/** A place that was begun so long ago is nobody's any more, in milliseconds. */
const ABANDONED_MS = 24 * 60 * 60 * 1_000

/**
 * Makes a place of its own for a copy, and fills it: nobody sees it yet.
 * @throws PlatformError `STORE_INVALID`
 */
export async function fillPlace(ports: PlacingPorts, key: StoreKey, fromPath: string): Promise<FilledPlace> {
  const { outside } = ports
  const stage = { tenantId: STAGES, pluginId: `${STAGE}${outside.now()}-${Buffer.from(outside.randomBytes(8)).toString('hex')}` }
  try {
    const { names } = await ports.make(stage)
    return { stage, names, migrations: await fillFromFile(ports, key, { stage, names }, fromPath) }
  } catch (error) {
    await leavePlace(ports, stage)
    throw error
  }
}

/**
 * Brings the tables of a place that is nobody's to what a file has, and its rows in.
 * @returns the migrations it has had
 * @throws PlatformError `STORE_INVALID`
 */
export async function fillFromFile(ports: PlacingPorts, key: StoreKey, { stage, names }: Pick<FilledPlace, 'stage' | 'names'>, fromPath: string): Promise<readonly AppliedMigration[]> {
  const work = await mkdtemp(join(ports.folder, 'placing-'))
  try {
    const path = join(work, 'store.sqlite')
    const migrations = await broughtUpToDate(fromPath, path)
    const had = await migrationsHad(key, migrations.map(({ name }) => name), ports.find())
    await ports.migrate(stage, names, had)
    const reader = new TableFileReader(path)
    try {
      await fillPlugin(ports, key, names, new SomeTables(reader, (name) => !isKernelTable(name)))
      await fillKernel(ports, names, new SomeTables(reader, isKernelTable))
    } finally {
      reader.close()
    }
    return migrations
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Takes a place away that came to nothing; harmless where it has become the store. */
export async function leavePlace(ports: Pick<PlacingPorts, 'asKernel' | 'platform'>, stage: StoreKey): Promise<void> {
  await ports.asKernel((connection) => dropPlace(connection, stage, ports.platform)).catch(() => undefined) // a start sweeps, a day later
}

/**
 * Puts a filled place where the store was, in one transaction. What still runs on the old one ends first.
 * @returns names of the old one
 */
export async function swapPlace(connection: Connection, key: StoreKey, { stage, migrations }: FilledPlace, platform: string): Promise<StoreNames | undefined> {
  await connection.script(`begin; set local lock_timeout = '10s'`)
  try {
    const { rows } = await connection.run({ sql: 'delete from liberacces_internal.store where tenant_id = $1 and plugin_id = $2 returning mark', values: [key.tenantId, key.pluginId] })
    const [row] = rows as readonly { readonly mark: string }[]
    const old = row === undefined ? undefined : namesOf(platform, row.mark)
    if (old !== undefined) await connection.script(`drop schema if exists ${old.own} cascade; drop schema if exists ${old.kernel} cascade; drop role if exists ${old.role}`)
    const placed = await connection.run({ sql: 'update liberacces_internal.store set tenant_id = $1, plugin_id = $2, ready = true where tenant_id = $3 and plugin_id = $4', values: [key.tenantId, key.pluginId, stage.tenantId, stage.pluginId] })
    if (placed.count !== 1) throw new Error('The place that was filled is gone; the store stays as it was.')
    // What the kernel's tables say of the store is of the new one from the same moment on.
    await connection.run({ sql: 'delete from liberacces.migration where tenant_id = $1 and plugin_id = $2', values: [key.tenantId, key.pluginId] })
    for (const row of migrations) await connection.run({ sql: 'insert into liberacces.migration (tenant_id, plugin_id, name, applied_at) values ($1, $2, $3, $4)', values: [key.tenantId, key.pluginId, row.name, row.applied_at] })
    await connection.script('commit')
    return old
  } catch (error) {
    await connection.script('rollback').catch(() => undefined) // the first error says more
    throw error
  }
}

/** Takes away what those have left whose process ended while they filled a place. */
export async function sweepStages(connection: Connection, platform: string, now: number): Promise<void> {
  const { rows } = await connection.run({ sql: `select plugin_id from liberacces_internal.store where tenant_id = $1 and plugin_id like '${STAGE}%'`, values: [STAGES] })
  for (const { plugin_id: pluginId } of rows as readonly { readonly plugin_id: string }[]) {
    const begun = Number(pluginId.slice(STAGE.length).split('-')[0])
    if (now - begun > ABANDONED_MS) await dropPlace(connection, { tenantId: STAGES, pluginId }, platform)
  }
}

/** A copy of the file, of the form that this platform's stores have; the file itself stays as it is. */
async function broughtUpToDate(from: string, path: string): Promise<readonly AppliedMigration[]> {
  try {
    await copyFile(from, path, constants.COPYFILE_FICLONE)
    const migrations = examineStoreFile(path)
    const database = new Database(path)
    try {
      applySchema(database, STORE_SCHEMA)
    } finally {
      database.close()
    }
    return migrations
  } catch (cause) {
    throw new PlatformError('STORE_INVALID', `${from} is no store of this platform: ${(cause as Error).message}.`, { fix: 'Use a copy that this platform, or an older one, has made.', cause })
  }
}

/** Brings rows into the plugin's tables of a place. @throws PlatformError `STORE_INVALID` */
export async function fillPlugin(ports: Pick<PlacingPorts, 'connect' | 'loginOf'>, key: StoreKey, names: StoreNames, source: TableSource): Promise<void> {
  const own = await ports.connect(ports.loginOf(names))
  try {
    await own.script('begin')
    await into(await SchemaTables.of(own, names.own), source)
    await own.script('commit')
  } catch (cause) {
    throw cause instanceof PlatformError || (cause as { readonly code?: string }).code !== undefined ? cause
      : new PlatformError('STORE_INVALID', `The data of plugin "${key.pluginId}" does not fit its tables: ${(cause as Error).message}`, { cause, fix: 'Use a copy that fits the release that is here.' })
  } finally {
    await own.close().catch(() => undefined) // committed, or to be undone
  }
}

/** Brings rows into the kernel's tables of a place: those that the source has. */
export async function fillKernel(ports: Pick<PlacingPorts, 'asKernel'>, names: StoreNames, source: TableSource): Promise<void> {
  await ports.asKernel(async (connection) => {
    await connection.script('begin')
    try {
      await into((await SchemaTables.of(connection, names.kernel)).only(source.tables.map(({ name }) => name)), source)
      await connection.script('commit')
    } catch (error) {
      await connection.script('rollback').catch(() => undefined) // the first error says more
      throw error
    }
  })
}

async function into(target: SchemaTables, source: TableSource): Promise<void> {
  await target.withoutReferences(async () => {
    await target.empty()
    await carryRows(source, target)
    await target.countOn()
  })
}

/** Puts a copy's rows in the place of all rows of the kernel's own tables, in one transaction. */
export async function placePlatformRows(connection: Connection, schema: string, path: string): Promise<void> {
  const reader = new TableFileReader(path)
  try {
    await connection.script('begin')
    try {
      const target = await SchemaTables.of(connection, schema)
      const known = new SomeTables(reader, (name) => target.tables.some((table) => table.name === name))
      const taking = target.only(known.tables.map(({ name }) => name))
      await taking.withoutReferences(async () => {
        await taking.empty()
        await carryRows(known, taking, () => true)
        await taking.countOn()
      })
      await connection.script('commit')
    } catch (error) {
      await connection.script('rollback').catch(() => undefined) // the first error says more
      throw error
    }
  } finally {
    reader.close()
  }
}
