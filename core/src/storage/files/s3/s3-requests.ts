import { createHash } from 'node:crypto'
import { S3mini } from 's3mini'
import type { BlobRange } from '../blob-store.ts'
import { showS3Address, type S3Address } from './s3-address.ts'
import { asUnavailable, failureOf, S3Failure } from './s3-errors.ts'

/** An object, as a list names it. */
export interface S3Object {
  readonly key: string
  /** Bytes. */
  readonly size: number
}

/** What requests need of the machine. */
export interface S3Surroundings {
  /** Milliseconds that only go forward. */
  readonly now: () => number
  /** Waits so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>
  /** From 0 to 1: spreads those who try again. */
  readonly chance: () => number
  readonly fetch: typeof globalThis.fetch
  readonly limits: S3Limits
}

/** In milliseconds. A request that carries bytes of files may take longer than another one. */
export interface S3Limits {
  /** Longest that one try may take until its answer begins. */
  readonly tryMs: number
  readonly carryingTryMs: number
  /** Longest that all tries and the pauses between them may take. */
  readonly allMs: number
  readonly carryingAllMs: number
}

/** Tries of one request. */
const TRIES = 5
/** First pause; each next one is three times as long, half of it by chance. In milliseconds. */
const FIRST_PAUSE_MS = 100
const LIMITS: S3Limits = { tryMs: 15_000, carryingTryMs: 60_000, allMs: 30_000, carryingAllMs: 120_000 }
/** An object that comes and goes when the platform starts. */
const PROBE = '.probe'
/** Keys that a list or a deletion names at a time: what services take. */
const PAGE = 1_000

const MACHINE: S3Surroundings = {
  now: () => performance.now(),
  pause: (ms) => new Promise((wake) => { setTimeout(wake, ms) }),
  chance: Math.random,
  fetch: (input, init) => globalThis.fetch(input, init),
  limits: LIMITS,
}

/** Requests to a bucket: signed, each with a time limit, those that a passing failure ends tried again. All keys are below the prefix. */
export class S3Requests {
  readonly place: string
  readonly #address: S3Address
  readonly #around: S3Surroundings

  constructor(address: S3Address, around: Partial<S3Surroundings> = {}) {
    this.#address = address
    this.#around = { ...MACHINE, ...around }
    this.place = showS3Address(address)
  }

  /** Whether the bucket is there, and the keys may do in it what is needed. @throws S3Failure */
  async probe(): Promise<void> {
    const path = this.#key(PROBE)
    await this.#tried((s3) => s3.listObjectsPaged('/', this.#key(''), 1).then(notNull))
    await this.#tried((s3) => s3.putObject(path, new Uint8Array(0)))
    await this.#tried((s3) => s3.deleteObject(path))
  }

  /** Stores an object whole or not at all; the service holds it against its digest. */
  async put(path: string, bytes: Uint8Array): Promise<void> {
    const digest = md5(bytes)
    await this.#request((s3) => s3.putObject(this.#key(path), bytes, 'application/octet-stream', undefined, digest, bytes.byteLength), { bytes: bytes.byteLength })
  }

  /** Begins an upload in parts. */
  begin(path: string): Promise<string> {
    return this.#request((s3) => s3.getMultipartUploadId(this.#key(path), 'application/octet-stream'))
  }

  /** @param number - from 1 */
  async putPart(path: string, uploadId: string, number: number, bytes: Uint8Array): Promise<string> {
    const digest = md5(bytes)
    const { etag } = await this.#request((s3) => s3.uploadPart(this.#key(path), uploadId, bytes, number, {}, undefined, digest), { bytes: bytes.byteLength })
    return etag
  }

  /** Makes an object of parts, whole or not at all. */
  async complete(path: string, uploadId: string, parts: readonly { readonly partNumber: number; readonly etag: string }[], size: number): Promise<void> {
    await this.#request(async (s3) => {
      try {
        const answer = await s3.completeMultipartUpload(this.#key(path), uploadId, [...parts])
        // A service may say 200 and tell of a failure in the body.
        if (typeof answer.etag !== 'string') throw new S3Failure(500, 'InternalError')
      } catch (error) {
        // An earlier try may have come through, and only its answer not.
        const failure = failureOf(error)
        if (failure.code !== 'NoSuchUpload') throw failure
        if (await sizeIn(s3, this.#key(path)) !== size) throw failure
      }
    }, { bytes: size })
  }

  /** Gives an upload in parts up. Twice is harmless. */
  async abort(path: string, uploadId: string): Promise<void> {
    await this.#request(async (s3) => {
      await s3.abortMultipartUpload(this.#key(path), uploadId).catch(unlessMissing)
    })
  }

