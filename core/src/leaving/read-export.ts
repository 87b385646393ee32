import { createHash } from 'node:crypto'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PlatformError } from '../errors.ts'
import { PLATFORM_SCHEMA } from '../storage/sqlite/platform-schema.ts'
import { STORE_SCHEMA } from '../storage/sqlite/store-schema.ts'
import { syncFolder } from '../storage/sync-folder.ts'
import { fits, misfit } from '../validation.ts'
import { ArchiveManifest, entryKind, FORMAT, FORMAT_VERSION, IndexLine, MANIFEST_LIMIT, type EntryKind } from './archive-format.ts'
import { ArchiveReader, exportInvalid, type ArchiveEntry } from './archive-reader.ts'
import type { Progress } from './leaving-ports.ts'
import type { Staging } from './staging.ts'
import { linesOf } from './table-lines.ts'

/** Longest line of an index, in bytes. */
const INDEX_LINE = 1_024
/** Files that wait to be made durable, while the next are read. */
const UNSYNCED = 32
/** How many of them at a time: of the four threads that Node has for files, the others read and write. */
const SYNCING = 2

/** An export whose every byte was read and found to be what it should be. */
export interface ReadExport {
  readonly manifest: ArchiveManifest
  /** SHA-256 of the manifest, lower-case hexadecimal. */
  readonly fingerprint: string
  /** Tables that it holds. */
  readonly tables: ReadonlySet<string>
  readonly pluginIds: ReadonlySet<string>
}

/**
 * Reads an export into a staging folder, laid out as in a data folder, and checks it on the way: each entry in its place, of its size, with
 * its digest, and none besides.
 * @param accept - told of the manifest before anything else is read; what it throws ends the reading
 * @throws PlatformError `EXPORT_INVALID`, `EXPORT_UNSUPPORTED`
 */
export async function readExport(path: string, staging: Staging, accept: (manifest: ArchiveManifest, fingerprint: string) => Promise<void>, progress: Progress | undefined): Promise<ReadExport> {
  const reader = await ArchiveReader.open(path)
  const syncs = new PendingSyncs(staging.folder)
  try {
    const { manifest, fingerprint } = await readManifest(reader, path)
    await accept(manifest, fingerprint)
    await readIndexEntry(reader, path, manifest, staging)
    const found = { tables: new Set<string>(), pluginIds: new Set<string>() }
    let done = 0
    let count = 0
    for await (const expected of checkedIndex(staging.at('index.jsonl'), path)) {
      const kind = entryKind(expected.path)
      if (kind === undefined) throw exportInvalid(path, `it holds "${expected.path}", which no export has`)
      const entry = await reader.next()
      if (entry === undefined) throw exportInvalid(path, `it is cut short: "${expected.path}" is missing`)
      if (entry.path !== expected.path || entry.size !== expected.size) throw exportInvalid(path, `where "${expected.path}" should be, there is something else`)
      if (kind.kind === 'file' && kind.sha256 !== expected.sha256) throw exportInvalid(path, `"${expected.path}" is not named by its digest`)
      if (kind.kind === 'table') found.tables.add(kind.table)
      if (kind.kind === 'database') found.pluginIds.add(kind.pluginId)
      const digest = await writeEntry(reader, entry, staging.at(...placeOf(kind, expected.path, manifest.tenant.id)), syncs, path)
      if (digest !== expected.sha256) throw exportInvalid(path, `"${expected.path}" was changed: its digest is another`)
      done += entry.size
      count += 1
      progress?.('reading', done, manifest.index.bytes)
    }
    if (await reader.next() !== undefined) throw exportInvalid(path, 'it holds more than its index names')
    await reader.end()
    if (count !== manifest.index.entries || done !== manifest.index.bytes) throw exportInvalid(path, 'its index does not fit its manifest')
    await syncs.settle()
    return { manifest, fingerprint, ...found }
  } finally {
    await syncs.settle().catch(() => undefined) // told above, where it matters
    await reader.close()
  }
}

/** Reads and checks the first entry. @throws PlatformError `EXPORT_INVALID`, `EXPORT_UNSUPPORTED` */
async function readManifest(reader: ArchiveReader, path: string): Promise<{ readonly manifest: ArchiveManifest; readonly fingerprint: string }> {
  if ((await reader.next())?.path !== 'manifest.json') throw exportInvalid(path, 'it does not begin with a manifest')
  const bytes = await reader.bytes(MANIFEST_LIMIT)
  let manifest: unknown
  try {
    manifest = JSON.parse(bytes.toString())
  } catch (cause) {
    throw exportInvalid(path, 'its manifest is no JSON', cause)
  }
  const { format, formatVersion } = (manifest ?? {}) as Partial<ArchiveManifest>
  if (format === FORMAT && formatVersion !== FORMAT_VERSION) throw unsupported(path, `its format has version ${String(formatVersion)}, and this platform reads ${FORMAT_VERSION}`)
  if (!fits(ArchiveManifest, manifest)) throw exportInvalid(path, `its manifest does not fit (${misfit(ArchiveManifest, manifest) ?? 'unknown'})`)
  if (manifest.platformSchema > PLATFORM_SCHEMA.length || manifest.storeSchema > STORE_SCHEMA.length) {
    throw unsupported(path, `it comes from a newer platform (${manifest.platformVersion})`)
  }
  return { manifest, fingerprint: createHash('sha256').update(bytes).digest('hex') }
}

