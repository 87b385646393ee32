import { PlatformError } from '../../errors.ts'

/** Keeps tenants within what they may store. Without a limit nothing is ever counted. */
export class StorageQuota {
  readonly #limitOf: (tenantId: string) => number | undefined
  readonly #count: (tenantId: string) => Promise<number>
  readonly #used = new Map<string, Promise<{ bytes: number }>>()

  /**
   * @param limitOf - bytes a tenant may store; `undefined` for no limit
   * @param count - bytes a tenant has stored, asked once
   */
  constructor(limitOf: (tenantId: string) => number | undefined, count: (tenantId: string) => Promise<number>) {
    this.#limitOf = limitOf
    this.#count = count
  }

  /**
   * Counts bytes that are about to be stored. Returns what gives them back, when they were not.
   * @throws PlatformError `QUOTA_EXCEEDED`
   */
  async reserve(tenantId: string, bytes: number): Promise<() => void> {
    const limit = this.#limitOf(tenantId)
    if (limit === undefined) return () => undefined
    const used = await this.#usedBy(tenantId)
    if (used.bytes + bytes > limit) {
      throw new PlatformError('QUOTA_EXCEEDED', `The tenant has stored ${used.bytes} of ${limit} bytes; ${bytes} more do not fit.`, { fix: 'Delete files that are no longer needed, or ask the Pool for more.' })
    }
    used.bytes += bytes
    return () => { used.bytes -= bytes }
  }

  /** Bytes of a tenant are gone. */
  async release(tenantId: string, bytes: number): Promise<void> {
    const used = await this.#used.get(tenantId)
    if (used !== undefined) used.bytes -= bytes
  }

  /** Counts anew at the next question. */
  forget(tenantId: string): void {
    this.#used.delete(tenantId)
  }

  #usedBy(tenantId: string): Promise<{ bytes: number }> {
    const known = this.#used.get(tenantId)
    if (known !== undefined) return known
    const counting = this.#count(tenantId).then((bytes) => ({ bytes }))
    this.#used.set(tenantId, counting)
    counting.catch(() => { this.#used.delete(tenantId) })
    return counting
  }
}
