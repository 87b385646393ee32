import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { StoreKey } from '../storage.ts'
import { syncFolder } from './incoming.ts'

// What can name a store can name a folder, and no folder above.
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const SHA256 = /^[0-9a-f]{64}$/

/** Where the bytes of stores lie: `<tenant>/<plugin>/<first two of sha256>/<sha256>`. */
export class BlobFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The place of some bytes. Throws for a key or hash that is none: nothing else ever becomes part of a path. */
  pathOf(key: StoreKey, sha256: string): string {
    if (!SHA256.test(sha256)) throw new Error('This is no SHA-256.')
    return join(this.#storeFolder(key), sha256.slice(0, 2), sha256)
  }

  /** Moves a file to its place, durably. Bytes that lie there already are the same, and are replaced. */
  async place(from: string, key: StoreKey, sha256: string): Promise<void> {
    const path = this.pathOf(key, sha256)
    const made = await mkdir(dirname(path), { recursive: true })
    await rename(from, path)
    let folder = dirname(path)
    await syncFolder(folder)
    if (made === undefined) return
    // New folders are names too, each in the one above.
    while (folder.length >= made.length) {
      folder = dirname(folder)
      await syncFolder(folder)
    }
  }

  /** Twice is harmless. */
  async remove(key: StoreKey, sha256: string): Promise<void> {
    await rm(this.pathOf(key, sha256), { force: true })
  }

  async removeStore(key: StoreKey): Promise<void> {
    await rm(this.#storeFolder(key), { recursive: true, force: true })
  }

  async removeTenant(tenantId: string): Promise<void> {
    await rm(this.#tenantFolder(tenantId), { recursive: true, force: true })
  }

  /** Bytes of all files of a tenant, each counted once per plugin. */
  async bytesOf(tenantId: string): Promise<number> {
    const folder = this.#tenantFolder(tenantId)
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    let sum = 0
    for (const entry of entries) if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0
    return sum
  }

  #tenantFolder(tenantId: string): string {
    if (!SEGMENT.test(tenantId)) throw new Error(`"${tenantId}" is no tenant id.`)
    return join(this.#folder, tenantId)
  }

  #storeFolder({ tenantId, pluginId }: StoreKey): string {
    if (!SEGMENT.test(pluginId)) throw new Error(`"${pluginId}" is no plugin id.`)
    return join(this.#tenantFolder(tenantId), pluginId)
  }
}