function unsupported(path: string, why: string): PlatformError {
  return new PlatformError('EXPORT_UNSUPPORTED', `${path} cannot be brought in: ${why}.`, { fix: 'Update this platform, then import again.' })
}

async function readIndexEntry(reader: ArchiveReader, path: string, { index }: ArchiveManifest, staging: Staging): Promise<void> {
  const entry = await reader.next()
  if (entry?.path !== 'index.jsonl' || entry.size !== index.size) throw exportInvalid(path, 'its index is not where it should be')
  const syncs = new PendingSyncs(staging.folder)
  const digest = await writeEntry(reader, entry, staging.at('index.jsonl'), syncs, path)
  await syncs.settle()
  if (digest !== index.sha256) throw exportInvalid(path, 'its index was changed: its digest is another')
}

async function* checkedIndex(index: string, path: string): AsyncGenerator<IndexLine, void, undefined> {
  try {
    for await (const lines of linesOf(index, 1_000, INDEX_LINE * 256)) {
      for (const line of lines) {
        const parsed: unknown = line.length > INDEX_LINE ? undefined : JSON.parse(line)
        if (!fits(IndexLine, parsed)) throw exportInvalid(path, 'a line of its index does not fit')
        yield parsed
      }
    }
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof RangeError) throw exportInvalid(path, 'its index cannot be read', cause)
    throw cause
  }
}

/** Where an entry is put: files and databases as they lie in a data folder, so that they are moved into their places as one folder. */
function placeOf(kind: EntryKind, path: string, tenantId: string): readonly string[] {
  switch (kind.kind) {
    case 'text': return ['text', path]
    case 'table': return ['tables', `${kind.table}.jsonl`]
    case 'database': return ['tenants', tenantId, `${kind.pluginId}.sqlite`]
    case 'file': return ['files', tenantId, kind.pluginId, kind.sha256.slice(0, 2), kind.sha256]
    default: return kind satisfies never
  }
}

/** Writes an entry as it is read; hashing, reading and writing go on at the same time. @returns its SHA-256 */
async function writeEntry(reader: ArchiveReader, { size }: ArchiveEntry, to: string, syncs: PendingSyncs, path: string): Promise<string> {
  await syncs.prepare(dirname(to))
  let file: FileHandle
  try {
    file = await open(to, 'wx', 0o600)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw exportInvalid(path, 'it holds something twice', cause)
    throw cause
  }
  const hash = createHash('sha256')
  let writing: Promise<unknown> = Promise.resolve()
  try {
    let at = 0
    for await (const chunk of reader.body()) {
      await writing
      writing = writeAll(file, chunk, at)
      writing.catch(() => undefined) // awaited with the next chunk, or below
      hash.update(chunk)
      at += chunk.length
    }
    await writing
    if (at !== size) throw exportInvalid(path, 'an entry is cut short')
  } catch (error) {
    await writing.catch(() => undefined)
    await file.close()
    throw error
  }
  await syncs.add(file)
  return hash.digest('hex')
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
}

/** Files that are being made durable and closed while others are written. */
class PendingSyncs {
  readonly #pending = new Set<Promise<void>>()
  readonly #folders = new Set<string>()
  readonly #root: string
  readonly #lines: Promise<unknown>[] = []
  #turn = 0
  #failure: { readonly error: unknown } | undefined

  /** @param root - folder below which all of them lie */
  constructor(root: string) {
    this.#root = root
  }

  /** Makes a folder. What is in it becomes durable with the others, in {@link settle}. */
  async prepare(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (let above = folder; above.length >= this.#root.length; above = dirname(above)) this.#folders.add(above)
  }

  /** Waits only when too many are under way. @throws what an earlier one failed with */
  async add(file: FileHandle): Promise<void> {
    const pending = this.#sync(file).catch((error: unknown) => { this.#failure ??= { error } }).finally(() => { this.#pending.delete(pending) })
    this.#pending.add(pending)
    if (this.#pending.size >= UNSYNCED) await Promise.race(this.#pending)
    this.#refuse()
  }

  async settle(): Promise<void> {
    await Promise.all(this.#pending)
    this.#refuse()
    for (const folder of this.#folders) await syncFolder(folder)
    this.#folders.clear()
  }

  #refuse(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** In one of two lines: each begins where the one before has ended. */
  async #sync(file: FileHandle): Promise<void> {
    const line = (this.#turn += 1) % SYNCING
    const before = this.#lines[line] ?? Promise.resolve()
    const mine = before.then(() => file.sync())
    this.#lines[line] = mine.catch(() => undefined) // told to who added it
    try {
      await mine
    } finally {
      await file.close()
    }
  }
}
