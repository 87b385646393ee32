import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { FileRef, Files } from '@liberacces/sdk'
import { v7 } from 'uuid'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import { isAccepted } from './files/accepted-type.ts'
import { BlobFolder, type Blob, type LinkOptions } from './files/blob-folder.ts'
import { cleanFileName } from './files/file-name.ts'
import { Incoming, type Received } from './files/incoming.ts'
import { sniffType, type ClaimedType } from './files/sniff-type.ts'
import type { Storage, StoreKey } from './storage.ts'
import { storeName } from './store-name.ts'
import type { FileRow } from './store-tables.ts'

/** Largest file that a plugin stores itself, in bytes: 100 MiB. */
const PUT_LIMIT = 104_857_600

/** What an upload may be. */
export interface UploadLimits {
  /** Bytes. */
  readonly maxBytes: number
  /** Media types such as `image/png` or `image/*`, held against what the bytes are; empty takes all but pages, XML and SVG. */
  readonly accept: readonly string[]
}

/** A stored file, ready to be sent. */
export interface OpenFile {
  readonly ref: FileRef
  /** @param range - first and last byte, both included; the whole file without it */
  stream(range?: { readonly start: number; readonly end: number }): Readable
}

/** Files of all plugins. Bytes lie once per store, named by their SHA-256; rows in the store refer to them. */
export interface FileStore {
  /** What a plugin sees: its own files of one tenant. */
  of(key: StoreKey): Files
  /**
   * Stores a file while it arrives; when it throws, nothing is kept.
   * @throws PlatformError `FILE_TOO_LARGE`, `FILE_TYPE_REFUSED`, `QUOTA_EXCEEDED`
   */
  putStream(key: StoreKey, content: AsyncIterable<Uint8Array>, about: ClaimedType, limits: UploadLimits): Promise<FileRef>
  /** `undefined` when no such file belongs to this store. */
  open(key: StoreKey, id: string): Promise<OpenFile | undefined>
  /** Forgets a file; its bytes go with the last that has them. Deleting twice is harmless. */
  delete(key: StoreKey, id: string): Promise<void>
  /** Deletes all bytes of a store whose rows are gone. */
  drop(key: StoreKey): Promise<void>
  /** Deletes all bytes of a tenant whose stores are gone. */
  dropTenant(tenantId: string): Promise<void>
  /** Stores of a tenant that have bytes, in the order of their plugins' ids. */
  storesOf(tenantId: string): Promise<readonly StoreKey[]>
  /** The bytes of a store, in the order of their hashes: also such that no row refers to, while something is under way. */
  blobs(key: StoreKey): AsyncIterable<Blob>
  /** Where some bytes of a store lie. They stay there unless the store is held still or they have another name too. */
  blobPath(key: StoreKey, sha256: string): string
  /**
   * Runs a body while no file of a store is added or deleted: what its rows refer to then lies there. Uploads wait, so first
   * do outside what takes long, such as {@link linkBlobs}, and inside only what is new since.
   */
  heldStill<Result>(key: StoreKey, body: () => Promise<Result>): Promise<Result>
  /**
   * Gives all bytes of a store a second name in a folder, as `<first two of sha256>/<sha256>`; copies them where it lies on another
   * disk. What lies there already is passed over, so that calling it again adds what is new.
   */
  linkBlobs(key: StoreKey, folder: string, options?: LinkOptions): Promise<void>
  /** Brings the bytes in such a folder back to a store, before the database that refers to them. What is there already stays. */
  placeBlobs(key: StoreKey, folder: string): Promise<void>
  /** Deletes the bytes of a store that no row refers to, after its database was replaced. @returns how many */
  pruneBlobs(key: StoreKey): Promise<number>
  /** Bytes a tenant has stored. Walks its folder. */
  bytesOf(tenantId: string): Promise<number>
}

/** Who keeps files within what their tenants may store. */
export interface FileRoom {
  /** To be awaited before {@link FileRoom.addFile}. */
  ready(tenantId: string): Promise<void> | undefined
  /** Bytes come, or go. @throws PlatformError `QUOTA_EXCEEDED`: they are not stored then */
  addFile(tenantId: string, bytes: number): void
  forget(tenantId: string): void
}

const ENDLESS: FileRoom = { ready: () => undefined, addFile: () => undefined, forget: () => undefined }

/** What the file store is made from. */
export interface FilesOptions {
  readonly storage: Storage
  /** Made when it is not there. One process at a time. */
  readonly folder: string
  readonly outside: Outside
  /** Who limits what tenants store. @defaultValue no limit for anyone */
  readonly room?: FileRoom
}

