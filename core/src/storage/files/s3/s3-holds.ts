import type { StoreKey } from '../../storage.ts'
import { blobPath, hashPath, isSegment, isSha256, storePath, tenantPath } from '../blob-path.ts'
import type { Blob } from '../blob-store.ts'
import { fileDamaged } from '../file-damaged.ts'
import { forEachAtATime } from './at-a-time.ts'
import type { S3Requests } from './s3-requests.ts'

const HELD = '.held/'
/** Lists that are kept in memory: they never change. */
const KNOWN_LISTS = 8
/** Copies and deletions at a time. */
const TOGETHER = 8

/**
 * What snapshots hold of stores. A snapshot costs one list of what the store has, however much that is: only when something of it is removed
 * from the store, it is copied beside, within the service, and stays there until no list names it any more.
 */
export class S3Holds {
  readonly #requests: S3Requests
  readonly #known = new Map<string, ReadonlyMap<string, number>>()

  constructor(requests: S3Requests) {
    this.#requests = requests
  }

  /** Where bytes lie that a store no longer has. */
  pathOf(key: StoreKey, sha256: string): string {
    return `${this.#blobsOf(key)}${hashPath(sha256)}`
  }

  async take(key: StoreKey, snapshotId: string, blobs: readonly Blob[]): Promise<void> {
    const text = blobs.map(({ sha256, size }) => `${sha256} ${size}\n`).join('')
    this.#known.delete(this.#listOf(key, snapshotId))
    await this.#requests.put(this.#listOf(key, snapshotId), new TextEncoder().encode(text))
  }

  async ids(key: StoreKey): Promise<readonly string[]> {
    const folder = this.#listsOf(key)
    const found: string[] = []
    for await (const { key: path } of this.#requests.below(folder)) found.push(path.slice(folder.length))
    return found.filter(isSegment)
  }

  /** What one snapshot holds: nothing when there is no list of it. */
  async of(key: StoreKey, snapshotId: string): Promise<readonly Blob[]> {
    return [...await this.#read(key, snapshotId)].map(([sha256, size]) => ({ sha256, size }))
  }

  /** What any snapshot holds of a store. */
  async all(key: StoreKey): Promise<ReadonlySet<string>> {
    const held = new Set<string>()
    for (const id of await this.ids(key)) for (const sha256 of (await this.#read(key, id)).keys()) held.add(sha256)
    return held
  }

  /** Before bytes are removed from the store: those that a snapshot holds are copied beside. */
  async keep(key: StoreKey, hashes: readonly string[]): Promise<void> {
    const held = await this.all(key)
    for (const sha256 of hashes.filter((one) => held.has(one))) {
      const [there, beside] = [await this.#requests.size(blobPath(key, sha256)), await this.#requests.size(this.pathOf(key, sha256))]
      if (there !== undefined && there !== beside) await this.#requests.copy(blobPath(key, sha256), this.pathOf(key, sha256))
    }
  }

  /** @throws PlatformError `FILE_DAMAGED` */
  async bringBack(key: StoreKey, { sha256, size }: Blob): Promise<void> {
    if (await this.#requests.size(this.pathOf(key, sha256)) !== size) throw fileDamaged(key, sha256, 'they are missing, from the store and from what the snapshot holds')
    await this.#requests.copy(this.pathOf(key, sha256), blobPath(key, sha256))
  }

  async letGo(key: StoreKey, snapshotId: string | undefined): Promise<void> {
    if (snapshotId === undefined) {
      await this.#requests.removeBelow(`${HELD}${storePath(key)}/`)
      return
    }
    await this.#requests.remove(this.#listOf(key, snapshotId))
    const held = await this.all(key)
    if (held.size === 0) {
      await this.#requests.removeBelow(this.#blobsOf(key))
      return
    }
    await forEachAtATime(TOGETHER, this.#requests.below(this.#blobsOf(key)), async ({ key: path }) => {
      if (!held.has(path.slice(path.lastIndexOf('/') + 1))) await this.#requests.remove(path)
    })
  }

  async removeTenant(tenantId: string): Promise<void> {
    await this.#requests.removeBelow(`${HELD}${tenantPath(tenantId)}/`)
  }

  async bytesOf(tenantId: string): Promise<number> {
    let sum = 0
    for await (const { key: path, size } of this.#requests.below(`${HELD}${tenantPath(tenantId)}/`)) if (path.includes('/blobs/')) sum += size
    return sum
  }

  async #read(key: StoreKey, snapshotId: string): Promise<ReadonlyMap<string, number>> {
    const path = this.#listOf(key, snapshotId)
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const text = await this.#requests.text(path) ?? ''
    const list = new Map(text.split('\n').flatMap((line): readonly (readonly [string, number])[] => {
      const [sha256 = '', size = ''] = line.split(' ')
      return isSha256(sha256) ? [[sha256, Number(size)]] : []
    }))
    if (list.size > 0) this.#known.set(path, list)
    const [oldest] = this.#known.keys()
    if (this.#known.size > KNOWN_LISTS && oldest !== undefined) this.#known.delete(oldest)
    return list
  }

  #listsOf(key: StoreKey): string {
    return `${HELD}${storePath(key)}/lists/`
  }

  #listOf(key: StoreKey, snapshotId: string): string {
    if (!isSegment(snapshotId)) throw new TypeError(`"${snapshotId}" is no snapshot id.`)
    return `${this.#listsOf(key)}${snapshotId}`
  }

  #blobsOf(key: StoreKey): string {
    return `${HELD}${storePath(key)}/blobs/`
  }
}