  /** Size in bytes; `undefined` when there is no such object. */
  size(path: string): Promise<number | undefined> {
    return this.#request((s3) => sizeIn(s3, this.#key(path)))
  }

  /**
   * An answer whose body is still to be read; `undefined` when there is no such object. The body may break off, or end too soon.
   * @param range - first and last byte, both included
   */
  get(path: string, range: BlobRange | undefined): Promise<Response | undefined> {
    return this.#request(async (s3) => {
      try {
        return await (range === undefined ? s3.getObjectRaw(this.#key(path)) : s3.getObjectRaw(this.#key(path), false, range.start, range.end + 1))
      } catch (error) {
        return unlessMissing(error)
      }
    }, { isStreaming: true })
  }

  /** A small object as text. */
  text(path: string): Promise<string | undefined> {
    return this.#request(async (s3) => (await s3.getObject(this.#key(path))) ?? undefined)
  }

  /** Copies within the service. */
  async copy(from: string, to: string): Promise<void> {
    await this.#request((s3) => s3.copyObject(this.#key(from), this.#key(to)))
  }

  async remove(path: string): Promise<void> {
    await this.#request(async (s3) => {
      await s3.deleteObject(this.#key(path)).catch(unlessMissing)
    })
  }

  /** Gives up what was begun at a path and never completed. Where the service cannot say what that is, its own rules for the bucket must. */
  async abortLeft(path: string): Promise<void> {
    const left = await this.#request(async (s3) => {
      try {
        return uploadsIn(await s3.listMultipartUploads('/', this.#key(path)))
      } catch (error) {
        const failure = failureOf(error)
        if (CANNOT.has(failure.status)) return []
        throw failure
      }
    })
    for (const { key, uploadId } of left) if (key === this.#key(path)) await this.abort(path, uploadId)
  }

  /** Deletes what lies below a path, however much that is. */
  async removeBelow(path: string): Promise<void> {
    for (let round = 1; ; round += 1) {
      let found = 0
      let token: string | undefined
      do {
        const page = await this.#page(path, token, false)
        found += page.objects.length
        await this.#removeAll(page.objects)
        token = page.next
      } while (token !== undefined)
      // What came meanwhile goes too; something that only seems to go must not hold this up for ever.
      if (found === 0) return
      if (round === TRIES) throw asUnavailable(new S3Failure(0, 'NotDeleted'), this.place)
    }
  }

  async #removeAll(objects: readonly S3Object[]): Promise<void> {
    if (objects.length === 0) return
    const done = await this.#request((s3) => s3.deleteObjects(objects.map(({ key }) => this.#key(key))))
    for (const [index, { key }] of objects.entries()) if (done[index] !== true) await this.remove(key)
  }

  /** What lies below a path, in the order of the keys, a page at a time. */
  async *below(path: string): AsyncGenerator<S3Object, void, undefined> {
    let token: string | undefined
    do {
      const page = await this.#page(path, token, false)
      yield* page.objects
      token = page.next
    } while (token !== undefined)
  }

  /** Names of the folders right below a path, so to speak. */
  async folders(path: string): Promise<readonly string[]> {
    const found: string[] = []
    let token: string | undefined
    do {
      const page = await this.#page(path, token, true)
      for (const { key } of page.objects) if (key.endsWith('/')) found.push(key.slice(path.length, -1))
      token = page.next
    } while (token !== undefined)
    return found.toSorted()
  }

  async #page(path: string, token: string | undefined, isFlat: boolean): Promise<{ readonly objects: readonly S3Object[]; readonly next: string | undefined }> {
    const page = await this.#request((s3) => s3.listObjectsPaged('/', this.#key(path), PAGE, token, isFlat ? { delimiter: '/' } : {}).then(notNull))
    const objects = (page.objects ?? []).flatMap(({ Key, Size }) => (Key.startsWith(this.#address.prefix) ? [{ key: Key.slice(this.#address.prefix.length), size: Size }] : []))
    return { objects, next: page.nextContinuationToken }
  }

  #key(path: string): string {
    return `${this.#address.prefix}${path}`
  }

  /** @throws PlatformError `FILES_UNAVAILABLE` */
  async #request<Result>(call: (s3: S3mini) => Promise<Result>, carried: Carried = {}): Promise<Result> {
    try {
      return await this.#tried(call, carried)
    } catch (error) {
      throw asUnavailable(failureOf(error), this.place)
    }
  }

  async #tried<Result>(call: (s3: S3mini) => Promise<Result>, { bytes = 0, isStreaming = false }: Carried = {}): Promise<Result> {
    const { now, pause, chance, limits } = this.#around
    const isCarrying = bytes > SMALL_BYTES
    const tryMs = isCarrying ? limits.carryingTryMs : limits.tryMs
    const end = now() + (isCarrying ? limits.carryingAllMs : limits.allMs)
    for (let round = 1, pauseMs = FIRST_PAUSE_MS; ; round += 1, pauseMs *= 3) {
      try {
        return await this.#once(call, Math.min(tryMs, Math.max(1, end - now())), isStreaming)
      } catch (error) {
        const failure = failureOf(error)
        const waitMs = pauseMs * (0.5 + chance() / 2)
        if (!failure.isPassing || round === TRIES || now() + waitMs >= end) throw failure
        await pause(waitMs)
      }
    }
  }

  /** One try, which ends in time: with the whole answer, or with its head where the body is a stream. */
  async #once<Result>(call: (s3: S3mini) => Promise<Result>, limitMs: number, isStreaming: boolean): Promise<Result> {
    const { accessKeyId, secretAccessKey, endpoint, bucket, region } = this.#address
    const limit = new AbortController()
    const timer = setTimeout(() => { limit.abort(new S3Failure(0, 'TimedOut')) }, limitMs)
    // A redirect would carry the signed request elsewhere.
    const fetch: typeof globalThis.fetch = (input, init) => this.#around.fetch(input, { ...init, redirect: 'manual', signal: limit.signal })
    try {
      return await call(new S3mini({ accessKeyId, secretAccessKey, endpoint: `${endpoint}/${bucket}`, region, fetch }))
    } catch (error) {
      throw failureOf(limit.signal.aborted ? limit.signal.reason : error)
    } finally {
      clearTimeout(timer)
      if (!isStreaming) limit.abort()
    }
  }
}

