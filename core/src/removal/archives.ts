import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
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
import { syncFolder } from '../storage/sync-folder.ts'
import { writeDurably } from '../storage/write-durably.ts'
import { ARCHIVE_FORMAT, ArchiveIndexSchema, DATABASE_FILE, FILES_FOLDER, INDEX_FILE, KERNEL_FILE, MANIFEST_FILE, type ArchiveIndex } from './archive-folder.ts'
import type { ArchiveName, ArchiveShelf } from './archive-shelf.ts'
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

/** An archive that was read and held against its digests. */
export interface OpenArchive {
  readonly index: ArchiveIndex
  /** Where its files lie until the body ends. */
  readonly folder: string
  readonly kernelRows: KernelTables
}

/** Archives of plugins that were removed. */
export interface Archives {
  /** Makes one, durably, and reads it again. Making one of the same id anew replaces it. Nothing is left when it throws. @throws PlatformError `PLUGIN_ARCHIVE_INVALID` */
  make(wish: ArchiveWish): Promise<ArchiveIndex>
  /**
   * Reads all of one from where it lies, holds it against its digests, and hands it to a body.
   * @throws PlatformError `PLUGIN_ARCHIVE_INVALID`, `PLUGIN_ARCHIVE_UNKNOWN`, `FILES_UNAVAILABLE`; the body is not called then
   */
  use<Result>(key: StoreKey, id: string, body: (archive: OpenArchive) => Promise<Result>): Promise<Result>
  /** As {@link Archives.use}, without doing anything with it. */
  verify(key: StoreKey, id: string): Promise<ArchiveIndex>
  /** One of a tenant, by its id alone. @throws PlatformError `PLUGIN_ARCHIVE_INVALID` when its index cannot be read, `PLUGIN_ARCHIVE_UNKNOWN` */
  find(tenantId: string, id: string): Promise<ArchiveIndex>
  /** Of a tenant, or of one plugin, newest first. What is no archive, or damaged in its index, is left out. */
  list(key: Pick<StoreKey, 'tenantId'> & Partial<StoreKey>): Promise<readonly ArchiveIndex[]>
  /** Deletes one for good; twice is harmless. */
  drop(key: StoreKey, id: string): Promise<void>
  /** Deletes those of a tenant that is being deleted. */
  dropTenant(tenantId: string): Promise<void>
}

/** What archives are made from. */
export interface ArchivesOptions {
  readonly storage: Storage
  readonly files: FileStore
  readonly outside: Outside
  readonly shelf: ArchiveShelf
}

