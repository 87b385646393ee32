import { Header } from 'tar'
import { PlatformError } from '../errors.ts'
import { openSource, type ArchiveSource } from './archive-source.ts'

const BLOCK = 512
const EMPTY = Buffer.alloc(0)
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
  readonly #source: ArchiveSource
  #chunk: Buffer = EMPTY
  #left = 0
  #padding = 0

  private constructor(name: string, source: ArchiveSource) {
    this.#name = name
    this.#source = source
  }

  /** @throws PlatformError `EXPORT_INVALID` when there is no such file */
  static async open(path: string): Promise<ArchiveReader> {
    try {
      return new ArchiveReader(path, await openSource(path))
    } catch (cause) {
      throw new PlatformError('EXPORT_INVALID', `${path} cannot be read: ${(cause as Error).message}.`, { fix: 'Name a file that `tenant export` has written.', cause })
    }
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

  /** Where the bytes of the entry lie in an open file, instead of reading them here; `undefined` when the archive is compressed. */
  place(): { readonly fd: number; readonly at: number } | undefined {
    const { plain } = this.#source
    return plain === undefined ? undefined : { fd: plain.file.fd, at: plain.at - this.#chunk.length }
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
    await this.#source.close()
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
    const { plain } = this.#source
    if (plain !== undefined && count > this.#chunk.length) {
      // What is missing there is noticed where it is read.
      plain.at += count - this.#chunk.length
      this.#chunk = EMPTY
      return
    }
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
      return await this.#source.read()
    } catch (cause) {
      throw this.#invalid((cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? 'it is cut short' : 'it cannot be decompressed', cause)
    }
  }

  #invalid(why: string, cause?: unknown): PlatformError {
    return exportInvalid(this.#name, why, cause)
  }
}

/** The refusal of an archive. */
export function exportInvalid(name: string, why: string, cause?: unknown): PlatformError {
  return new PlatformError('EXPORT_INVALID', `${name} is no complete export of a tenant: ${why}.`, { fix: 'Nothing was brought in. Take the file as `tenant export` wrote it, or export again.', ...(cause === undefined ? {} : { cause }) })
}
