import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'

/** What is read of a plain file at a time, in bytes: headers and small entries; threads copy the large ones. */
const CHUNK = 16 * 1024
const GZIP_CHUNK = 256 * 1024

/** The bytes of an archive, from front to back. */
export interface ArchiveSource {
  /** Some more bytes, good until more are asked for; `undefined` at the end. */
  read(): Promise<Buffer | undefined>
  /** Where bytes lie that can be read by their place; `undefined` when they must be read in turn. */
  readonly plain: PlainSource | undefined
  close(): Promise<void>
}

/** A file that is read by place. */
export class PlainSource implements ArchiveSource {
  readonly file: FileHandle
  readonly #buffer = Buffer.allocUnsafe(CHUNK)
  /** Place of the byte that is read next. */
  at = 0

  constructor(file: FileHandle) {
    this.file = file
  }

  get plain(): PlainSource {
    return this
  }

  async read(): Promise<Buffer | undefined> {
    const { bytesRead } = await this.file.read(this.#buffer, 0, CHUNK, this.at)
    this.at += bytesRead
    return bytesRead === 0 ? undefined : this.#buffer.subarray(0, bytesRead)
  }

  close(): Promise<void> {
    return this.file.close()
  }
}

/** Opens an archive, compressed or not. @throws the system's error when there is no such file */
export async function openSource(path: string): Promise<ArchiveSource> {
  const file = await open(path, 'r')
  try {
    const start = Buffer.alloc(2)
    await file.read(start, 0, 2, 0)
    const isCompressed = start[0] === 0x1f && start[1] === 0x8b
    if (!isCompressed) return new PlainSource(file)
  } catch (error) {
    await file.close()
    throw error
  }
  await file.close()
  return gunzipped(path)
}

function gunzipped(path: string): ArchiveSource {
  const raw = createReadStream(path, { highWaterMark: GZIP_CHUNK })
  const stream = raw.pipe(createGunzip({ chunkSize: GZIP_CHUNK }))
  raw.on('error', (error) => { stream.destroy(error) })
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  return {
    plain: undefined,
    async read() {
      const { done, value } = await chunks.next()
      return done === true ? undefined : value
    },
    async close() {
      await chunks.return?.()
      raw.destroy()
    },
  }
}