/** See {@link Archives}. */
export function createArchives({ storage, files, outside, shelf }: ArchivesOptions): Archives {
  const read = async (name: ArchiveName): Promise<ArchiveIndex> => {
    const text = await shelf.index(name).catch((error: unknown) => { throw asInvalid(name.id, error) })
    if (text === undefined) throw new PlatformError('PLUGIN_ARCHIVE_UNKNOWN', `There is no archive ${name.id} of "${name.pluginId}" here.`, { fix: 'See `liberacces archive list --tenant T`.' })
    const index = parsed(text)
    if (!Value.Check(ArchiveIndexSchema, index) || index.id !== name.id || index.tenant.id !== name.tenantId || index.plugin.id !== name.pluginId) throw invalid(name.id, `${INDEX_FILE} is not that of this archive, or not of the format ${ARCHIVE_FORMAT}`)
    return index
  }

  const use: Archives['use'] = async (key, id, body) => {
    const name = { ...key, id }
    const index = await read(name)
    let isSound = false
    try {
      return await shelf.use(name, async (folder) => {
        await verify(folder, index)
        const kernelRows = JSON.parse(await readFile(join(folder, KERNEL_FILE), 'utf8')) as KernelTables
        isSound = true
        return await body({ index, folder, kernelRows })
      })
    } catch (error) {
      throw isSound ? error : asInvalid(id, error)
    }
  }

  return {
    make: ({ id, key, tenant, plugin, manifest, kernel, by }) => shelf.put({ ...key, id }, async (folder) => {
      const write = async (name: string, content: unknown): Promise<ArchiveIndex['kernel']> => {
        await writeDurably(join(folder, name), `${JSON.stringify(content, null, 2)}\n`)
        return partOf(join(folder, name))
      }
      // Bytes before the rows that refer to them: nobody deletes any here, the plugin is off.
      await files.copyBlobs(key, join(folder, FILES_FOLDER))
      const database = join(folder, DATABASE_FILE)
      const hasStore = await storage.copyStore(key, database)
      await outside.reached?.('purge:copied')
      const index: ArchiveIndex = {
        format: ARCHIVE_FORMAT, id, takenAt: new Date(outside.now()).toISOString(), by: by.name, tenant, plugin,
        ...(hasStore ? { database: { ...await partOf(database), rows: { ...await tableRows(database) } } } : {}),
        files: await filesIn(join(folder, FILES_FOLDER)),
        kernel: await write(KERNEL_FILE, kernel),
        ...(manifest === undefined ? {} : { manifest: await write(MANIFEST_FILE, manifest) }),
      }
      await write(INDEX_FILE, index)
      await syncFolder(folder)
      await verify(folder, index)
      await outside.reached?.('purge:verified')
      return index
    }),
    use,
    verify: (key, id) => use(key, id, async ({ index }) => index),
    async find(tenantId, id) {
      const name = (await shelf.names({ tenantId })).find((one) => one.id === id)
      if (name === undefined) throw new PlatformError('PLUGIN_ARCHIVE_UNKNOWN', `There is no archive "${id}" of this tenant.`, { fix: 'See `liberacces archive list --tenant T`.' })
      return read(name)
    },
    async list(key) {
      const found: ArchiveIndex[] = []
      for (const name of await shelf.names(key)) {
        const index = await read(name).catch(refusalAsNothing)
        if (index !== undefined) found.push(index)
      }
      return found.toSorted((a, b) => (a.id < b.id ? 1 : -1))
    },
    drop: (key, id) => shelf.drop({ ...key, id }),
    dropTenant: (tenantId) => shelf.dropTenant(tenantId),
  }
}

/** Holds the files of an archive against its index. @throws PlatformError `PLUGIN_ARCHIVE_INVALID` */
async function verify(folder: string, index: ArchiveIndex): Promise<void> {
  const same = async (name: string, part: ArchiveIndex['kernel']): Promise<void> => {
    const found = await partOf(join(folder, name)).catch((cause: Error) => { throw invalid(index.id, `${name} cannot be read: ${cause.message}`) })
    if (found.bytes !== part.bytes || found.sha256 !== part.sha256) throw invalid(index.id, `${name} is not what was archived`)
  }
  await same(KERNEL_FILE, index.kernel)
  if (index.manifest !== undefined) await same(MANIFEST_FILE, index.manifest)
  for (const part of index.files) await same(join(FILES_FOLDER, part.sha256.slice(0, 2), part.sha256), part)
  if (index.database === undefined) return
  await same(DATABASE_FILE, index.database)
  let rows: Readonly<Record<string, number>>
  try {
    rows = await tableRows(join(folder, DATABASE_FILE))
  } catch (cause) {
    throw invalid(index.id, `${DATABASE_FILE} is no sound database: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  if (!Value.Equal(rows, index.database.rows)) throw invalid(index.id, `${DATABASE_FILE} has not the rows that were archived`)
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

/** What comes from elsewhere is held against what was put there on the way. */
function asInvalid(id: string, error: unknown): unknown {
  return error instanceof PlatformError && error.code === 'FILE_DAMAGED' ? invalid(id, error.message.replace(/\.$/, ''), error) : error
}

function invalid(id: string, why: string, cause?: unknown): PlatformError {
  return new PlatformError('PLUGIN_ARCHIVE_INVALID', `The archive ${id} is damaged: ${why}.`, { fix: 'Nothing was changed. Look at what it lies on; a backup may have a sound copy.', cause })
}
