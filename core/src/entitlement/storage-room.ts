import type { FileRoom } from '../storage/files.ts'
import type { StoreKey, StoreMeter } from '../storage/storage.ts'
import { storageQuotaExceeded } from './quota-exceeded.ts'

/** What a tenant stores, in bytes. */
export interface StoredBytes {
  readonly files: number
  /** Plugin id to the size of its database. */
  readonly databases: ReadonlyMap<string, number>
}

interface Deps {
  /** Bytes a tenant may store; `undefined` for no limit. */
  readonly limitOf: (tenantId: string) => number | undefined
  /** Looks on the disk. Asked once for each tenant with a limit, and after {@link StorageRoom.forget}. */
  readonly count: (tenantId: string) => Promise<StoredBytes>
  /** A tenant stores this much of its limit now. */
  readonly noted?: (tenantId: string, bytes: number, limit: number) => void
  /** A tenant asked for more than there is. */
  readonly refused?: (tenantId: string, limit: number) => void
}

interface Counted {
  files: number
  readonly databases: Map<string, number>
  total: number
}

/**
 * Keeps tenants within what they may store: files, and the databases of their plugins. Without a limit nothing is counted. What is asked for is
 * decided at once and synchronously, so that of two that write at the same time not both get the last room.
 */
export class StorageRoom implements StoreMeter, FileRoom {
  readonly #deps: Deps
  readonly #counted = new Map<string, Counted>()
  readonly #counting = new Map<string, Promise<void>>()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  isLimited(tenantId: string): boolean {
    return this.#deps.limitOf(tenantId) !== undefined
  }

  /** To be awaited before anything is asked for; `undefined` when there is nothing to wait for. */
  ready(tenantId: string): Promise<void> | undefined {
    if (!this.isLimited(tenantId)) {
      // What is written from now on is not counted.
      this.#counted.delete(tenantId)
      return undefined
    }
    if (this.#counted.has(tenantId)) return undefined
    const known = this.#counting.get(tenantId)
    if (known !== undefined) return known
    const counting = this.#deps.count(tenantId).then(({ files, databases }) => {
      // Forgotten meanwhile: what was counted may be wrong already.
      if (this.#counting.get(tenantId) !== counting) return
      this.#counted.set(tenantId, { files, databases: new Map(databases), total: files + [...databases.values()].reduce((sum, size) => sum + size, 0) })
    }).finally(() => { if (this.#counting.get(tenantId) === counting) this.#counting.delete(tenantId) })
    this.#counting.set(tenantId, counting)
    return counting
  }

  /** Bytes that are left; `undefined` when there is no limit, or nothing was counted yet. */
  roomOf(tenantId: string): number | undefined {
    const limit = this.#deps.limitOf(tenantId)
    const counted = limit === undefined ? undefined : this.#counted.get(tenantId)
    return limit === undefined || counted === undefined ? undefined : Math.max(0, limit - counted.total)
  }

  /**
   * Files are about to grow by so many bytes, or to shrink.
   * @throws PlatformError `QUOTA_EXCEEDED`; nothing is counted then
   */
  addFile(tenantId: string, bytes: number): void {
    const counted = this.#counted.get(tenantId)
    if (counted === undefined) return
    this.#change(tenantId, counted, bytes, bytes > 0)
    counted.files += bytes
  }

  /**
   * A database is about to have this size, or has it already.
   * @param isAsked - may be refused; what the kernel wrote is only noted
   * @throws PlatformError `QUOTA_EXCEEDED`; nothing is counted then
   */
  resize({ tenantId, pluginId }: StoreKey, bytes: number, isAsked: boolean): void {
    const counted = this.#counted.get(tenantId)
    if (counted === undefined) return
    const before = counted.databases.get(pluginId) ?? 0
    if (before === bytes) return
    this.#change(tenantId, counted, bytes - before, isAsked && bytes > before)
    counted.databases.set(pluginId, bytes)
  }

  /** What a write is told that reached the end of the room. */
  full(tenantId: string, cause: unknown): Error {
    const limit = this.#deps.limitOf(tenantId) ?? 0
    this.#deps.refused?.(tenantId, limit)
    return storageQuotaExceeded(this.#counted.get(tenantId)?.total ?? limit, limit, undefined, cause)
  }

  /** Counts anew before the next question. */
  forget(tenantId: string): void {
    this.#counted.delete(tenantId)
    this.#counting.delete(tenantId)
  }

  /** Counts everybody anew before the next question: other nodes may have written. */
  forgetAll(): void {
    this.#counted.clear()
  }

  /** Bytes a tenant stores, counted on the disk where they are not known. */
  async bytesOf(tenantId: string): Promise<number> {
    const counted = this.#counted.get(tenantId)
    if (counted !== undefined && this.isLimited(tenantId)) return counted.total
    const { files, databases } = await this.#deps.count(tenantId)
    return files + [...databases.values()].reduce((sum, size) => sum + size, 0)
  }

  #change(tenantId: string, counted: Counted, bytes: number, isAsked: boolean): void {
    const limit = this.#deps.limitOf(tenantId)
    if (isAsked && limit !== undefined && counted.total + bytes > limit) {
      this.#deps.refused?.(tenantId, limit)
      throw storageQuotaExceeded(counted.total, limit, bytes)
    }
    counted.total += bytes
    if (limit !== undefined) this.#deps.noted?.(tenantId, counted.total, limit)
  }
}
