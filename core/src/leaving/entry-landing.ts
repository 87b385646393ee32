import { createHash } from 'node:crypto'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../storage/sync-folder.ts'
import type { IndexLine } from './archive-format.ts'
import { exportInvalid, type ArchiveReader } from './archive-reader.ts'
import { CUT_SHORT } from './copy-task.ts'
import { CopyThreads } from './copy-threads.ts'
import { Pending } from './pending.ts'
import { writeAll } from './write-all.ts'

/** Files that are on their way: being copied, waiting to be made durable, or made so. */
const AT_ONCE = 32
/** How many are made durable at a time: of the four threads that Node has for files, the others are for whoever is served meanwhile. */
const SYNCING = 2

/** Brings entries of an archive into files: copied and held against their digests by threads, and made durable while the next are copied. */
export class EntryLanding {
  readonly #reader: ArchiveReader
  readonly #name: string
  readonly #root: string
  readonly #threads = new CopyThreads()
  readonly #pending = new Pending(AT_ONCE)
  readonly #folders = new Set<string>()
  readonly #syncs: Promise<unknown>[] = []
  #turn = 0

  /**
   * @param reader - stands at the entry that is to land, and stays open until this is closed
   * @param name - of the archive, for refusals
   * @param root - folder below which all files lie
   */
  constructor(reader: ArchiveReader, name: string, root: string) {
    this.#reader = reader
    this.#name = name
    this.#root = root
  }

  /**
   * Begins with an entry, and waits only when too many are under way; what goes wrong is told by whatever is asked next.
   * @param done - told when it is there, whole and durable
   * @throws PlatformError `EXPORT_INVALID` when it is not what was expected, or lands where another has
   */
  async land(expected: IndexLine, to: string, done?: () => void): Promise<void> {
    await this.#prepare(dirname(to))
    const file = await this.#create(to)
    const place = this.#reader.place()
    // What is compressed is read in turn, and can only wait for itself.
    const read = place === undefined ? await this.#inTurn(file) : undefined
    await this.#pending.add(async () => {
      try {
        const digest = place === undefined ? read : await this.#copied(place, file, expected)
        if (digest !== expected.sha256) throw exportInvalid(this.#name, `"${expected.path}" was changed: its digest is another`)
        await this.#sync(file)
      } finally {
        await file.close()
      }
      done?.()
    })
  }

  /** Waits until all that began is there, with the names of its folders. @throws what {@link land} throws */
  async settle(): Promise<void> {
    await this.#pending.settle()
    const folders = [...this.#folders]
    this.#folders.clear()
    // The system writes several down at once when they are asked for together.
    for (const folder of folders) await this.#pending.add(() => syncFolder(folder))
    await this.#pending.settle()
  }

  /** Waits for what is under way, whatever becomes of it. */
  async close(): Promise<void> {
    await this.#pending.settle().catch(() => undefined) // told by settle, to whom it mattered
    await this.#threads.close()
  }

  /** Makes a folder. What is in it becomes durable in {@link settle}. */
  async #prepare(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (let above = folder; above.length >= this.#root.length; above = dirname(above)) this.#folders.add(above)
  }

  async #create(to: string): Promise<FileHandle> {
    try {
      return await open(to, 'wx', 0o600)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw exportInvalid(this.#name, 'it holds something twice', cause)
      throw cause
    }
  }

  async #copied({ fd, at }: { readonly fd: number; readonly at: number }, file: FileHandle, { size }: IndexLine): Promise<string> {
    try {
      return await this.#threads.copy({ from: fd, fromAt: at, size, to: file.fd, toAt: 0 })
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === CUT_SHORT ? exportInvalid(this.#name, 'it is cut short', error) : error
    }
  }

  async #inTurn(file: FileHandle): Promise<string> {
    const hash = createHash('sha256')
    try {
      let at = 0
      for await (const chunk of this.#reader.body()) {
        hash.update(chunk)
        await writeAll(file, chunk, at)
        at += chunk.length
      }
    } catch (error) {
      await file.close()
      throw error
    }
    return hash.digest('hex')
  }

  /** In one of some lines: each begins where the one before has ended. */
  async #sync(file: FileHandle): Promise<void> {
    const line = (this.#turn += 1) % SYNCING
    const mine = (this.#syncs[line] ?? Promise.resolve()).then(() => file.datasync())
    this.#syncs[line] = mine.catch(() => undefined) // told to whose file it is
    await mine
  }
}
