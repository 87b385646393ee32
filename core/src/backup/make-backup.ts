import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { PlatformError } from '../errors.ts'
import type { Progress } from '../leaving/leaving-ports.ts'
import type { Outside } from '../outside.ts'
import { platformVersion } from '../platform-version.ts'
import type { FileStore } from '../storage/files.ts'
import { namesIn } from '../storage/folder-content.ts'
import { PLATFORM_SCHEMA } from '../storage/sqlite/platform-schema.ts'
import type { Moment, Storage, StoreKey } from '../storage/storage.ts'
import { syncFile, syncFolder } from '../storage/sync-folder.ts'
import { BACKUP_FILE, BACKUP_FORMAT, BACKUP_VERSION, INDEX_FILE, LASTING_FOLDERS, type BackupLine, type BackupManifest } from './backup-format.ts'
import { linkTree } from './link-tree.ts'

/** What a backup needs of the kernel. */
export interface BackupPorts {
  readonly dataFolder: string
  readonly storage: Storage
  readonly files: FileStore
  readonly outside: Outside
  /** Brings archives of removed plugins that do not lie in the data folder into the backup. */
  readonly copyArchives: (out: string, since: string | undefined) => Promise<void>
  /** Brings releases and snapshots of other nodes into it. */
  readonly copyShared: (out: string) => Promise<void>
}

/** How a backup is made. */
export interface BackupOptions {
  /** Folder to write into: new or empty. */
  readonly out: string
  /** An older backup on the same disk: files that it has are linked from there and not copied. */
  readonly since?: string
  readonly progress?: Progress
}

/** What was written. */
export interface BackedUp {
  readonly out: string
  readonly tenants: number
  readonly entries: number
  /** Of all files, in bytes, those that only got a second name included. */
  readonly bytes: number
}

/** How often tenants whose plugins are being changed are tried again. */
const ROUNDS = 20
const PAUSE_MS = 500
/** States of an installation in which nothing is under way. */
const SETTLED: ReadonlySet<string> = new Set(['active', 'inactive', 'degraded', 'migration-failed', 'archived', 'purged'])

/**
 * Copies a platform while it works. What it guarantees:
 * each tenant's databases are of one moment, and its files hold all that these refer to;
 * the kernel's tables are copied after all of them, and name for each tenant the releases that its databases are of;
 * everything that was acknowledged before the backup began is in it.
 * Between tenants nothing depends on the moment, and what the kernel's tables know beyond a tenant's databases (an account, a setting) is
 * younger than these and speaks of nothing that is missing.
 * @throws PlatformError `BACKUP_FAILED`
 */
export async function makeBackup(ports: BackupPorts, options: BackupOptions): Promise<BackedUp> {
  const { outside, storage } = ports
  const startedAt = new Date(outside.now()).toISOString()
  const out = await prepare(ports.dataFolder, options.out)
  try {
    const copied = new Map<string, string>()
    for (let round = 0; ; round += 1) {
      await copyTenants(ports, out, options, copied)
      await linkLasting(ports.dataFolder, out, options.since)
      await outside.reached?.('backup:tenants')
      const moment = await storage.momentOf([])
      let pending: readonly string[]
      let ids: readonly string[]
      try {
        const now = await changesOf(moment)
        ids = [...now.keys()]
        pending = ids.filter((id) => copied.get(id) !== now.get(id) || now.get(id) === undefined)
        if (pending.length === 0) await moment.copyPlatformTo(join(out, 'platform.sqlite'))
      } finally {
        await moment.close()
      }
      if (pending.length === 0) {
        await linkLasting(ports.dataFolder, out, options.since)
        // After the kernel's tables: what these speak of is there.
        await ports.copyShared(out)
        await copyHeld(ports.files, out, options.since)
        await ports.copyArchives(out, options.since)
        await removeOthers(out, new Set(ids))
        break
      }
      if (round >= ROUNDS) throw new PlatformError('BACKUP_FAILED', `Plugins of ${pending.length} tenants were being changed all the while.`, { fix: 'Make the backup when that is done.' })
      for (const id of pending) copied.delete(id)
      if (round > 0) await new Promise((wake) => { setTimeout(wake, PAUSE_MS) })
    }
    const index = await writeIndex(out, options.progress)
    await outside.reached?.('backup:indexed')
    const tenants = copied.size
    await writeManifest(out, {
      format: BACKUP_FORMAT, formatVersion: BACKUP_VERSION, platformVersion: platformVersion(), platformSchema: PLATFORM_SCHEMA.length,
      startedAt, finishedAt: new Date(outside.now()).toISOString(), tenants, index,
    })
    return { out, tenants, entries: index.entries, bytes: index.bytes }
  } catch (error) {
    // It was empty before; half of a backup is none.
    for (const name of await readdir(out).catch(() => [])) await rm(join(out, name), { recursive: true, force: true }).catch(() => undefined)
    throw asRefusal(error, out)
  }
}

