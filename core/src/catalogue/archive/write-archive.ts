import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Header, Pax } from 'tar'

const zip = promisify(gzip)
const BLOCK = 512

/**
 * Makes an npm tarball of files: the same bytes for the same files, whoever packs them, where and when.
 * @param files - content by path, relative and with `/`
 */
export async function writeArchive(files: ReadonlyMap<string, Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = []
  // By code units, not by the language of the machine.
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const header = new Header({ path: `package/${path}`, mode: 0o644, size: content.length, mtime: EPOCH, type: 'File' })
    const block = Buffer.alloc(BLOCK)
    // A long path, or one with accents, stands in a header of its own before it.
    if (header.encode(block, 0)) parts.push(new Pax({ path: `package/${path}`, mtime: EPOCH }).encode())
    parts.push(block, Buffer.from(content), Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK))
  }
  parts.push(Buffer.alloc(2 * BLOCK))
  const packed = await zip(Buffer.concat(parts), { level: 9 })
  // The byte that says on which system it was packed.
  packed[9] = 0xff
  return packed
}

/** As npm does: some tools take no file from before 1980. */
const EPOCH = new Date('1985-10-26T08:15:00Z')
