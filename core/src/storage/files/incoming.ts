import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../../errors.ts'
import type { StoreKey } from '../storage.ts'
import { syncFolder } from '../sync-folder.ts'

/** A file that has arrived and waits for its place. */
export interface Received {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

/** Bytes whose place and row are being brought into agreement. */
export interface Intent {
  readonly key: StoreKey
  readonly sha256: string
}

const SEPARATOR = '~'

/**
 * The folder where files arrive, and where it is noted which bytes are about to be placed or removed. What a crash leaves
 * here tells the next start what to look at, so that it need not look at everything.
 */
export class Incoming {
  readonly #folder: string
  readonly #newId: () => string

  constructor(folder: string, newId: () => string) {
    this.#folder = folder
    this.#newId = newId
  }

  /** Deletes half-arrived files and hands over what was under way when the process ended, each for its settling. */
  async recover(settle: (intent: Intent) => Promise<void>): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(this.#folder)) {
      const intent = parseIntent(name)
      if (intent !== undefined) await settle(intent)
      await rm(join(this.#folder, name), { force: true })
    }
  }

  /**
   * Writes a file as it arrives, durably. When it throws, nothing stays.
   * @throws PlatformError `FILE_TOO_LARGE`
   */
  async receive(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maxBytes: number): Promise<Received> {
    const path = join(this.#folder, `${this.#newId()}.part`)
    const hash = createHash('sha256')
    let size = 0
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const chunk of content) {
        size += chunk.byteLength
        if (size > maxBytes) throw tooLarge(maxBytes)
        hash.update(chunk)
        await file.writeFile(chunk)
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

  /** Notes durably what is about to happen. Returns what takes the note away. */
  async announce({ key, sha256 }: Intent): Promise<() => Promise<void>> {
    const path = join(this.#folder, `${[key.tenantId, key.pluginId, sha256, this.#newId()].join(SEPARATOR)}.intent`)
    await writeFile(path, '')
    await syncFolder(this.#folder)
    return () => rm(path, { force: true })
  }
}

function parseIntent(name: string): Intent | undefined {
  const [tenantId, pluginId, sha256, rest] = name.split(SEPARATOR)
  if (!name.endsWith('.intent') || tenantId === undefined || pluginId === undefined || sha256 === undefined || rest === undefined) return undefined
  return { key: { tenantId, pluginId }, sha256 }
}

function tooLarge(maxBytes: number): PlatformError {
  return new PlatformError('FILE_TOO_LARGE', `The file is larger than ${maxBytes} bytes.`, { fix: 'Send a smaller file.' })
}
