import { createHash } from 'node:crypto'
import { PlatformError } from '../errors.ts'
import { PLATFORM_SCHEMA } from '../storage/sqlite/platform-schema.ts'
import { STORE_SCHEMA } from '../storage/sqlite/store-schema.ts'
import { fits, misfit } from '../validation.ts'
import { ArchiveManifest, entryKind, FORMAT, FORMAT_VERSION, IndexLine, MANIFEST_LIMIT, type EntryKind } from './archive-format.ts'
import { ArchiveReader, exportInvalid } from './archive-reader.ts'
import { EntryLanding } from './entry-landing.ts'
import type { Progress } from './leaving-ports.ts'
import type { Staging } from './staging.ts'
import { linesOf } from './table-lines.ts'

/** Longest line of an index, in bytes. */
const INDEX_LINE = 1_024

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
  const landing = new EntryLanding(reader, path, staging.folder)
  try {
    const { manifest, fingerprint } = await readManifest(reader, path)
    await accept(manifest, fingerprint)
    await readIndexEntry(reader, landing, path, manifest, staging)
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
      count += 1
      await landing.land(expected, staging.at(...placeOf(kind, expected.path, manifest.tenant.id)), () => {
        done += entry.size
        progress?.('reading', done, manifest.index.bytes)
      })
    }
    if (await reader.next() !== undefined) throw exportInvalid(path, 'it holds more than its index names')
    await reader.end()
    await landing.settle()
    if (count !== manifest.index.entries || done !== manifest.index.bytes) throw exportInvalid(path, 'its index does not fit its manifest')
    return { manifest, fingerprint, ...found }
  } finally {
    await landing.close()
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

async function readIndexEntry(reader: ArchiveReader, landing: EntryLanding, path: string, { index }: ArchiveManifest, staging: Staging): Promise<void> {
  const entry = await reader.next()
  if (entry?.path !== 'index.jsonl' || entry.size !== index.size) throw exportInvalid(path, 'its index is not where it should be')
  await landing.land({ path: 'index.jsonl', ...index }, staging.at('index.jsonl'))
  await landing.settle()
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