interface Carried {
  readonly bytes?: number
  /** Whether the answer's body is read by whoever asked. */
  readonly isStreaming?: boolean
}

/** Up to so many bytes a request is a small one. */
const SMALL_BYTES = 65_536
/** What a service answers that does not know a request. */
const CANNOT: ReadonlySet<number> = new Set([400, 403, 404, 405, 501])

function uploadsIn(answer: unknown): readonly { readonly key: string; readonly uploadId: string }[] {
  const { ListMultipartUploadsResult: result } = (answer ?? {}) as { readonly ListMultipartUploadsResult?: { readonly Upload?: unknown } }
  const uploads: readonly unknown[] = Array.isArray(result?.Upload) ? result.Upload : [result?.Upload]
  return uploads.flatMap((upload) => {
    const { Key: key, UploadId: uploadId } = (upload ?? {}) as { readonly Key?: unknown; readonly UploadId?: unknown }
    return typeof key === 'string' && typeof uploadId === 'string' ? [{ key, uploadId }] : []
  })
}

function md5(bytes: Uint8Array): Record<`x-amz-${string}`, string> {
  // The library's type names the service's own headers; it signs and sends any.
  return { 'content-md5': createHash('md5').update(bytes).digest('base64') } as Record<`x-amz-${string}`, string>
}

async function sizeIn(s3: S3mini, key: string): Promise<number | undefined> {
  try {
    return await s3.getContentLength(key)
  } catch (error) {
    // The library wraps what it was told.
    return unlessMissing(error instanceof Error && error.cause !== undefined ? error.cause : error)
  }
}

function unlessMissing(error: unknown): undefined {
  const failure = failureOf(error)
  if (failure.isMissing) return undefined
  throw failure
}

function notNull<Page>(page: Page | null | undefined): Page {
  if (page === null || page === undefined) throw new S3Failure(404, 'NoSuchBucket')
  return page
}
