import { constants, existsSync } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { StoreKey } from '../storage.ts'
import { filesBelow, namesIn, statOf } from '../folder-content.ts'
import { syncFile, syncFolder } from '../sync-folder.ts'
import { blobPath, isSegment, isSha256, storePath, tenantPath } from './blob-path.ts'
import type { Amount, Blob, BlobRange, BlobsAside, BlobStore, LinkOptions, Unsettled } from './blob-store.ts'
import { fileDamaged } from './file-damaged.ts'
import { INCOMING, type Received } from './incoming.ts'
import { intentName, parseIntent, type Intent } from './intent.ts'

/** Bytes that are read in one go, into their place: nothing is copied, and nothing is left behind to be collected. */
const READ_AT_ONCE = 1_048_576
/** Bytes that are read ahead of who takes them piece by piece. */
const READ_AHEAD = 256 * 1_024

/** The driver for a disk: `<tenant>/<plugin>/<first two of sha256>/<sha256>` in a folder. One process at a time. */
export class BlobFolder implements BlobStore {
  readonly place: string
  readonly #intents: string
  readonly #newId: () => string

  private constructor(folder: string, newId: () => string) {
    this.place = folder
    this.#intents = join(folder, INCOMING)
    this.#newId = newId
  }

  /** @param folder - made when it is not there */
  static async open(folder: string, newId: () => string): Promise<BlobFolder> {
    const opened = new BlobFolder(folder, newId)
    await mkdir(opened.#intents, { recursive: true, mode: 0o700 })
    return opened
  }

  aside(name: string): BlobsAside {
    return new BlobFolder(join(this.place, `.${name}`), this.#newId)
  }

  async announce(intent: Intent): Promise<() => Promise<void>> {
    const path = join(this.#intents, intentName(intent, this.#newId()))
    await writeFile(path, '')
    await syncFolder(this.#intents)
    return () => rm(path, { force: true })
  }

  async unsettled(): Promise<readonly Unsettled[]> {
    const found: Unsettled[] = []
    for (const name of await readdir(this.#intents)) {
      const intent = parseIntent(name)
      if (intent !== undefined) found.push({ intent, settled: () => rm(join(this.#intents, name), { force: true }) })
    }
    return found
  }

  async bring(): Promise<void> {
    // It has arrived on the disk where it will lie.
  }

  async put({ tenantId, pluginId }: StoreKey, { path: from, sha256 }: Received): Promise<void> {
    const path = this.#pathOf({ tenantId, pluginId }, sha256)
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

  async remove(key: StoreKey, sha256: string): Promise<void> {
    await rm(this.#pathOf(key, sha256), { force: true })
  }

  async removeStore(key: StoreKey): Promise<void> {
    await rm(this.#storeFolder(key), { recursive: true, force: true })
  }

  async removeTenant(tenantId: string): Promise<void> {
    await rm(this.#tenantFolder(tenantId), { recursive: true, force: true })
  }

  async read(key: StoreKey, blob: Blob, range?: BlobRange): Promise<Readable> {
    const file = await this.#open(key, blob)
    return file.createReadStream({ ...range, highWaterMark: READ_AHEAD })
  }

  async whole(key: StoreKey, blob: Blob): Promise<Uint8Array> {
    const file = await this.#open(key, blob)
    try {
      const whole = new Uint8Array(Buffer.allocUnsafeSlow(blob.size).buffer)
      for (let filled = 0; filled < blob.size;) {
        const { bytesRead } = await file.read(whole, filled, Math.min(READ_AT_ONCE, blob.size - filled), filled)
        if (bytesRead === 0) throw fileDamaged(key, blob.sha256, `there are ${filled}, and ${blob.size} were stored`)
        filled += bytesRead
      }
      return whole
    } finally {
      await file.close()
    }
  }

  /** @throws PlatformError `FILE_DAMAGED` when it is not there, or of another size */
  async #open(key: StoreKey, { sha256, size }: Blob): Promise<FileHandle> {
    const file = await open(this.#pathOf(key, sha256)).catch((cause: NodeJS.ErrnoException) => {
      throw cause.code === 'ENOENT' ? fileDamaged(key, sha256, 'they are missing', cause) : cause
    })
    try {
      const found = (await file.stat()).size
      if (found !== size) throw fileDamaged(key, sha256, `there are ${found}, and ${size} were stored`)
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  }

  async tenants(): Promise<readonly string[]> {
    return (await namesIn(this.place)).filter(isSegment)
  }

  async pluginsOf(tenantId: string): Promise<readonly string[]> {
    return (await namesIn(this.#tenantFolder(tenantId))).filter(isSegment)
  }

  async *list(key: StoreKey): AsyncGenerator<Blob, void, undefined> {
    yield* blobsIn(this.#storeFolder(key))
  }

  async bytesOf(tenantId: string): Promise<number> {
    return (await amountBelow(this.#tenantFolder(tenantId))).bytes
  }

  amountOf(key: StoreKey): Promise<Amount> {
    return amountBelow(this.#storeFolder(key))
  }

  async copyOut(key: StoreKey, folder: string, options?: LinkOptions): Promise<void> {
    await linkAll(this.#storeFolder(key), folder, options)
  }

  async copyIn(key: StoreKey, folder: string): Promise<void> {
    await linkAll(folder, this.#storeFolder(key))
  }

  async adopt(tenantId: string, folder: string): Promise<void> {
    const to = this.#tenantFolder(tenantId)
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    await rm(to, { recursive: true, force: true })
    await rename(folder, to)
    await syncFolder(dirname(to))
  }

  // What a snapshot holds has a second name in the snapshot's folder, and goes with it.

  hold(key: StoreKey, _snapshotId: string, folder: string): Promise<void> {
    return this.copyOut(key, folder)
  }

  putBack(key: StoreKey, _snapshotId: string, folder: string): Promise<void> {
    return this.copyIn(key, folder)
  }

  async letGo(): Promise<void> {
    // Its folder was all that held anything.
  }

  async holding(): Promise<readonly string[]> {
    return []
  }

  async copyHeldOut(_key: StoreKey, snapshotId: string): Promise<void> {
    throw new Error(`Snapshot ${snapshotId} holds nothing apart from its folder.`)
  }

  async holdFrom(): Promise<void> {
    // Its folder holds it.
  }

  async heldBytesOf(): Promise<number> {
    return 0
  }

  #tenantFolder(tenantId: string): string {
    return join(this.place, tenantPath(tenantId))
  }

  #storeFolder(key: StoreKey): string {
    return join(this.place, storePath(key))
  }

  #pathOf(key: StoreKey, sha256: string): string {
    return join(this.place, blobPath(key, sha256))
  }
}

async function amountBelow(folder: string): Promise<Amount> {
  let count = 0
  let bytes = 0
  for (const path of await filesBelow(folder)) {
    const found = await statOf(path)
    if (found === undefined) continue
    count += 1
    bytes += found.size
  }
  return { count, bytes }
}

/**
 * The blobs of a folder that is laid out like a store's, in the order of their hashes. Other names are passed over.
 * @param only - those whose hash begins with these two digits
 */
export async function* blobsIn(folder: string, only?: string): AsyncGenerator<Blob, void, undefined> {
  for (const part of only === undefined ? await namesIn(folder) : [only]) {
    if (!/^[0-9a-f]{2}$/.test(part)) continue
    for (const sha256 of await namesIn(join(folder, part))) {
      const found = isSha256(sha256) && sha256.startsWith(part) ? await statOf(join(folder, part, sha256)) : undefined
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
    const missing = (await namesIn(join(from, part))).filter((name) => isSha256(name) && !there.has(name))
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
