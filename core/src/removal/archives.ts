import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '@liberacces/sdk/host'
import { Value } from '@sinclair/typebox/value'
import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { FileStore } from '../storage/files.ts'
import { namesIn } from '../storage/folder-content.ts'
import { tableRows } from '../storage/sqlite/table-rows.ts'
import type { Storage, StoreKey } from '../storage/storage.ts'
import { syncFolder, syncNames } from '../storage/sync-folder.ts'
import { writeDurably } from '../storage/write-durably.ts'
import { ARCHIVE_FORMAT, ArchiveIndexSchema, DATABASE_FILE, FILES_FOLDER, INDEX_FILE, KERNEL_FILE, MANIFEST_FILE, type ArchiveIndex } from './archive-folder.ts'
import type { KernelRow } from './kernel-rows.ts'

/** Rows of the kernel's tables, by table. */
export type KernelTables = Readonly<Record<string, readonly KernelRow[]>>

/** What an archive is made of besides the data. */
export interface ArchiveWish {
  readonly id: string
  readonly key: StoreKey
  readonly tenant: ArchiveIndex['tenant']
  readonly plugin: ArchiveIndex['plugin']
  readonly manifest: Manifest | undefined
  readonly kernel: KernelTables
  readonly by: AuditActor
}

/** Archives of plugins that were removed, as folders `<data>/archives/<tenant id>/<plugin id>/<id>`. */
export interface Archives {
  /** Makes one, durably, and reads it again. Making one of the same id anew replaces it. Nothing is left when it throws. @throws PlatformError `PLUGIN_ARCHIVE_INVALID` */
  make(wish: ArchiveWish): Promise<ArchiveIndex>
  /** Reads all of one and holds it against its digests. @throws PlatformError `PLUGIN_ARCHIVE_INVALID`, `PLUGIN_ARCHIVE_UNKNOWN` */
  verify(key: StoreKey, id: string): Promise<ArchiveIndex>
  /** The kernel's rows in one. @throws PlatformError `PLUGIN_ARCHIVE_INVALID`, `PLUGIN_ARCHIVE_UNKNOWN` */
  kernelRows(key: StoreKey, id: string): Promise<KernelTables>
  /** Of a tenant, or of one plugin, newest first. What is no archive is left out. */
  list(key: Pick<StoreKey, 'tenantId'> & Partial<StoreKey>): Promise<readonly ArchiveIndex[]>
  /** Where one lies. */
  folderOf(key: StoreKey, id: string): string
  /** Deletes one for good; twice is harmless. */
  drop(key: StoreKey, id: string): Promise<void>
  /** Deletes those of a tenant that is being deleted. */
  dropTenant(tenantId: string): Promise<void>
}

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** See {@link Archives}. */
export function createArchives({ storage, files, outside, folder }: { readonly storage: Storage; readonly files: FileStore; readonly outside: Outside; readonly folder: string }): Archives {
  const path = (...names: readonly string[]): string => {
    for (const name of names) if (!SEGMENT.test(name)) throw new PlatformError('PLUGIN_ARCHIVE_UNKNOWN', `"${name}" names no archive.`, { fix: 'See `liberacces archive list --tenant T`.' })
    return join(folder, ...names)
  }
  const folderOf: Archives['folderOf'] = (key, id) => path(key.tenantId, key.pluginId, id)

  const read = async (key: StoreKey, id: string): Promise<ArchiveIndex> => {
    const text = await readFile(join(folderOf(key, id), INDEX_FILE), 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause
      throw new PlatformError('PLUGIN_ARCHIVE_UNKNOWN', `There is no archive ${id} of "${key.pluginId}" here.`, { fix: 'See `liberacces archive list --tenant T`.', cause })
    })
    const index = parsed(text)
    if (!Value.Check(ArchiveIndexSchema, index) || index.id !== id || index.tenant.id !== key.tenantId || index.plugin.id !== key.pluginId) throw invalid(id, `${INDEX_FILE} is not that of this archive, or not of the format ${ARCHIVE_FORMAT}`)
    return index
  }

  /** @throws PlatformError `PLUGIN_ARCHIVE_INVALID` */
  const verify = async (at: string, index: ArchiveIndex): Promise<void> => {
    const same = async (name: string, part: ArchiveIndex['kernel']): Promise<void> => {
      const found = await partOf(join(at, name)).catch((cause: Error) => { throw invalid(index.id, `${name} cannot be read: ${cause.message}`) })
      if (found.bytes !== part.bytes || found.sha256 !== part.sha256) throw invalid(index.id, `${name} is not what was archived`)
    }
    await same(KERNEL_FILE, index.kernel)
    if (index.manifest !== undefined) await same(MANIFEST_FILE, index.manifest)
    for (const part of index.files) await same(join(FILES_FOLDER, part.sha256.slice(0, 2), part.sha256), part)
    if (index.database === undefined) return
    await same(DATABASE_FILE, index.database)
    let rows: Readonly<Record<string, number>>
    try {
      rows = await tableRows(join(at, DATABASE_FILE))
    } catch (cause) {
      throw invalid(index.id, `${DATABASE_FILE} is no sound database: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
    if (!Value.Equal(rows, index.database.rows)) throw invalid(index.id, `${DATABASE_FILE} has not the rows that were archived`)
  }

  return {
    folderOf,
    async make({ id, key, tenant, plugin, manifest, kernel, by }) {
      const place = folderOf(key, id)
      const unfinished = `${place}.part`
      try {
        await rm(unfinished, { recursive: true, force: true })
        await mkdir(unfinished, { recursive: true, mode: 0o700 })
        const write = async (name: string, content: unknown): Promise<ArchiveIndex['kernel']> => {
          await writeDurably(join(unfinished, name), `${JSON.stringify(content, null, 2)}\n`)
          return partOf(join(unfinished, name))
        }
        // Bytes before the rows that refer to them: nobody deletes any here, the plugin is off.
        await files.copyBlobs(key, join(unfinished, FILES_FOLDER))
        const database = join(unfinished, DATABASE_FILE)
        const hasStore = await storage.copyStore(key, database)
        await outside.reached?.('purge:copied')
        const index: ArchiveIndex = {
          format: ARCHIVE_FORMAT, id, takenAt: new Date(outside.now()).toISOString(), by: by.name, tenant, plugin,
          ...(hasStore ? { database: { ...await partOf(database), rows: { ...await tableRows(database) } } } : {}),
          files: await filesIn(join(unfinished, FILES_FOLDER)),
          kernel: await write(KERNEL_FILE, kernel),
          ...(manifest === undefined ? {} : { manifest: await write(MANIFEST_FILE, manifest) }),
        }
        await write(INDEX_FILE, index)
        await syncFolder(unfinished)
        await verify(unfinished, index)
        await outside.reached?.('purge:verified')
        await rm(place, { recursive: true, force: true })
        await rename(unfinished, place)
        await syncNames(place, folder)
        return index
      } catch (error) {
        await removeAll(unfinished)
        throw error
      }
    },
    async verify(key, id) {
      const index = await read(key, id)
      await verify(folderOf(key, id), index)
      return index
    },
    async kernelRows(key, id) {
      const index = await read(key, id)
      const text = await readFile(join(folderOf(key, id), KERNEL_FILE), 'utf8')
      if (createHash('sha256').update(text).digest('hex') !== index.kernel.sha256) throw invalid(id, `${KERNEL_FILE} is not what was archived`)
      return JSON.parse(text) as KernelTables
    },
    async list({ tenantId, pluginId }) {
      const plugins = pluginId === undefined ? await namesIn(path(tenantId)) : [pluginId]
      const found: ArchiveIndex[] = []
      for (const plugin of plugins) {
        for (const id of await namesIn(path(tenantId, plugin))) {
          const index = id.endsWith('.part') ? undefined : await read({ tenantId, pluginId: plugin }, id).catch(refusalAsNothing)
          if (index !== undefined) found.push(index)
        }
      }
      return found.toSorted((a, b) => (a.id < b.id ? 1 : -1))
    },
    async drop(key, id) {
      const place = folderOf(key, id)
      // The index first: without it, what a crash leaves is no archive any more.
      for (const path of [join(place, INDEX_FILE), place, `${place}.part`]) await removeAll(path)
    },
    async dropTenant(tenantId) {
      await rm(path(tenantId), { recursive: true, force: true })
    },
  }
}

async function filesIn(folder: string): Promise<ArchiveIndex['files']> {
  const parts: ArchiveIndex['files'] = []
  for (const prefix of (await namesIn(folder)).toSorted()) {
    for (const sha256 of (await namesIn(join(folder, prefix))).toSorted()) parts.push({ sha256, bytes: (await stat(join(folder, prefix, sha256))).size })
  }
  return parts
}

async function partOf(path: string): Promise<ArchiveIndex['kernel']> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.byteLength
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Also where there is not even a folder that it could be in. */
async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTDIR') throw error
  })
}

function refusalAsNothing(error: unknown): undefined {
  if (error instanceof PlatformError) return undefined
  throw error
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function invalid(id: string, why: string): PlatformError {
  return new PlatformError('PLUGIN_ARCHIVE_INVALID', `The archive ${id} is damaged: ${why}.`, { fix: 'Nothing was changed. Look at the disk; a backup of the data folder may have a sound copy.' })
}
