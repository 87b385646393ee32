import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { namesIn, statOf } from '../../folder-content.ts'
import type { StoreKey } from '../../storage.ts'
import { syncFolder } from '../../sync-folder.ts'
import { blobsIn, linkOrCopy } from '../blob-folder.ts'
import { blobPath, hashPath, isSegment, isSha256, storePath, tenantPath } from '../blob-path.ts'
import type { Amount, Blob, BlobRange, BlobsAside, BlobStore, LinkOptions, Unsettled } from '../blob-store.ts'
import { fileDamaged } from '../file-damaged.ts'
import type { Received } from '../incoming.ts'
import { intentAgeMs, intentName, parseIntent, type Intent } from '../intent.ts'
import { AtATime, forEachAtATime } from './at-a-time.ts'
import type { S3Address } from './s3-address.ts'
import { downloadStream } from './s3-download.ts'
import { asConfigInvalid, asUnavailable, failureOf } from './s3-errors.ts'
import { S3Holds } from './s3-holds.ts'
import { S3Requests, type S3Surroundings } from './s3-requests.ts'
import { uploadFile } from './s3-upload.ts'

const INTENTS = '.intents/'
/** Notes that are younger may be of a node that is at work: no upload takes so long. In milliseconds. */
const UNDER_WAY_MS = 3_600_000
/** Uploads at a time: each has a part of its file in memory. */
const UPLOADS = 4
/** Downloads and copies at a time where there are many to do. */
const TOGETHER = 8

/** What the driver is made from. */
export interface S3BlobsOptions {
  readonly address: S3Address
  /** Unique, and in the order of time (UUID version 7). */
  readonly newId: () => string
  readonly around?: Partial<S3Surroundings>
  /** Longest that nothing may come of a file that is read, in milliseconds. */
  readonly idleMs?: number
}

/**
 * The driver for a bucket: keys `<prefix>/<tenant>/<plugin>/<first two of sha256>/<sha256>`, as on a disk; what begins with a dot is
 * its own. Nodes may share it, as long as they take turns at each store.
 */
export class S3Blobs implements BlobStore {
  readonly place: string
  readonly #requests: S3Requests
  readonly #holds: S3Holds
  readonly #options: S3BlobsOptions
  readonly #newId: () => string
  readonly #idleMs: number | undefined
  readonly #uploads = new AtATime(UPLOADS)

  private constructor(requests: S3Requests, options: S3BlobsOptions) {
    const { newId, idleMs } = options
    this.#options = options
    this.place = requests.place
    this.#requests = requests
    this.#holds = new S3Holds(requests)
    this.#newId = newId
    this.#idleMs = idleMs
  }

  /** @throws PlatformError `CONFIG_INVALID` when there is no such bucket or the keys do not fit, `FILES_UNAVAILABLE` */
  static async open(options: S3BlobsOptions): Promise<S3Blobs> {
    const requests = new S3Requests(options.address, options.around)
    try {
      await requests.probe()
    } catch (error) {
      const failure = failureOf(error)
      throw failure.isPassing ? asUnavailable(failure, requests.place) : asConfigInvalid(failure, requests.place, options.address.endpoint)
    }
    return new S3Blobs(requests, options)
  }