/** Opens the file store and puts right what a crash left behind. */
export async function createFiles({ storage, folder, outside, room = ENDLESS }: FilesOptions): Promise<FileStore> {
  const newId = (): string => v7({ msecs: outside.now(), random: outside.randomBytes(16) })
  const blobs = new BlobFolder(folder)
  const incoming = new Incoming(join(folder, '.incoming'), newId)
  const busy = new Map<string, Promise<unknown>>()

  const rowOf = async (key: StoreKey, id: string): Promise<FileRow | undefined> =>
    await storage.kernelStore(key).selectFrom('liberacces_file').selectAll().where('id', '=', id).executeTakeFirst()
  const isReferred = async (key: StoreKey, sha256: string): Promise<boolean> =>
    await storage.kernelStore(key).selectFrom('liberacces_file').select('id').where('sha256', '=', sha256).limit(1).executeTakeFirst() !== undefined

  await incoming.recover(async ({ key, sha256 }) => {
    const exists = (await storage.storesOf(key.tenantId)).some(({ pluginId }) => pluginId === key.pluginId)
    if (!exists || !await isReferred(key, sha256)) await blobs.remove(key, sha256)
  })

  /** Rows and bytes of a store change together, so one change at a time. */
  const exclusively = async <Result>(key: StoreKey, change: () => Promise<Result>): Promise<Result> => {
    const name = storeName(key)
    const before = busy.get(name) ?? Promise.resolve()
    const mine = before.then(change, change)
    busy.set(name, mine)
    try {
      return await mine
    } finally {
      if (busy.get(name) === mine) busy.delete(name)
    }
  }

  /** Gives received bytes their place and their row; when it throws, neither is there. */
  const keep = (key: StoreKey, { path, size, sha256 }: Received, name: string, type: string): Promise<FileRef> => exclusively(key, async () => {
    const isNew = !await isReferred(key, sha256)
    if (isNew) {
      await room.ready(key.tenantId)
      room.addFile(key.tenantId, size)
    }
    const ref: FileRef = { id: newId(), name, type, size, sha256 }
    const settled = await incoming.announce({ key, sha256 })
    try {
      await blobs.place(path, key, sha256)
      await storage.kernelStore(key).insertInto('liberacces_file').values({ ...ref, created_at: outside.now() }).execute()
    } catch (error) {
      if (isNew) {
        room.addFile(key.tenantId, -size)
        await blobs.remove(key, sha256)
      }
      await settled()
      throw error
    }
    await settled()
    return ref
  })

  const store = async (key: StoreKey, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, about: ClaimedType, maxBytes: number, accepts: (type: string) => boolean): Promise<FileRef> => {
    const received = await incoming.receive(content, maxBytes)
    try {
      const name = cleanFileName(about.name)
      const type = await sniffType(received.path, { name, type: about.type })
      if (!accepts(type)) throw new PlatformError('FILE_TYPE_REFUSED', `The file is of type ${type}, which is not taken here.`, { fix: 'Send a file of an accepted type.' })
      return await keep(key, received, name, type)
    } finally {
      await incoming.discard(received)
    }
  }

  const remove = (key: StoreKey, id: string): Promise<void> => exclusively(key, async () => {
    const row = await rowOf(key, id)
    if (row === undefined) return
    const settled = await incoming.announce({ key, sha256: row.sha256 })
    try {
      await storage.kernelStore(key).deleteFrom('liberacces_file').where('id', '=', id).execute()
    } catch (error) {
      await settled()
      throw error
    }
    if (!await isReferred(key, row.sha256)) {
      await blobs.remove(key, row.sha256)
      room.addFile(key.tenantId, -row.size)
    }
    await settled()
  })

  return {
    of: (key) => ({
      put: (content, about) => store(key, [content], about, PUT_LIMIT, () => true),
      async get(id) {
        const row = await rowOf(key, id)
        return row === undefined ? undefined : { ...refOf(row), bytes: async () => new Uint8Array(await readFile(blobs.pathOf(key, row.sha256))) }
      },
      delete: (id) => remove(key, id),
    }),
    putStream: (key, content, about, { maxBytes, accept }) => store(key, content, about, maxBytes, (type) => isAccepted(type, accept)),
    async open(key, id) {
      const row = await rowOf(key, id)
      return row === undefined ? undefined : { ref: refOf(row), stream: (range) => createReadStream(blobs.pathOf(key, row.sha256), range ?? {}) }
    },
    delete: remove,
    async drop(key) {
      await exclusively(key, () => blobs.removeStore(key))
      room.forget(key.tenantId)
    },
    async dropTenant(tenantId) {
      await blobs.removeTenant(tenantId)
      room.forget(tenantId)
    },
    storesOf: async (tenantId) => (await blobs.pluginsOf(tenantId)).map((pluginId) => ({ tenantId, pluginId })),
    blobs: (key) => blobs.list(key),
    blobPath: (key, sha256) => blobs.pathOf(key, sha256),
    heldStill: exclusively,
    linkBlobs: (key, folder, options) => blobs.linkInto(key, folder, options),
    async placeBlobs(key, folder) {
      await blobs.linkFrom(key, folder)
      room.forget(key.tenantId)
    },
    pruneBlobs: (key) => exclusively(key, async () => {
      let pruned = 0
      const exists = (await storage.storesOf(key.tenantId)).some(({ pluginId }) => pluginId === key.pluginId)
      for await (const { sha256 } of blobs.list(key)) {
        if (exists && await isReferred(key, sha256)) continue
        await blobs.remove(key, sha256)
        pruned += 1
      }
      room.forget(key.tenantId)
      return pruned
    }),
    bytesOf: (tenantId) => blobs.bytesOf(tenantId),
  }
}

function refOf({ id, name, type, size, sha256 }: FileRow): FileRef {
  return { id, name, type, size, sha256 }
}
