import { constants, existsSync } from 'node:fs'
import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { StoreKey } from '../storage.ts'
import { filesBelow, namesIn, statOf } from '../folder-content.ts'
import { syncFile, syncFolder } from '../sync-folder.ts'

// What can name a store can name a folder, and no folder above.
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const SHA256 = /^[0-9a-f]{64}$/

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
    let sum = 0
    for (const path of await filesBelow(folder)) sum += (await statOf(path))?.size ?? 0
    return sum
  }

  /** Plugins of a tenant that have stored bytes, in the order of their ids. */
  async pluginsOf(tenantId: string): Promise<readonly string[]> {
    return (await namesIn(this.#tenantFolder(tenantId))).filter((name) => SEGMENT.test(name))
  }

  /** All bytes of a store, in the order of their hashes. */
  async *list(key: StoreKey): AsyncGenerator<Blob, void, undefined> {
    yield* blobsIn(this.#storeFolder(key))
  }

  /** Gives the bytes of a store a second name in another folder, or copies them where that lies on another disk. */
  async linkInto(key: StoreKey, folder: string, options?: LinkOptions): Promise<void> {
    await linkAll(this.#storeFolder(key), folder, options)
  }

  /** The reverse of {@link linkInto}. */
  async linkFrom(key: StoreKey, folder: string): Promise<void> {
    await linkAll(folder, this.#storeFolder(key))
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

/** The blobs of a folder that is laid out like a store's, in the order of their hashes. Other names are passed over. */
export async function* blobsIn(folder: string): AsyncGenerator<Blob, void, undefined> {
  for (const part of await namesIn(folder)) {
    if (!/^[0-9a-f]{2}$/.test(part)) continue
    for (const sha256 of await namesIn(join(folder, part))) {
      const found = SHA256.test(sha256) && sha256.startsWith(part) ? await statOf(join(folder, part, sha256)) : undefined
      if (found?.isFile() === true) yield { sha256, size: found.size }
    }
  }
}

/** Makes everything that lies in one folder lie in another one too. What is there already is the same. */
async function linkAll(from: string, to: string, { likewise, durable = true }: LinkOptions = {}): Promise<void> {
  const made = await mkdir(to, { recursive: true, mode: 0o700 })
  for (const part of await namesIn(from)) {
    if (!/^[0-9a-f]{2}$/.test(part)) continue
    const there = new Set(await namesIn(join(to, part)))
    const missing = (await namesIn(join(from, part))).filter((name) => SHA256.test(name) && !there.has(name))
    if (missing.length === 0) continue
    await mkdir(join(to, part), { recursive: true, mode: 0o700 })
    for (const name of missing) {
      const known = likewise !== undefined && existsSync(join(likewise, part, name))
      await linkOrCopy(join(known ? likewise : from, part, name), join(to, part, name))
    }
    if (durable) await syncFolder(join(to, part))
  }
  if (!durable) return
  await syncFolder(to)
  if (made !== undefined) for (let folder = to; folder.length >= made.length; folder = dirname(folder)) await syncFolder(dirname(folder))
}

/** Gives a file a second name, or copies it, durably. One that is gone by now is passed over: whoever must not lose it keeps the store still. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || code === 'ENOENT') return
    if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error
    const unfinished = `${to}.part`
    await copyFile(from, unfinished, constants.COPYFILE_FICLONE)
    await syncFile(unfinished)
    await rename(unfinished, to)
  }
}