async function prepare(dataFolder: string, wish: string): Promise<string> {
  const out = resolve(wish)
  const data = resolve(dataFolder)
  const inside = relative(data, out)
  if (inside === '' || !inside.startsWith('..')) throw new PlatformError('BACKUP_FAILED', `${out} lies in the data folder itself.`, { fix: 'Name a folder elsewhere, best on another disk.' })
  try {
    await mkdir(out, { recursive: true, mode: 0o700 })
    if ((await readdir(out)).length > 0) throw new PlatformError('BACKUP_FAILED', `${out} is not empty.`, { fix: 'Name a new folder for each backup; --since saves copying what an older one has.' })
  } catch (error) {
    throw asRefusal(error, out)
  }
  return out
}

/** What tells, per tenant, whether its plugins were changed; `undefined` while one is being changed. */
async function changesOf({ platform }: Moment): Promise<ReadonlyMap<string, string | undefined>> {
  const found = new Map<string, string | undefined>()
  for (const { id } of await platform.selectFrom('tenant').select('id').execute()) found.set(id, '')
  const operations = new Set((await platform.selectFrom('operation').select('tenant_id').execute()).map((row) => row.tenant_id))
  const rows = await platform.selectFrom('installation').select(['tenant_id', 'plugin_id', 'version', 'state', 'since']).orderBy('tenant_id').orderBy('plugin_id').execute()
  for (const row of rows) {
    const known = found.get(row.tenant_id)
    if (known === undefined) continue
    found.set(row.tenant_id, SETTLED.has(row.state) ? `${known} ${row.plugin_id}@${row.version}:${row.state}:${row.since}` : undefined)
  }
  for (const id of operations) found.set(id, undefined)
  return found
}

async function copyTenants({ storage, files }: BackupPorts, out: string, { since, progress }: BackupOptions, copied: Map<string, string>): Promise<void> {
  const first = await storage.momentOf([])
  let all: ReadonlyMap<string, string | undefined>
  try {
    all = await changesOf(first)
  } finally {
    await first.close()
  }
  let done = 0
  for (const [tenantId, before] of all) {
    done += 1
    progress?.('tenants', done, all.size)
    if (before === undefined || copied.has(tenantId)) continue
    const stores = await storage.storesOf(tenantId)
    const holders = unite(stores, await files.storesOf(tenantId))
    if (holders.length === 0) {
      copied.set(tenantId, before)
      continue
    }
    const folderOf = (base: string, { pluginId }: StoreKey): string => join(base, 'files', tenantId, pluginId)
    const link = async (): Promise<void> => {
      for (const key of holders) await files.copyBlobs(key, folderOf(out, key), { likewise: since === undefined ? undefined : folderOf(since, key) })
    }
    await link()
    const moment = await heldStill(files, holders, async () => {
      const taken = await storage.momentOf([tenantId])
      try {
        await link()
        return taken
      } catch (error) {
        await taken.close()
        throw error
      }
    })
    try {
      await rm(join(out, 'tenants', tenantId), { recursive: true, force: true })
      for (const store of moment.stores) await store.copyTo(join(out, 'tenants', tenantId, `${store.key.pluginId}.sqlite`))
      const now = (await changesOf(moment)).get(tenantId)
      if (now !== undefined) copied.set(tenantId, now)
    } finally {
      await moment.close()
    }
  }
}

