import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { PlatformError } from '../errors.ts'
import type { Progress } from '../leaving/leaving-ports.ts'
import { linesOf } from '../leaving/table-lines.ts'
import type { Outside } from '../outside.ts'
import { RESTORING_FILE } from '../storage/data-folder.ts'
import { lockDataFolder } from '../storage/data-folder-lock.ts'
import { PLATFORM_SCHEMA } from '../storage/sqlite/platform-schema.ts'
import { syncFile, syncFolder } from '../storage/sync-folder.ts'
import { fits, misfit } from '../validation.ts'
import { BACKUP_FILE, BACKUP_VERSION, BackupLine, BackupManifest, INDEX_FILE, isBackupPath } from './backup-format.ts'

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])
const CHUNK = 1024 * 1024
const SPARE_BYTES = 64 * 1024 * 1024
/** What may lie in a folder that is still an empty one. */
const HARMLESS: ReadonlySet<string> = new Set(['secret.key', 'server.lock', 'server.pid', 'lost+found'])

/** What was brought back. */
export interface Restored {
  readonly dataFolder: string
  readonly tenants: number
  readonly entries: number
  readonly bytes: number
  /** What was acknowledged before this is there. ISO 8601. */
  readonly startedAt: string
  /** Stores with events that were not delivered yet, and will be. */
  readonly undelivered: number
}

/**
 * Brings a backup back into an empty data folder, every byte held against its digest. Sessions end: people log in anew.
 * @param reached - told of crash points
 * @throws PlatformError `BACKUP_INVALID`, `DATA_FOLDER_TAKEN`, `DISK_SPACE_MISSING`, `DATA_LOCKED`
 */
export async function restoreBackup(from: string, dataFolder: string, progress?: Progress, reached?: Outside['reached']): Promise<Restored> {
  const manifest = await readManifest(from)
  const index = await checkedIndex(from, manifest)
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const release = lockDataFolder(dataFolder)
  let isBegun = false
  try {
    await clear(dataFolder)
    await requireRoom(dataFolder, manifest.index.bytes)
    await writeFile(join(dataFolder, RESTORING_FILE), JSON.stringify({ from }), { mode: 0o600 })
    isBegun = true
    await syncFolder(dataFolder)
    await reached?.('restore:begun')
    let done = 0
    let count = 0
    const folders = new Set<string>([dataFolder])
    for await (const line of index) {
      await copyChecked(from, dataFolder, line, folders)
      await reached?.('restore:file')
      done += line.size
      count += 1
      progress?.('restoring', done, manifest.index.bytes)
    }
    if (count !== manifest.index.entries || done !== manifest.index.bytes) throw invalid(from, 'its index does not fit its manifest')
    if (!existsSync(join(dataFolder, 'platform.sqlite'))) throw invalid(from, 'it has no kernel’s tables')
    await reached?.('restore:copied')
    const undelivered = await settle(dataFolder, from)
    await reached?.('restore:settled')
    for (const folder of folders) await syncFolder(folder)
    await rm(join(dataFolder, RESTORING_FILE))
    await syncFolder(dataFolder)
    return { dataFolder, tenants: manifest.tenants, entries: count, bytes: done, startedAt: manifest.startedAt, undelivered }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!isBegun || !FULL.has(code)) throw error
    // What was brought back is of no use, and takes the room that is missing.
    await clear(dataFolder)
    await rm(join(dataFolder, RESTORING_FILE), { force: true })
    throw new PlatformError('DISK_SPACE_MISSING', `The disk of ${dataFolder} is full. Nothing was brought back.`, { fix: 'Make room on the disk, then restore again.', cause: error })
  } finally {
    release()
  }
}

async function readManifest(from: string): Promise<BackupManifest> {
  let manifest: unknown
  try {
    manifest = JSON.parse(await readFile(join(from, BACKUP_FILE), 'utf8'))
  } catch (cause) {
    throw invalid(from, existsSync(from) ? `it has no ${BACKUP_FILE}, which is written last: the backup was cut short` : 'there is no such folder', cause)
  }
  if (!fits(BackupManifest, manifest)) throw invalid(from, `its ${BACKUP_FILE} does not fit (${misfit(BackupManifest, manifest) ?? 'unknown'})`)
  if (manifest.formatVersion !== BACKUP_VERSION || manifest.platformSchema > PLATFORM_SCHEMA.length) throw invalid(from, `it was made by a newer platform (${manifest.platformVersion})`)
  return manifest
}

