import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { open, type FileHandle } from 'node:fs/promises'
import { createGzip, type Gzip } from 'node:zlib'
import { Header } from 'tar'
import { PlatformError } from '../errors.ts'
import type { IndexLine } from './archive-format.ts'
import { CUT_SHORT } from './copy-task.ts'
import { CopyThreads } from './copy-threads.ts'
import { Pending } from './pending.ts'
import { writeAll } from './write-all.ts'

const BLOCK = 512
/** What is compressed at a time, in bytes. */
const CHUNK = 1024 * 1024
const EMPTY = Buffer.alloc(BLOCK)

/** How many entries are on their way at a time. */
const AT_ONCE = 16
/** After so many bytes what was written is made durable, while more is written: the end does not wait for all of it. */
const SYNC_EVERY = 64 * 1024 * 1024

/** Writes a tar archive (POSIX ustar) of regular files, compressed or not, one entry after the other. Memory stays flat. */
export class ArchiveWriter {
  readonly #file: FileHandle
  readonly #gzip: Gzip | undefined
  readonly #compressing: Promise<void> | undefined
  readonly #seconds: number
  readonly #threads = new CopyThreads()
  readonly #copies = new Pending(AT_ONCE)
  #syncing: Promise<void> | undefined
  #unsynced = 0
  /** Where the next entry begins. */
  #at = 0

  private constructor(file: FileHandle, gzip: Gzip | undefined, seconds: number) {
    this.#file = file
    this.#gzip = gzip
    this.#seconds = seconds
    this.#compressing = gzip === undefined ? undefined : this.#drain(gzip)
    // Told by who writes next, or finishes.
    this.#compressing?.catch(() => undefined)
  }

  /** @param now - the time of every entry, in milliseconds since the Unix epoch */
  static async create(path: string, { gzip, now }: { readonly gzip: boolean; readonly now: number }): Promise<ArchiveWriter> {
    return new ArchiveWriter(await open(path, 'w', 0o600), gzip ? createGzip({ chunkSize: 256 * 1024 }) : undefined, Math.floor(now / 1_000))
  }

  async addText(path: string, text: string | Buffer): Promise<void> {
    const bytes = Buffer.from(text)
    await this.#write(Buffer.concat([this.#header(path, bytes.length), bytes, EMPTY.subarray(0, paddingOf(bytes.length))]))
  }

  /**
   * Adds a file. It is written while others are, so that it must stay what it is until {@link finish}; what goes wrong is told by
   * whatever is asked next.
   * @param expected - its path in the archive, its size in bytes, and its SHA-256 in lower-case hexadecimal
   * @param done - told when it is written
   * @throws PlatformError `EXPORT_FAILED` when a file is not what was expected
   */
  async addFile({ path, size, sha256 }: IndexLine, from: string, done?: () => void): Promise<void> {
    const head = this.#header(path, size)
    const source = await open(from, 'r')
    if (this.#gzip === undefined) {
      const toAt = this.#at
      this.#at += BLOCK + size + paddingOf(size)
      await this.#copies.add(async () => {
        try {
          const written = await this.#threads.copy({ from: source.fd, fromAt: 0, size, to: this.#file.fd, toAt, head, padTo: BLOCK })
          if (written !== sha256) throw damaged(path)
        } catch (error) {
          throw (error as NodeJS.ErrnoException).code === CUT_SHORT ? damaged(path, error) : error
        } finally {
          await source.close()
        }
        this.#hasWritten(size)
        done?.()
      })
      return
    }
    try {
      await this.#write(head)
      if (await this.#compress(source, size) !== sha256) throw damaged(path)
      await this.#write(EMPTY.subarray(0, paddingOf(size)))
    } finally {
      await source.close()
    }
    done?.()
  }

  /** Ends the archive and makes it durable. @throws what {@link addFile} throws */
  async finish(): Promise<void> {
    await this.#copies.settle()
    await this.#write(Buffer.concat([EMPTY, EMPTY]))
    if (this.#gzip !== undefined) {
      this.#gzip.end()
      await this.#compressing
    }
    await this.#syncing
    await this.#file.sync()
    await this.#threads.close()
    await this.#file.close()
  }

  /** Lets go of the file, unfinished. */
  async abandon(): Promise<void> {
    this.#gzip?.destroy()
    await this.#copies.settle().catch(() => undefined) // it is abandoned because of that, or of something else
    await this.#syncing?.catch(() => undefined)
    await this.#threads.close()
    await this.#file.close()
  }

  /** One sync at a time, beside those who write. */
  #hasWritten(bytes: number): void {
    this.#unsynced += bytes
    if (this.#unsynced < SYNC_EVERY || this.#syncing !== undefined) return
    this.#unsynced = 0
    const syncing = this.#file.datasync().then(() => { this.#syncing = undefined })
    // One that failed stays, and is told at the end: the system does not tell it twice.
    syncing.catch(() => undefined)
    this.#syncing = syncing
  }

  async #compress(source: FileHandle, size: number): Promise<string> {
    const hash = createHash('sha256')
    for (let left = size; left > 0;) {
      const { bytesRead, buffer } = await source.read(Buffer.allocUnsafe(Math.min(CHUNK, left)), 0, Math.min(CHUNK, left))
      if (bytesRead === 0) return ''
      const chunk = buffer.subarray(0, bytesRead)
      hash.update(chunk)
      await this.#write(chunk)
      left -= bytesRead
    }
    return hash.digest('hex')
  }

  #header(path: string, size: number): Buffer {
    const block = Buffer.alloc(BLOCK)
    const needsMore = new Header({ path, size, mode: 0o600, uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(this.#seconds * 1_000), type: 'File' }).encode(block)
    if (needsMore) throw new Error(`"${path}" does not fit into a tar header.`)
    return block
  }

  async #write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    if (this.#gzip === undefined) {
      const at = this.#at
      this.#at += bytes.length
      await writeAll(this.#file, bytes, at)
    } else if (!this.#gzip.write(bytes)) {
      await Promise.race([once(this.#gzip, 'drain'), this.#compressing])
    }
  }

  async #drain(gzip: Gzip): Promise<void> {
    for await (const chunk of gzip as AsyncIterable<Buffer>) {
      const at = this.#at
      this.#at += chunk.length
      await writeAll(this.#file, chunk, at)
    }
  }
}

/** Bytes from the end of an entry to the next header. */
function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

function damaged(path: string, cause?: unknown): PlatformError {
  return new PlatformError('EXPORT_FAILED', `The file ${path} is damaged on this platform: its bytes are not those that were stored.`, { fix: 'Put the file back from a backup, into the same place under files/, then export again.', ...(cause === undefined ? {} : { cause }) })
}
