import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { Header } from 'tar'
import { PlatformError } from '../errors.ts'

const BLOCK = 512
/** Parts that are read at a time, in bytes. */
const CHUNK = 4 * 1024 * 1024
const GZIP_CHUNK = 256 * 1024
/** Most zeros that may follow the end, in bytes: tar fills its last record with them. */
const LONGEST_END = 1024 * 1024

/** An entry of an archive: its bytes must be read, or passed over, before the next. */
export interface ArchiveEntry {
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/**
 * Reads a tar archive of regular files, compressed or not, from front to back. Whatever else a tar may hold (links, folders, devices,
 * extended headers) is refused: no export has it. Memory stays flat whatever the headers say.
 */
export class ArchiveReader {
  readonly #name: string
  readonly #chunks: AsyncIterator<Buffer>
  #chunk: Buffer = Buffer.alloc(0)
  #left = 0
  #padding = 0

  private constructor(name: string, chunks: AsyncIterator<Buffer>) {
    this.#name = name
    this.#chunks = chunks
  }

  /** @throws PlatformError `EXPORT_INVALID` when there is no such file */
  static async open(path: string): Promise<ArchiveReader> {
    let start: Buffer
    try {
      const file = await open(path, 'r')
      try {
        start = Buffer.alloc(2)
        await file.read(start, 0, 2, 0)
      } finally {
        await file.close()
      }
    } catch (cause) {
      throw new PlatformError('EXPORT_INVALID', `${path} cannot be read: ${(cause as Error).message}.`, { fix: 'Name a file that `tenant export` has written.', cause })
    }
    const isCompressed = start[0] === 0x1f && start[1] === 0x8b
    if (!isCompressed) return new ArchiveReader(path, chunksOf(path))
    const raw = createReadStream(path, { highWaterMark: GZIP_CHUNK })
    const stream = raw.pipe(createGunzip({ chunkSize: GZIP_CHUNK }))
    raw.on('error', (error) => { stream.destroy(error) })
    return new ArchiveReader(path, stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>)
  }

  /** The next entry; `undefined` at the end. @throws PlatformError `EXPORT_INVALID` */
  async next(): Promise<ArchiveEntry | undefined> {
    await this.#skip(this.#left + this.#padding)
    this.#left = this.#padding = 0
    const block = await this.#block()
    if (block.every((byte) => byte === 0)) return undefined
    let header: Header
    try {
      header = new Header(block)
    } catch (cause) {
      throw this.#invalid('a header cannot be read', cause)
    }
    const { path, size, type, cksumValid } = header
    if (!cksumValid) throw this.#invalid('a header is damaged, or this is no tar archive')
    if (path === undefined || (type !== 'File' && type !== 'OldFile')) throw this.#invalid(`it holds something that is no plain file (${type} "${path ?? ''}")`)
    if (size === undefined || !Number.isSafeInteger(size) || size < 0) throw this.#invalid(`"${path}" has no size`)
    this.#left = size
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK
    return { path, size }
  }

  /** Bytes of the entry, in chunks that are good until the next is asked for. @throws PlatformError `EXPORT_INVALID` when it is cut short */
  async *body(): AsyncGenerator<Buffer, void, undefined> {
    while (this.#left > 0) {
      const chunk = await this.#some(this.#left)
      this.#left -= chunk.length
      yield chunk
    }
  }

  /** All bytes of a small entry. @throws PlatformError `EXPORT_INVALID` when it is larger than the limit */
  async bytes(limit: number): Promise<Buffer> {
    if (this.#left > limit) throw this.#invalid(`an entry is larger than the ${limit} bytes it may have`)
    const parts: Buffer[] = []
    for await (const part of this.body()) parts.push(Buffer.from(part))
    return Buffer.concat(parts)
  }

  /** Reads to the very end, where a compressed file has its own check sum. @throws PlatformError `EXPORT_INVALID` when anything is there */
  async end(): Promise<void> {
    let count = 0
    for (;;) {
      count += this.#chunk.length
      if (count > LONGEST_END || this.#chunk.some((byte) => byte !== 0)) throw this.#invalid('it goes on after its end')
      const read = await this.#read()
      if (read === undefined) return
      this.#chunk = read
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async #block(): Promise<Buffer> {
    const first = await this.#some(BLOCK)
    if (first.length === BLOCK) return first
    const parts = [Buffer.from(first)]
    let length = first.length
    while (length < BLOCK) {
      const part = await this.#some(BLOCK - length)
      parts.push(Buffer.from(part))
      length += part.length
    }
    return Buffer.concat(parts)
  }

  async #skip(count: number): Promise<void> {
    for (let left = count; left > 0;) left -= (await this.#some(left)).length
  }

  /** Between one and `most` bytes. */
  async #some(most: number): Promise<Buffer> {
    while (this.#chunk.length === 0) {
      const read = await this.#read()
      if (read === undefined) throw this.#invalid('it is cut short')
      this.#chunk = read
    }
    const found = this.#chunk.subarray(0, most)
    this.#chunk = this.#chunk.subarray(found.length)
    return found
  }

  async #read(): Promise<Buffer | undefined> {
    try {
      const read = await this.#chunks.next()
      return read.done === true ? undefined : read.value
    } catch (cause) {
      throw this.#invalid((cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? 'it is cut short' : 'it cannot be decompressed', cause)
    }
  }

  #invalid(why: string, cause?: unknown): PlatformError {
    return exportInvalid(this.#name, why, cause)
  }
}

/**
 * The bytes of a file. The next part is read while one is dealt with, and memory is used again: a part is good until the next but one
 * is asked for.
 */
async function* chunksOf(path: string): AsyncGenerator<Buffer, void, undefined> {
  const file = await open(path, 'r')
  try {
    const buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)]
    const read = (turn: number): Promise<{ readonly bytesRead: number; readonly buffer: Buffer }> => {
      const reading = file.read(buffers[turn % buffers.length] ?? Buffer.allocUnsafe(CHUNK), 0, CHUNK, null)
      reading.catch(() => undefined) // awaited with the next part, or nobody needs it
      return reading
    }
    let next = read(0)
    for (let turn = 1; ; turn += 1) {
      const { bytesRead, buffer } = await next
      if (bytesRead === 0) return
      next = read(turn)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** The refusal of an archive. */
export function exportInvalid(name: string, why: string, cause?: unknown): PlatformError {
  return new PlatformError('EXPORT_INVALID', `${name} is no complete export of a tenant: ${why}.`, { fix: 'Nothing was brought in. Take the file as `tenant export` wrote it, or export again.', ...(cause === undefined ? {} : { cause }) })
}
