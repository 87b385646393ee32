import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { blobsIn } from '../storage/files/blob-folder.ts'
import { namesIn } from '../storage/folder-content.ts'
import { README_PATH, REGISTER_PATH, type ArchiveManifest, type IndexLine } from './archive-format.ts'
import { LEAVING_TABLES } from './kernel-tables.ts'
import type { Staging } from './staging.ts'
import { linesOf } from './table-lines.ts'

/** Names every entry in the order of the archive. Files are named by what they hold; the rest is read once. */
export async function writeIndex(staging: Staging): Promise<ArchiveManifest['index']> {
  const hash = createHash('sha256')
  const sums = { size: 0, entries: 0, bytes: 0 }
  const file = await open(staging.at('index.jsonl'), 'wx', 0o600)
  try {
    let text = ''
    const flush = async (): Promise<void> => {
      await file.writeFile(text)
      text = ''
    }
    for await (const line of indexLines(staging)) {
      const written = `${JSON.stringify(line)}\n`
      hash.update(written)
      sums.size += Buffer.byteLength(written)
      sums.entries += 1
      sums.bytes += line.size
      text += written
      if (text.length > 65_536) await flush()
    }
    await flush()
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), ...sums }
}

async function* indexLines(staging: Staging): AsyncGenerator<IndexLine, void, undefined> {
  const small = [README_PATH, REGISTER_PATH, ...LEAVING_TABLES.map(({ name }) => `tables/${name}.jsonl`), ...(await namesIn(staging.at('databases'))).map((name) => `databases/${name}`)]
  for (const path of small) yield { path, ...await described(staging.at(path)) }
  for (const pluginId of await namesIn(staging.at('files'))) {
    for await (const { sha256, size } of blobsIn(staging.at('files', pluginId))) yield { path: `files/${pluginId}/${sha256.slice(0, 2)}/${sha256}`, size, sha256 }
  }
}

async function described(path: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  const file = await open(path)
  try {
    let size = 0
    for await (const chunk of file.createReadStream({ highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      size += chunk.length
    }
    return { size, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** The lines of an index that this platform has written or checked. */
export async function* readIndex(path: string): AsyncGenerator<IndexLine, void, undefined> {
  for await (const lines of linesOf(path, 1_000)) for (const line of lines) yield JSON.parse(line) as IndexLine
}
