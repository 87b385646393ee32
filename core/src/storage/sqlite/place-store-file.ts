import { constants, existsSync, rmSync, statSync } from 'node:fs'
import { copyFile, link, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { PlatformError } from '../../errors.ts'
import { syncFile, syncFolder } from '../sync-folder.ts'
import { STORE_SCHEMA } from './store-schema.ts'

/** Largest file of which every page is examined, in bytes. */
const LARGEST_EXAMINED = 64 * 1024 * 1024

/** A migration that a store has had. */
export interface AppliedMigration {
  readonly name: string
  readonly applied_at: number
}

/** A file that waits beside a store's place, examined and durable. */
export interface PreparedFile {
  readonly path: string
  readonly migrations: readonly AppliedMigration[]
}

/**
 * Brings a file beside the place where it is to stand, and examines it there.
 * @throws PlatformError `STORE_INVALID`
 */
export async function prepareStoreFile(from: string, place: string, move: boolean): Promise<PreparedFile> {
  const path = `${place}.placed`
  await rm(path, { force: true })
  if (!move || !await linked(from, path)) await copyFile(from, path, constants.COPYFILE_FICLONE)
  try {
    const migrations = examine(path, from)
    await syncFile(path)
    return { path, migrations }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/** Puts a prepared file in its place. Nobody may have the old one open. */
export async function swapStoreFile({ path }: PreparedFile, place: string): Promise<void> {
  settle(place)
  await rename(path, place)
  await syncFolder(dirname(place))
}

/** The old file with everything it has acknowledged, and no log that could be taken for the new one's. */
function settle(place: string): void {
  if (existsSync(place) && (existsSync(`${place}-wal`) || existsSync(`${place}-journal`))) {
    try {
      const old = new Database(place)
      // Reading takes back what a transaction that was cut short has left.
      old.prepare('select count(*) from sqlite_schema').get()
      old.pragma('wal_checkpoint(TRUNCATE)')
      old.close()
    } catch {
      // It cannot be read, and is about to be replaced.
    }
  }
  for (const ending of ['-wal', '-shm', '-journal']) rmSync(place + ending, { force: true })
}

/** A second name: the first stays until the caller deletes it, so that a crash leaves either. */
async function linked(from: string, path: string): Promise<boolean> {
  try {
    await link(from, path)
    return true
  } catch (error) {
    if (['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

function examine(path: string, from: string): readonly AppliedMigration[] {
  try {
    return examineStoreFile(path)
  } catch (cause) {
    throw new PlatformError('STORE_INVALID', `${from} is no store of this platform: ${(cause as Error).message}.`, { fix: 'Use a copy that this platform, or an older one, has made.', cause })
  }
}

/**
 * Looks whether a file that nobody has open is a sound store of this platform or an older one, and leaves no log beside it.
 * @returns the migrations it has had
 * @throws Error that says what is wrong
 */
export function examineStoreFile(path: string): readonly AppliedMigration[] {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { fileMustExist: true })
    const version = Number(database.pragma('user_version', { simple: true }))
    if (version < 1 || version > STORE_SCHEMA.length) throw new Error(`its version is ${version}, and this platform knows 1 to ${STORE_SCHEMA.length}`)
    // Keeps no log beside it: the file is moved by itself.
    database.pragma('journal_mode = DELETE')
    // Of larger ones it would hold everything up for seconds; their bytes are known by their digest where they come from afar.
    const sound = statSync(path).size > LARGEST_EXAMINED ? 'ok' : String(database.pragma('integrity_check(1)', { simple: true }))
    if (sound !== 'ok') throw new Error(sound)
    return database.prepare('select name, applied_at from liberacces_migration order by name').all() as AppliedMigration[]
  } finally {
    database?.close()
  }
}

/** Names of the migrations that a store has had, out of a copy that nobody writes to. */
export function migrationsIn(path: string): readonly string[] {
  const database = new Database(path, { fileMustExist: true, readonly: true })
  try {
    return database.prepare('select name from liberacces_migration order by name').pluck().all() as string[]
  } finally {
    database.close()
  }
}