function unite(some: readonly StoreKey[], others: readonly StoreKey[]): readonly StoreKey[] {
  return [...new Map([...some, ...others].map((key) => [key.pluginId, key])).values()].toSorted((a, b) => (a.pluginId < b.pluginId ? -1 : 1))
}

function heldStill<Result>(files: FileStore, [first, ...rest]: readonly StoreKey[], body: () => Promise<Result>): Promise<Result> {
  return first === undefined ? body() : files.heldStill(first, () => heldStill(files, rest, body))
}

async function linkLasting(dataFolder: string, out: string, since: string | undefined): Promise<void> {
  for (const name of LASTING_FOLDERS) await linkTree(join(dataFolder, name), join(out, name), since === undefined ? undefined : join(since, name))
}

/** What snapshots hold apart from their folders lies in these in a backup, which needs nothing but itself. */
async function copyHeld(files: FileStore, out: string, since: string | undefined): Promise<void> {
  for (const tenantId of await namesIn(join(out, 'snapshots'))) {
    for (const pluginId of await namesIn(join(out, 'snapshots', tenantId))) {
      const key = { tenantId, pluginId }
      const taken = new Set(await namesIn(join(out, 'snapshots', tenantId, pluginId)))
      const folderIn = (base: string, id: string): string => join(base, 'snapshots', tenantId, pluginId, id, 'files')
      for (const id of await files.holding(key)) if (taken.has(id)) await files.copyHeld(key, id, folderIn(out, id), { likewise: since === undefined ? undefined : folderIn(since, id) })
    }
  }
}

/** A tenant that was deleted while the backup was made is not in the kernel's tables, and so not in the backup. */
async function removeOthers(out: string, tenantIds: ReadonlySet<string>): Promise<void> {
  for (const place of ['tenants', 'files']) {
    const names = existsSync(join(out, place)) ? await readdir(join(out, place)) : []
    for (const name of names) if (!tenantIds.has(name)) await rm(join(out, place, name), { recursive: true, force: true })
  }
}

async function writeIndex(out: string, progress: Progress | undefined): Promise<BackupManifest['index']> {
  const hash = createHash('sha256')
  const sums = { size: 0, entries: 0, bytes: 0 }
  const file = await open(join(out, INDEX_FILE), 'wx', 0o600)
  try {
    let text = ''
    for await (const path of pathsIn(out, '')) {
      if (path === INDEX_FILE) continue
      const { size } = await stat(join(out, path))
      // Files of tenants are named by their digest; a restore holds them against it.
      const sha256 = path.startsWith(`files/`) ? path.slice(path.lastIndexOf('/') + 1) : await digestOf(join(out, path))
      const line = `${JSON.stringify({ path, size, sha256 } satisfies BackupLine)}\n`
      hash.update(line)
      sums.size += Buffer.byteLength(line)
      sums.entries += 1
      sums.bytes += size
      text += line
      if (text.length > 65_536) {
        await file.writeFile(text)
        text = ''
        progress?.('index', sums.entries, sums.entries)
      }
    }
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), ...sums }
}

async function* pathsIn(root: string, below: string): AsyncGenerator<string, void, undefined> {
  const entries = await readdir(join(root, below), { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) yield* pathsIn(root, path)
    else if (entry.isFile()) yield path.split(sep).join('/')
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path)
  try {
    for await (const chunk of file.createReadStream({ highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) hash.update(chunk)
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

async function writeManifest(out: string, manifest: BackupManifest): Promise<void> {
  const draft = join(out, `${BACKUP_FILE}.part`)
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
  await syncFile(draft)
  await rename(draft, join(out, BACKUP_FILE))
  await syncFolder(out)
}

function asRefusal(error: unknown, out: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error
  return new PlatformError('BACKUP_FAILED', `${out} could not be written: ${(error as Error).message}.`, { fix: 'Name an empty folder that this user may write to, on a disk with room.', cause: error })
}