/** The index, held against its digest before anything is copied. */
async function checkedIndex(from: string, { index }: BackupManifest): Promise<AsyncIterable<BackupLine>> {
  const path = join(from, INDEX_FILE)
  const digest = existsSync(path) ? await digestOf(path) : undefined
  if (digest !== index.sha256) throw invalid(from, `its ${INDEX_FILE} is missing or was changed`)
  return (async function* lines() {
    for await (const batch of linesOf(path, 1_000)) {
      for (const text of batch) {
        const line: unknown = JSON.parse(text)
        if (!fits(BackupLine, line) || !isBackupPath(line.path)) throw invalid(from, 'a line of its index does not fit')
        yield line
      }
    }
  })()
}

/** Empties what a restore that was cut short has left; anything else stays, and stops this one. */
async function clear(dataFolder: string): Promise<void> {
  const isCutShort = existsSync(join(dataFolder, RESTORING_FILE))
  for (const name of await readdir(dataFolder)) {
    if (HARMLESS.has(name) || name.startsWith('server.')) continue
    if (!isCutShort) throw new PlatformError('DATA_FOLDER_TAKEN', `${dataFolder} is not empty: "${name}" is in it.`, { fix: 'Name an empty folder with --data or LIBERACCES_DATA.' })
    if (name !== RESTORING_FILE) await rm(join(dataFolder, name), { recursive: true, force: true })
  }
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < bytes + SPARE_BYTES) throw new PlatformError('DISK_SPACE_MISSING', `The backup takes ${bytes} bytes, and the disk of ${folder} has ${bavail * bsize} free.`, { fix: 'Make room on the disk, then restore again.' })
}

/** Never by a second name: the backup stays what it is, whatever happens to the data. */
async function copyChecked(from: string, dataFolder: string, { path, size, sha256 }: BackupLine, folders: Set<string>): Promise<void> {
  const to = join(dataFolder, path)
  const folder = dirname(to)
  if (!folders.has(folder)) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (let above = folder; above.length >= dataFolder.length; above = dirname(above)) folders.add(above)
  }
  const hash = createHash('sha256')
  let copied = 0
  const source = await open(join(from, path)).catch((cause: unknown) => { throw invalid(from, `${path} is missing`, cause) })
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      const buffers = [Buffer.allocUnsafe(Math.min(CHUNK, size + 1)), Buffer.allocUnsafe(Math.min(CHUNK, size + 1))] as const
      let turn: 0 | 1 = 0
      let next = source.read(buffers[turn])
      for (;;) {
        const { bytesRead, buffer } = await next
        if (bytesRead === 0) break
        turn = turn === 0 ? 1 : 0
        next = source.read(buffers[turn])
        const chunk = buffer.subarray(0, bytesRead)
        const writing = target.writeFile(chunk)
        hash.update(chunk)
        copied += bytesRead
        await writing
      }
      await target.sync()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
  if (copied !== size || hash.digest('hex') !== sha256) throw invalid(from, `${path} was changed`)
}

/** Ends sessions, and marks every store that has something to deliver: marks are younger or older than the stores they speak of. */
async function settle(dataFolder: string, from: string): Promise<number> {
  const platform = new Database(join(dataFolder, 'platform.sqlite'))
  try {
    const sound = String(platform.pragma('integrity_check(1)', { simple: true }))
    if (sound !== 'ok') throw invalid(from, `the kernel’s tables are damaged (${sound})`)
    // Who logged out after the backup must not be logged in again by it.
    platform.exec('delete from session; delete from grant_ticket; delete from dirty')
    const mark = platform.prepare('insert into dirty (tenant_id, plugin_id, due_at) values (?, ?, 0)')
    let undelivered = 0
    for (const tenantId of existsSync(join(dataFolder, 'tenants')) ? await readdir(join(dataFolder, 'tenants')) : []) {
      for (const name of await readdir(join(dataFolder, 'tenants', tenantId))) {
        if (!name.endsWith('.sqlite') || !hasUndelivered(join(dataFolder, 'tenants', tenantId, name))) continue
        mark.run(tenantId, name.slice(0, -'.sqlite'.length))
        undelivered += 1
      }
    }
    platform.pragma('wal_checkpoint(TRUNCATE)')
    return undelivered
  } finally {
    platform.close()
    await syncFile(join(dataFolder, 'platform.sqlite'))
  }
}

function hasUndelivered(path: string): boolean {
  const store = new Database(path)
  try {
    return store.prepare(`select exists (select 1 from liberacces_outbox where state = 'new') or exists (select 1 from liberacces_delivery where status in ('pending', 'waiting'))`).pluck().get() === 1
  } finally {
    store.close()
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path)
  try {
    for await (const chunk of file.createReadStream({ highWaterMark: CHUNK }) as AsyncIterable<Buffer>) hash.update(chunk)
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

function invalid(from: string, why: string, cause?: unknown): PlatformError {
  return new PlatformError('BACKUP_INVALID', `${from} is no complete backup: ${why}.`, { fix: 'Restore another backup.', ...(cause === undefined ? {} : { cause }) })
}