  aside(name: string): BlobsAside {
    const { address, around } = this.#options
    return new S3Blobs(new S3Requests({ ...address, prefix: `${address.prefix}.${name}/` }, around), this.#options)
  }

  async announce(intent: Intent): Promise<() => Promise<void>> {
    const path = `${INTENTS}${intentName(intent, this.#newId())}`
    await this.#requests.put(path, new Uint8Array(0))
    return () => this.#requests.remove(path)
  }

  async unsettled(now: number): Promise<readonly Unsettled[]> {
    const found: Unsettled[] = []
    for await (const { key: path } of this.#requests.below(INTENTS)) {
      const name = path.slice(INTENTS.length)
      const intent = parseIntent(name)
      if (intent === undefined || intentAgeMs(name, now) < UNDER_WAY_MS) continue
      const settled = async (): Promise<void> => {
        await this.#requests.abortLeft(blobPath(intent.key, intent.sha256))
        await this.#requests.remove(path)
      }
      found.push({ intent, settled })
    }
    return found
  }

  bring(key: StoreKey, { path, ...blob }: Received): Promise<void> {
    return this.#upload(key, path, blob)
  }

  async put(key: StoreKey, { path, ...blob }: Received): Promise<void> {
    if (await this.#requests.size(blobPath(key, blob.sha256)) === blob.size) return
    await this.#upload(key, path, blob)
  }

  async remove(key: StoreKey, sha256: string): Promise<void> {
    await this.#holds.keep(key, [sha256])
    await this.#requests.remove(blobPath(key, sha256))
  }

  async removeStore(key: StoreKey): Promise<void> {
    const held = await this.#holds.all(key)
    if (held.size > 0) for await (const { sha256 } of this.list(key)) if (held.has(sha256)) await this.#holds.keep(key, [sha256])
    await this.#requests.removeBelow(`${storePath(key)}/`)
  }

  async removeTenant(tenantId: string): Promise<void> {
    await this.#requests.removeBelow(`${tenantPath(tenantId)}/`)
    await this.#holds.removeTenant(tenantId)
  }

  async read(key: StoreKey, blob: Blob, range?: BlobRange): Promise<Readable> {
    const stream = await this.#stream(key, blobPath(key, blob.sha256), blob, range)
    if (stream === undefined) throw fileDamaged(key, blob.sha256, 'they are missing')
    return stream
  }

  async tenants(): Promise<readonly string[]> {
    return (await this.#requests.folders('')).filter(isSegment)
  }

  async pluginsOf(tenantId: string): Promise<readonly string[]> {
    return (await this.#requests.folders(`${tenantPath(tenantId)}/`)).filter(isSegment)
  }

  async *list(key: StoreKey): AsyncGenerator<Blob, void, undefined> {
    yield* this.#blobsBelow(`${storePath(key)}/`)
  }

  async bytesOf(tenantId: string): Promise<number> {
    return (await this.#amountBelow(`${tenantPath(tenantId)}/`)).bytes
  }

  amountOf(key: StoreKey): Promise<Amount> {
    return this.#amountBelow(`${storePath(key)}/`)
  }

  async copyOut(key: StoreKey, folder: string, options: LinkOptions = {}): Promise<void> {
    await this.#fetchAll(this.list(key), folder, options, (blob) => this.#stream(key, blobPath(key, blob.sha256), blob))
  }

  async copyIn(key: StoreKey, folder: string): Promise<void> {
    for (const part of await namesIn(folder)) {
      if (!/^[0-9a-f]{2}$/.test(part)) continue
      const there = new Map<string, number>()
      for await (const { sha256, size } of this.#blobsBelow(`${storePath(key)}/`, `${part}/`)) there.set(sha256, size)
      await forEachAtATime(UPLOADS, blobsIn(folder, part), async (blob) => {
        if (there.get(blob.sha256) !== blob.size) await this.#upload(key, join(folder, hashPath(blob.sha256)), blob)
      })
    }
  }

  async adopt(tenantId: string, folder: string): Promise<void> {
    for (const pluginId of (await namesIn(folder)).filter(isSegment)) await this.copyIn({ tenantId, pluginId }, join(folder, pluginId))
  }

  async hold(key: StoreKey, snapshotId: string): Promise<void> {
    const blobs: Blob[] = []
    for await (const blob of this.list(key)) blobs.push(blob)
    await this.#holds.take(key, snapshotId, blobs)
  }

  async putBack(key: StoreKey, snapshotId: string, folder: string): Promise<void> {
    // One that was taken while files lay on the disk holds them by name, or they were brought along by a backup.
    await this.copyIn(key, folder)
    await forEachAtATime(TOGETHER, await this.#holds.of(key, snapshotId), async ({ sha256, size }) => {
      if (await this.#requests.size(blobPath(key, sha256)) !== size) await this.#holds.bringBack(key, { sha256, size })
    })
  }

  letGo(key: StoreKey, snapshotId?: string): Promise<void> {
    return this.#holds.letGo(key, snapshotId)
  }

  holding(key: StoreKey): Promise<readonly string[]> {
    return this.#holds.ids(key)
  }

  async copyHeldOut(key: StoreKey, snapshotId: string, folder: string, options: LinkOptions = {}): Promise<void> {
    await this.#fetchAll(await this.#holds.of(key, snapshotId), folder, options, async (blob) =>
      await this.#stream(key, blobPath(key, blob.sha256), blob) ?? await this.#stream(key, this.#holds.pathOf(key, blob.sha256), blob))
  }

  heldBytesOf(tenantId: string): Promise<number> {
    return this.#holds.bytesOf(tenantId)
  }

  async holdFrom(key: StoreKey, snapshotId: string, folder: string): Promise<void> {
    const blobs: Blob[] = []
    for await (const blob of blobsIn(folder)) {
      blobs.push(blob)
      if (await this.#requests.size(blobPath(key, blob.sha256)) === blob.size) continue
      const path = this.#holds.pathOf(key, blob.sha256)
      if (await this.#requests.size(path) !== blob.size) await this.#uploadTo(path, key, join(folder, hashPath(blob.sha256)), blob)
    }
    await this.#holds.take(key, snapshotId, blobs)
  }

  #upload(key: StoreKey, from: string, blob: Blob): Promise<void> {
    return this.#uploadTo(blobPath(key, blob.sha256), key, from, blob)
  }

  #uploadTo(path: string, key: StoreKey, from: string, blob: Blob): Promise<void> {
    return this.#uploads.run(() => uploadFile(this.#requests, path, from, blob, (why) => fileDamaged(key, blob.sha256, why)))
  }

  #stream(key: StoreKey, path: string, blob: Blob, range?: BlobRange): Promise<Readable | undefined> {
    return downloadStream(this.#requests, path, blob, range, { idleMs: this.#idleMs, damaged: (why) => fileDamaged(key, blob.sha256, why) })
  }

  async *#blobsBelow(storeFolder: string, part = ''): AsyncGenerator<Blob, void, undefined> {
    for await (const { key, size } of this.#requests.below(`${storeFolder}${part}`)) {
      const [folder = '', sha256 = '', more] = key.slice(storeFolder.length).split('/')
      if (more === undefined && isSha256(sha256) && sha256.startsWith(folder) && folder.length === 2) yield { sha256, size }
    }
  }

  async #amountBelow(path: string): Promise<Amount> {
    let count = 0
    let bytes = 0
    for await (const { size } of this.#requests.below(path)) {
      count += 1
      bytes += size
    }
    return { count, bytes }
  }

  /** Whole files under their names, or none. One that is gone by now is passed over: whoever must not lose it keeps the store still. */
  async #fetchAll(blobs: AsyncIterable<Blob> | Iterable<Blob>, folder: string, { likewise, durable = true }: LinkOptions, streamOf: (blob: Blob) => Promise<Readable | undefined>): Promise<void> {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    const changed = new Set<string>()
    await forEachAtATime(TOGETHER, blobs, async (blob) => {
      const to = join(folder, hashPath(blob.sha256))
      if ((await statOf(to))?.size === blob.size) return
      await mkdir(dirname(to), { recursive: true, mode: 0o700 })
      const known = likewise === undefined ? undefined : join(likewise, hashPath(blob.sha256))
      if (known !== undefined && existsSync(known)) await linkOrCopy(known, to)
      else await writeWhole(await streamOf(blob), to, durable)
      changed.add(dirname(to))
    })
    if (!durable) return
    for (const part of changed) await syncFolder(part)
    await syncFolder(folder)
    if (made !== undefined) for (let above = folder; above.length >= made.length; above = dirname(above)) await syncFolder(dirname(above))
  }
}

async function writeWhole(stream: Readable | undefined, to: string, durable: boolean): Promise<void> {
  if (stream === undefined) return
  const unfinished = `${to}.part`
  const file = await open(unfinished, 'w', 0o600)
  try {
    await pipeline(stream, file.createWriteStream({ flush: durable }))
    await rename(unfinished, to)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
