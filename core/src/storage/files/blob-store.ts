import type { Readable } from 'node:stream'
import type { StoreKey } from '../storage.ts'
import type { Received } from './incoming.ts'
import type { Intent } from './intent.ts'

/** Some stored bytes. */
export interface Blob {
  /** Lower-case hexadecimal. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
}

/** How bytes are given a second name. */
export interface LinkOptions {
  /** Another such folder, on the disk of the new names: bytes that it has are linked from there and not copied. */
  readonly likewise?: string | undefined
  /** Whether the names survive a power cut; `false` for a folder that nobody needs after one. @defaultValue true */
  readonly durable?: boolean
}

/** A part of some bytes: first and last, both included. */
export interface BlobRange {
  readonly start: number
  readonly end: number
}

/** What was about to happen and was not brought to an end. */
export interface Unsettled {
  readonly intent: Intent
  /** Takes the note away, once rows and bytes agree. */
  readonly settled: () => Promise<void>
}

/** How much something is. */
export interface Amount {
  readonly count: number
  /** Bytes. */
  readonly bytes: number
}

/**
 * Where the bytes of files lie: a driver. Stores, hashes and the ids of snapshots are all that names them, and the driver derives every
 * path or key from those. It knows nothing of rows: whoever uses it changes rows and bytes of a store in turn.
 * Everything throws `FILES_UNAVAILABLE` when what the bytes lie on cannot be reached.
 */
export interface BlobStore {
  /** Where that is, for people: a folder, or `s3://bucket/prefix`. No secret. */
  readonly place: string

  /**
   * Another such place below this one, for bytes of which no plugin knows: nothing of it is listed, counted or removed with what lies here.
   * Whoever keeps something there looks after what a crash leaves: it has no notes.
   */
  aside(name: (typeof ASIDE)[number]): BlobsAside

  /** Notes durably what is about to happen. Returns what takes the note away. */
  announce(intent: Intent): Promise<() => Promise<void>>
  /**
   * Notes that nobody has taken away. Settle each in its store's turn.
   * @param now - milliseconds since the Unix epoch: drivers that nodes share leave out what is young enough to be under way on another one
   */
  unsettled(now: number): Promise<readonly Unsettled[]>

  /** Brings bytes where they will lie, as far as that takes long, while nobody waits. They may be removed again before {@link place}. */
  bring(key: StoreKey, received: Received): Promise<void>
  /** Makes bytes lie in their place: durably, whole or not at all. Those that are there already are the same, and are replaced or kept. */
  put(key: StoreKey, received: Received): Promise<void>
  /** Twice is harmless. What a snapshot holds stays held. */
  remove(key: StoreKey, sha256: string): Promise<void>
  removeStore(key: StoreKey): Promise<void>
  /** Of all plugins, with all that snapshots hold. */
  removeTenant(tenantId: string): Promise<void>

  /**
   * Bytes as a stream. It breaks off with an error where they are not what they should be: never too few, and a whole one never with others.
   * @param blob - with the size that its row says
   * @throws PlatformError `FILE_DAMAGED` when they are missing, or of another size; before anything is streamed
   */
  read(key: StoreKey, blob: Blob, range?: BlobRange): Promise<Readable>

  /**
   * All of it at once, where the driver does that better than by the stream.
   * @throws PlatformError `FILE_DAMAGED` when they are missing, or of another size
   */
  whole?(key: StoreKey, blob: Blob): Promise<Uint8Array>

  /** Tenants that have bytes, in no order. */
  tenants(): Promise<readonly string[]>
  /** Plugins of a tenant that have stored bytes, in the order of their ids. */
  pluginsOf(tenantId: string): Promise<readonly string[]>
  /** All bytes of a store, in the order of their hashes. */
  list(key: StoreKey): AsyncIterable<Blob>
  /** Bytes of all files of a tenant, each counted once per plugin; what only snapshots hold is not among them. */
  bytesOf(tenantId: string): Promise<number>
  /** All that lies where a store's bytes do, whatever it is. */
  amountOf(key: StoreKey): Promise<Amount>

  /** Brings the bytes of a store into a folder, as `<first two of sha256>/<sha256>`; what lies there already is passed over. */
  copyOut(key: StoreKey, folder: string, options?: LinkOptions): Promise<void>
  /** The reverse of {@link copyOut}: what is there already stays. */
  copyIn(key: StoreKey, folder: string): Promise<void>
  /** Takes over a folder that holds all of a tenant, a folder a plugin. Whoever calls it has seen that the tenant has nothing here. */
  adopt(tenantId: string, folder: string): Promise<void>

  /**
   * Has a snapshot hold all that a store has now: it can be put back while the snapshot holds it, whatever is removed from the store.
   * @param folder - of the snapshot's files on disk, for drivers that hold by names in it
   */
  hold(key: StoreKey, snapshotId: string, folder: string): Promise<void>
  /** Puts what a snapshot holds back to the store. What is there already stays. */
  putBack(key: StoreKey, snapshotId: string, folder: string): Promise<void>
  /** Ends what snapshots hold whose folder is gone, or goes next: of one, or of all of a plugin. Twice is harmless. */
  letGo(key: StoreKey, snapshotId?: string): Promise<void>
  /** Snapshots that hold something apart from their folders; empty for drivers that hold by names in these. */
  holding(key: StoreKey): Promise<readonly string[]>
  /** Brings what a snapshot of {@link holding} holds into a folder, as {@link copyOut} does. */
  copyHeldOut(key: StoreKey, snapshotId: string, folder: string, options?: LinkOptions): Promise<void>
  /** Has a snapshot hold what lies in its folder, whether the store has it or not: for files that move here. */
  holdFrom(key: StoreKey, snapshotId: string, folder: string): Promise<void>
  /** What snapshots of a tenant alone hold, and no store any more; 0 for drivers that hold by names in their folders. */
  heldBytesOf(tenantId: string): Promise<number>
}

/** Every name of {@link BlobStore.aside} that is in use: what files move to moves these too. */
export const ASIDE = ['archives'] as const

/** See {@link BlobStore.aside}. */
export type BlobsAside = Pick<BlobStore, 'place' | 'put' | 'read' | 'tenants' | 'pluginsOf' | 'list' | 'copyOut' | 'copyIn' | 'removeStore' | 'removeTenant'>
