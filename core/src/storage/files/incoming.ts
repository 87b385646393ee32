import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../../errors.ts'
import { parseIntent } from './intent.ts'

/** Name of the folder where files arrive, beside those of tenants. */
export const INCOMING = '.incoming'

/** Most bytes that are looked at and written in one go: a quarter of a millisecond. */
const PIECE = 256 * 1_024
/** Bytes after which the disk is waited for: a commit of somebody else, which waits for it too, then has no more of this file before it. */
const SYNCED_IN_A_STEP = 2 * 1_048_576

/** A file that has arrived and waits for its place. */
export interface Received {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

/** The folder of this process where files arrive: only then is it known what they are called. */
export class Incoming {
  readonly #folder: string
  readonly #newId: () => string

  constructor(folder: string, newId: () => string) {
    this.#folder = folder
    this.#newId = newId
  }

  /** Makes the folder, and deletes what had half arrived when the process ended. Notes of a driver that lie there too stay. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(this.#folder)) if (parseIntent(name) === undefined) await rm(join(this.#folder, name), { recursive: true, force: true })
  }

  /**
   * Writes a file as it arrives, durably. When it throws, nothing stays.
   * @throws PlatformError `FILE_TOO_LARGE`
   */
  async receive(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maxBytes: number): Promise<Received> {
    const path = join(this.#folder, `${this.#newId()}.part`)
    const hash = createHash('sha256')
    let [size, unsynced] = [0, 0]
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const chunk of content) {
        size += chunk.byteLength
        if (size > maxBytes) throw tooLarge(maxBytes)
        // A whole file may come in one: others have their turn between its pieces.
        for (let at = 0; at < chunk.byteLength; at += PIECE) {
          const piece = chunk.subarray(at, at + PIECE)
          hash.update(piece)
          await file.writeFile(piece)
          unsynced += piece.byteLength
          if (unsynced < SYNCED_IN_A_STEP) continue
          await file.datasync()
          unsynced = 0
        }
      }
      await file.sync()
    } catch (error) {
      await file.close()
      await rm(path, { force: true })
      throw error
    }
    await file.close()
    return { path, size, sha256: hash.digest('hex') }
  }

  /** Deletes a file that got no place; one that got it is no longer here. */
  async discard({ path }: Received): Promise<void> {
    await rm(path, { force: true })
  }
}

function tooLarge(maxBytes: number): PlatformError {
  return new PlatformError('FILE_TOO_LARGE', `The file is larger than ${maxBytes} bytes.`, { fix: 'Send a smaller file.' })
}
