// Longer than others: what a plugin may do with files, each operation with its note in the store and its bytes in the driver.
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { FileRef, Files } from '@liberacces/sdk'
import type { Logger } from 'pino'
import { v7 } from 'uuid'
import { PlatformError } from '../errors.ts'
import { InTurn } from '../in-turn.ts'
import type { Outside } from '../outside.ts'
import { isAccepted } from './files/accepted-type.ts'
import { BlobFolder } from './files/blob-folder.ts'
import type { Amount, Blob, BlobRange, BlobStore, LinkOptions } from './files/blob-store.ts'
import { fileDamaged } from './files/file-damaged.ts'
import { cleanFileName } from './files/file-name.ts'
import { Incoming, INCOMING, type Received } from './files/incoming.ts'
import { canBeRead } from './files/readers.ts'
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
  /**
   * @param range - the whole file without it
   * @throws PlatformError `FILE_DAMAGED`, `FILES_UNAVAILABLE`: before the first byte
   */
  stream(range?: BlobRange): Promise<Readable>
}

/** Files of all plugins. Bytes lie once per store, named by their SHA-256; rows in the store refer to them. */
export interface FileStore {
  /** What a plugin sees: its own files of one tenant. */
  of(key: StoreKey): Files
  /**
   * Stores a file while it arrives; when it throws, nothing is kept.
   * @throws PlatformError `FILE_TOO_LARGE`, `FILE_TYPE_REFUSED`, `QUOTA_EXCEEDED`, `FILES_UNAVAILABLE`
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
  /** Some bytes of a store, whole. @throws PlatformError `FILE_DAMAGED`, `FILES_UNAVAILABLE` */
  bytes(key: StoreKey, blob: Blob): Promise<Uint8Array>
  /** All that lies where a store's bytes do, whatever it is. */
  amountOf(key: StoreKey): Promise<Amount>
  /**
   * Runs a body while no file of a store is added or deleted: what its rows refer to then lies there. Uploads wait, so first
   * do outside what takes long, such as {@link copyBlobs}, and inside only what is new since.
   */
  heldStill<Result>(key: StoreKey, body: () => Promise<Result>): Promise<Result>
  /**
   * Brings all bytes of a store into a folder, as `<first two of sha256>/<sha256>`: by a second name where they lie on the same disk, else by
   * copying. What lies there already is passed over, so that calling it again adds what is new.
   */
  copyBlobs(key: StoreKey, folder: string, options?: LinkOptions): Promise<void>
  /** Brings the bytes in such a folder back to a store, before the database that refers to them. What is there already stays. */
  placeBlobs(key: StoreKey, folder: string): Promise<void>
  /** Takes over a folder that holds all files of a tenant, who has none here: `<plugin>/<first two of sha256>/<sha256>`. */
  adoptTenant(tenantId: string, folder: string): Promise<void>
  /**
   * Has a snapshot hold all that a store has now, whatever is deleted from it later. The caller holds the plugin still.
   * @param folder - of the snapshot's files on disk
   */
  hold(key: StoreKey, snapshotId: string, folder: string): Promise<void>
  /** Puts back what a snapshot holds, before the database that refers to it. What is there already stays. */
  putBack(key: StoreKey, snapshotId: string, folder: string): Promise<void>
  /** Ends what a snapshot holds, or all those of a plugin, beside deleting the folder. Twice is harmless. */
  letGo(key: StoreKey, snapshotId?: string): Promise<void>
  /** Snapshots that hold something apart from their folders. */
  holding(key: StoreKey): Promise<readonly string[]>
  /** Brings what such a snapshot holds into a folder, as {@link copyBlobs} does. */
  copyHeld(key: StoreKey, snapshotId: string, folder: string, options?: LinkOptions): Promise<void>
  /** Bytes that snapshots of a tenant hold apart from their folders, and no store has any more. */
  heldBytesOf(tenantId: string): Promise<number>
  /** Deletes the bytes of a store that no row refers to, after its database was replaced. @returns how many */
  pruneBlobs(key: StoreKey): Promise<number>
  /** Bytes a tenant has stored, counted anew. */
  bytesOf(tenantId: string): Promise<number>
  /** Brings rows and bytes into agreement where somebody was cut short: another node, or a call that the storage did not answer. */
  settle(): Promise<void>
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

/** Who takes turns at the same thing: in this process, or among all nodes. */
export interface Turns {
  /** @param body - told by the signal, if there can be one, that the turn was lost while it had it */
  take<Result>(key: string, body: (signal?: AbortSignal) => Promise<Result>): Promise<Result>
}

/** What the file store is made from. */
export interface FilesOptions {
  readonly storage: Storage
  /** Where files arrive. Made when it is not there. One process at a time. */
  readonly folder: string
  /** Where their bytes lie. @defaultValue in the same folder */
  readonly blobs?: BlobStore
  readonly outside: Outside
  /** Whose turn it is to change the files of a store. @defaultValue among those of this process */
  readonly turns?: Turns
  /** Who limits what tenants store. @defaultValue no limit for anyone */
  readonly room?: FileRoom
  readonly log?: Pick<Logger, 'warn'>
}

/** Opens the file store and puts right what a crash left behind. */
export async function createFiles({ storage, folder, outside, room = ENDLESS, turns = new InTurn(), log, ...options }: FilesOptions): Promise<FileStore> {
  const newId = (): string => v7({ msecs: outside.now(), random: outside.randomBytes(16) })
  const blobs = options.blobs ?? await BlobFolder.open(folder, newId)
  const incoming = new Incoming(join(folder, INCOMING), newId)
  await incoming.open()

  // Whatever is asked for: no id has the one character in it that PostgreSQL does not take in a text.
  const rowOf = async (key: StoreKey, id: string): Promise<FileRow | undefined> =>
    id.includes('\0') ? undefined : await storage.kernelStore(key).selectFrom('liberacces_file').selectAll().where('id', '=', id).executeTakeFirst()
  const isReferred = async (key: StoreKey, sha256: string): Promise<boolean> =>
    await storage.kernelStore(key).selectFrom('liberacces_file').select('id').where('sha256', '=', sha256).limit(1).executeTakeFirst() !== undefined
  const exists = async (key: StoreKey): Promise<boolean> => (await storage.storesOf(key.tenantId)).some(({ pluginId }) => pluginId === key.pluginId)

  /** Rows and bytes of a store change together, so one change at a time. */
  const exclusively = <Result>(key: StoreKey, change: (signal?: AbortSignal) => Promise<Result>): Promise<Result> => turns.take(`files ${storeName(key)}`, change)

  const settle = async (): Promise<void> => {
    for (const { intent: { key, sha256 }, settled } of await blobs.unsettled(outside.now())) {
      await exclusively(key, async () => {
        if (!await exists(key) || !await isReferred(key, sha256)) await blobs.remove(key, sha256)
        await settled()
      })
    }
  }
  await settle()

  /** Gives received bytes their place and their row; when it throws, neither is there. */
  const keep = async (key: StoreKey, received: Received, name: string, type: string): Promise<FileRef> => {
    const { size, sha256 } = received
    let isCounted = false
    // Before they travel: what does not fit need not, and whoever counts anew meanwhile must not count them twice.
    const count = async (): Promise<void> => {
      const isNew = !await isReferred(key, sha256)
      if (isNew === isCounted) return
      if (isNew) await room.ready(key.tenantId)
      room.addFile(key.tenantId, isNew ? size : -size)
      isCounted = isNew
    }
    let settled: (() => Promise<void>) | undefined
    try {
      await exclusively(key, count)
      settled = await blobs.announce({ key, sha256 })
      if (isCounted) await blobs.bring(key, received)
      const ref: FileRef = { id: newId(), name, type, size, sha256 }
      await exclusively(key, async (signal) => {
        // The same bytes may have come, or gone, while these were on their way.
        await count()
        await blobs.put(key, received)
        signal?.throwIfAborted()
        await storage.kernelStore(key).insertInto('liberacces_file').values({ ...ref, created_at: outside.now() }).execute()
      })
      await forgetNote(settled)
      return ref
    } catch (error) {
      if (isCounted) room.addFile(key.tenantId, -size)
      if (settled !== undefined) await undo(key, sha256, settled)
      throw error
    }
  }

  /** What cannot be undone stays noted, for the next who settles. */
  const undo = async (key: StoreKey, sha256: string, settled: () => Promise<void>): Promise<void> => {
    try {
      await exclusively(key, async () => {
        if (!await isReferred(key, sha256)) await blobs.remove(key, sha256)
        await settled()
      })
    } catch (error) {
      log?.warn({ err: error, plugin: key.pluginId, tenantId: key.tenantId }, 'bytes of a file that was not stored could not be removed; they are with the next start, or within the hour')
    }
  }
  /** A note that stays does no harm: it says to look whether rows and bytes agree. */
  const forgetNote = async (settled: () => Promise<void>): Promise<void> => {
    await settled().catch((error: unknown) => { log?.warn({ err: error }, 'a note about a stored file could not be removed; it is with the next start, or within the hour') })
  }

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

  const remove = (key: StoreKey, id: string): Promise<void> => exclusively(key, async (signal) => {
    const row = await rowOf(key, id)
    if (row === undefined) return
    const settled = await blobs.announce({ key, sha256: row.sha256 })
    try {
      await storage.kernelStore(key).deleteFrom('liberacces_file').where('id', '=', id).execute()
    } catch (error) {
      await forgetNote(settled)
      throw error
    }
    if (!await isReferred(key, row.sha256)) {
      signal?.throwIfAborted()
      await blobs.remove(key, row.sha256)
      room.addFile(key.tenantId, -row.size)
    }
    await forgetNote(settled)
  })

  return {
    of: (key) => ({
      put: (content, about) => store(key, [content], about, PUT_LIMIT, () => true),
      async get(id) {
        const row = await rowOf(key, id)
        if (row === undefined) return undefined
        const file = { ...refOf(row), bytes: () => wholeOf(blobs, key, row) }
        // A connection to a storage elsewhere is not kept open for as long as a plugin likes.
        return blobs.whole === undefined ? file : canBeRead(file, () => blobs.read(key, row))
      },
      delete: (id) => remove(key, id),
    }),
    putStream: (key, content, about, { maxBytes, accept }) => store(key, content, about, maxBytes, (type) => isAccepted(type, accept)),
    async open(key, id) {
      const row = await rowOf(key, id)
      return row === undefined ? undefined : { ref: refOf(row), stream: (range) => blobs.read(key, row, range) }
    },
    bytes: (key, blob) => wholeOf(blobs, key, blob),
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
    amountOf: (key) => blobs.amountOf(key),
    heldStill: exclusively,
    copyBlobs: (key, toFolder, how) => blobs.copyOut(key, toFolder, how),
    async placeBlobs(key, fromFolder) {
      await blobs.copyIn(key, fromFolder)
      room.forget(key.tenantId)
    },
    async adoptTenant(tenantId, fromFolder) {
      await blobs.adopt(tenantId, fromFolder)
      room.forget(tenantId)
    },
    hold: (key, snapshotId, inFolder) => blobs.hold(key, snapshotId, inFolder),
    async putBack(key, snapshotId, fromFolder) {
      await blobs.putBack(key, snapshotId, fromFolder)
      room.forget(key.tenantId)
    },
    letGo: (key, snapshotId) => exclusively(key, () => blobs.letGo(key, snapshotId)),
    holding: (key) => blobs.holding(key),
    copyHeld: (key, snapshotId, toFolder, how) => blobs.copyHeldOut(key, snapshotId, toFolder, how),
    heldBytesOf: (tenantId) => blobs.heldBytesOf(tenantId),
    pruneBlobs: (key) => exclusively(key, async () => {
      let pruned = 0
      const isThere = await exists(key)
      for await (const { sha256 } of blobs.list(key)) {
        if (isThere && await isReferred(key, sha256)) continue
        await blobs.remove(key, sha256)
        pruned += 1
      }
      room.forget(key.tenantId)
      return pruned
    }),
    bytesOf: (tenantId) => blobs.bytesOf(tenantId),
    settle,
  }
}

/** @throws PlatformError `FILE_DAMAGED`, `FILES_UNAVAILABLE` */
async function wholeOf(blobs: BlobStore, key: StoreKey, blob: Blob): Promise<Uint8Array> {
  if (blobs.whole !== undefined) return blobs.whole(key, blob)
  // Piece by piece into its place: putting together at the end what is large would hold up everything else.
  const pieces = await blobs.read(key, blob) as AsyncIterable<Uint8Array>
  const whole = new Uint8Array(Buffer.allocUnsafeSlow(blob.size).buffer)
  let filled = 0
  for await (const piece of pieces) {
    if (filled + piece.byteLength > blob.size) throw fileDamaged(key, blob.sha256, `there are more bytes than the ${blob.size} that were stored`)
    whole.set(piece, filled)
    filled += piece.byteLength
  }
  if (filled !== blob.size) throw fileDamaged(key, blob.sha256, `there are ${filled}, and ${blob.size} were stored`)
  return whole
}

function refOf({ id, name, type, size, sha256 }: FileRow): FileRef {
  return { id, name, type, size, sha256 }
}
