import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { open, type FileHandle } from 'node:fs/promises'
import { createGzip, type Gzip } from 'node:zlib'
import { Header } from 'tar'

const BLOCK = 512
/** What is read and written at a time, in bytes. */
const CHUNK = 4 * 1024 * 1024
const EMPTY = Buffer.alloc(BLOCK)

/** Writes a tar archive (POSIX ustar) of regular files, compressed or not, one entry after the other. Memory stays flat. */
export class ArchiveWriter {
  readonly #file: FileHandle
  readonly #gzip: Gzip | undefined
  readonly #compressing: Promise<void> | undefined
  readonly #seconds: number
  /** Two that take turns: one is filled while the other is written. */
  readonly #buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)] as const

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
    await this.#write(this.#header(path, bytes.length))
    await this.#write(bytes)
    await this.#pad(bytes.length)
  }

  /**
   * Adds a file. Reading, hashing and writing go on at the same time.
   * @param size - its size in bytes, which it must have
   * @returns the SHA-256 of what was written, in lower-case hexadecimal
   */
  async addFile(path: string, from: string, size: number): Promise<string> {
    await this.#write(this.#header(path, size))
    const hash = createHash('sha256')
    const source = await open(from, 'r')
    try {
      let left = size
      let turn: 0 | 1 = 0
      let next = source.read(this.#buffers[turn], 0, Math.min(CHUNK, left))
      while (left > 0) {
        const { bytesRead, buffer } = await next
        if (bytesRead === 0) throw new Error(`${from} is shorter than the ${size} bytes it had.`)
        left -= bytesRead
        turn = turn === 0 ? 1 : 0
        if (left > 0) next = source.read(this.#buffers[turn], 0, Math.min(CHUNK, left))
        const chunk = buffer.subarray(0, bytesRead)
        const writing = this.#write(chunk)
        hash.update(chunk)
        await writing
      }
    } finally {
      await source.close()
    }
    await this.#pad(size)
    return hash.digest('hex')
  }

  /** Ends the archive and makes it durable. */
  async finish(): Promise<void> {
    await this.#write(Buffer.concat([EMPTY, EMPTY]))
    if (this.#gzip !== undefined) {
      this.#gzip.end()
      await this.#compressing
    }
    await this.#file.sync()
    await this.#file.close()
  }

  /** Lets go of the file, unfinished. */
  async abandon(): Promise<void> {
    this.#gzip?.destroy()
    await this.#file.close()
  }

  #header(path: string, size: number): Buffer {
    const block = Buffer.alloc(BLOCK)
    const needsMore = new Header({ path, size, mode: 0o600, uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(this.#seconds * 1_000), type: 'File' }).encode(block)
    if (needsMore) throw new Error(`"${path}" does not fit into a tar header.`)
    return block
  }

  async #pad(size: number): Promise<void> {
    const rest = size % BLOCK
    if (rest > 0) await this.#write(EMPTY.subarray(0, BLOCK - rest))
  }

  async #write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    if (this.#gzip === undefined) {
      await writeAll(this.#file, bytes)
      return
    }
    // It keeps what it is handed until it is compressed, and the buffer is filled anew.
    if (!this.#gzip.write(bytes.length === BLOCK ? bytes : Buffer.from(bytes))) await Promise.race([once(this.#gzip, 'drain'), this.#compressing])
  }

  async #drain(gzip: Gzip): Promise<void> {
    for await (const chunk of gzip) await writeAll(this.#file, chunk as Buffer)
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done)).bytesWritten
}
