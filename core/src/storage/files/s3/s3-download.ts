import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { PlatformError } from '../../../errors.ts'
import type { Blob, BlobRange } from '../blob-store.ts'
import { asUnavailable, failureOf, S3Failure } from './s3-errors.ts'
import type { S3Requests } from './s3-requests.ts'

/** Longest that nothing may come while something should, in milliseconds. */
const IDLE_MS = 20_000
/** How often an answer may break off: so many times, and once more for each so many bytes. */
const BREAKS = 4
const BYTES_A_BREAK = 8 * 1_048_576

/** What a download needs besides. */
export interface DownloadOptions {
  /** @defaultValue {@link IDLE_MS} */
  readonly idleMs?: number | undefined
  readonly damaged: (why: string) => PlatformError
}

/**
 * An object as a stream. Where an answer breaks off, it goes on from there with another; a whole one ends only when its bytes have the
 * digest that they should have, and its last bytes are kept back until then.
 * @returns `undefined` when there is no such object
 * @throws PlatformError `FILE_DAMAGED`, `FILES_UNAVAILABLE`, before the first byte
 */
export async function downloadStream(requests: S3Requests, path: string, blob: Blob, range: BlobRange | undefined, options: DownloadOptions): Promise<Readable | undefined> {
  const first = await requests.get(path, range)
  if (first === undefined) return undefined
  const { start, end } = range ?? { start: 0, end: blob.size - 1 }
  await requireFit(first, blob.size, range, options.damaged)
  const stopped = new AbortController()
  const stream = Readable.from(chunks(requests, { path, blob, start, end, first, options, signal: stopped.signal }), { objectMode: false })
  stream.once('close', () => { stopped.abort() })
  return stream
}

interface Download extends BlobRange {
  readonly path: string
  readonly blob: Blob
  readonly first: Response
  readonly options: DownloadOptions
  /** Whoever reads has gone. */
  readonly signal: AbortSignal
}

async function* chunks(requests: S3Requests, { path, blob, start, end, first, options: { damaged, idleMs = IDLE_MS }, signal }: Download): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = start === 0 && end === blob.size - 1 ? createHash('sha256') : undefined
  let at = start
  let kept: Uint8Array | undefined
  let answer = first
  for (let breaks = 0; ;) {
    try {
      for await (const chunk of bodyOf(answer, idleMs, signal)) {
        if (at + chunk.byteLength > end + 1) throw damaged('there are more than were stored')
        at += chunk.byteLength
        hash?.update(chunk)
        if (kept !== undefined) yield kept
        kept = chunk
      }
      if (at === end + 1) break
      throw new S3Failure(0, 'CutShort')
    } catch (error) {
      if (error instanceof PlatformError || signal.aborted) throw error
      breaks += 1
      if (breaks > BREAKS + (at - start) / BYTES_A_BREAK) throw asUnavailable(failureOf(error), requests.place)
      const rest = { start: at, end }
      if (at > end) break
      const next = await requests.get(path, rest)
      if (next === undefined) throw damaged('they went while they were read')
      await requireFit(next, blob.size, rest, damaged)
      answer = next
    }
  }
  if (hash !== undefined && hash.digest('hex') !== blob.sha256) throw damaged('there are others than were stored')
  if (kept !== undefined) yield kept
}

/** Holds the head of an answer against what was asked for. @throws PlatformError `FILE_DAMAGED` */
async function requireFit(answer: Response, size: number, range: BlobRange | undefined, damaged: (why: string) => PlatformError): Promise<void> {
  const said = range === undefined ? answer.headers.get('content-length') : /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1]
  const isRight = range === undefined
    ? answer.status === 200 && (said === null || Number(said) === size)
    : answer.status === 206 && answer.headers.get('content-range') === `bytes ${range.start}-${range.end}/${size}`
  if (isRight) return
  await answer.body?.cancel().catch(() => undefined)
  throw damaged(said === null || said === undefined || Number(said) === size ? 'the service answered with another part than was asked for' : `there are ${said}, and ${size} were stored`)
}

/** @throws S3Failure when nothing comes for too long; what the connection throws */
async function* bodyOf(answer: Response, idleMs: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = (answer.body as ReadableStream<Uint8Array> | null)?.getReader()
  if (reader === undefined) return
  let isOver = false
  const cancel = (reason: unknown): void => { void reader.cancel(reason).catch(() => undefined) }
  const gone = (): void => { cancel(signal.reason) }
  signal.addEventListener('abort', gone, { once: true })
  try {
    for (;;) {
      let isIdle = false
      const timer = setTimeout(() => {
        isIdle = true
        cancel(new S3Failure(0, 'TimedOut'))
      }, idleMs)
      const { done, value } = await reader.read().finally(() => { clearTimeout(timer) })
      if (isIdle) throw new S3Failure(0, 'TimedOut')
      if (done) {
        isOver = true
        return
      }
      yield value
    }
  } finally {
    signal.removeEventListener('abort', gone)
    if (!isOver) cancel(new S3Failure(0, 'NoLongerRead'))
  }
}
