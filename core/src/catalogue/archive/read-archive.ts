import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import type { PlatformError } from '../../errors.ts'
import { problemsAsOne } from '../problems-as-one.ts'
import { archiveFault } from './archive-fault.ts'
import { ARCHIVE_LIMITS, type ArchiveLimits } from './archive-limits.ts'
import { digestOf } from './digest.ts'
import { pathFault, pathKey } from './entry-path.ts'

/** What is in an archive, all in memory: nothing is written before all of it was found right. */
export interface Archive {
  /** Of the archive as it came. */
  readonly digest: string
  /** By path, without the archive's own top folder. */
  readonly files: ReadonlyMap<string, Buffer>
}

const unzip = promisify(gunzip)

/** Says what is wrong, as long as nobody is drowned in it. */
const MOST_FAULTS = 50

/**
 * Reads an npm tarball. Takes plain files below one top folder, and nothing else.
 * @throws PlatformError `ARCHIVE_INVALID`, with each entry that is wrong and why
 */
export async function readArchive(bytes: Uint8Array, limits: ArchiveLimits = ARCHIVE_LIMITS): Promise<Archive> {
  const tar = await unpack(bytes, limits)
  const faults: PlatformError[] = []
  const files = new Map<string, Buffer>()
  const keys = new Map<string, { readonly path: string; readonly isFile: boolean }>()
  const fault = (message: string, fix = 'Pack it again with `liberacces-certify pack`.'): void => {
    if (faults.length < MOST_FAULTS) faults.push(archiveFault(message, fix))
  }
  let entries = 0
  let top: string | undefined

  const take = (entry: ReadEntry): Buffer[] | undefined => {
    entries += 1
    if (entries === limits.entries + 1) fault(`It has more than ${limits.entries} entries.`, 'Pack only what the plugin needs.')
    if (entries > limits.entries) return undefined
    const shown = JSON.stringify(entry.path)
    if (!TAKEN.has(entry.type)) {
      fault(`${shown} is ${KINDS[entry.type] ?? `of the kind "${entry.type}"`}; an archive holds plain files only.`)
      return undefined
    }
    const isFile = entry.type !== 'Directory'
    const [folder = '', ...below] = entry.path.split('/')
    const path = isFile ? below.join('/') : below.join('/').replace(/\/$/, '')
    // The top folder itself.
    if (!isFile && path === '' && pathFault(folder) === undefined) return undefined
    const wrong = pathFault(folder) ?? pathFault(path)
    if (wrong !== undefined) {
      fault(`${shown} ${wrong}.`)
      return undefined
    }
    top ??= folder
    if (folder !== top) fault(`${shown} lies beside the top folder "${top}".`)
    const taken = takenBy(keys, path, isFile)
    if (taken !== undefined) fault(`${shown} and ${JSON.stringify(taken)} are one file on some systems, or one twice.`)
    if (!isFile) return undefined
    const parts: Buffer[] = []
    entry.on('end', () => { files.set(path, Buffer.concat(parts)) })
    return parts
  }

  await parse(tar, take)
  if (faults.length === 0 && files.size === 0) fault('There is no file in it.')
  if (faults.length > 0) throw problemsAsOne(faults)
  return { digest: digestOf(bytes), files }
}

const TAKEN: ReadonlySet<string> = new Set(['File', 'OldFile', 'Directory'])

const KINDS: Readonly<Record<string, string>> = {
  Link: 'a hard link', SymbolicLink: 'a symbolic link', CharacterDevice: 'a device', BlockDevice: 'a device', FIFO: 'a pipe', ContiguousFile: 'a contiguous file',
}

async function unpack(bytes: Uint8Array, { archiveBytes, unpackedBytes, ratio }: ArchiveLimits): Promise<Buffer> {
  if (bytes.length > archiveBytes) throw archiveFault(`It has ${bytes.length} bytes; ${archiveBytes} are the most.`, 'Pack only what the plugin needs.')
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw archiveFault('It is no gzip file.', 'Give a .tgz as `liberacces-certify pack` makes it.')
  const most = Math.min(unpackedBytes, bytes.length * ratio)
  try {
    return await unzip(bytes, { maxOutputLength: most })
  } catch (cause) {
    if (cause instanceof RangeError) throw archiveFault(`What is in it is larger than ${most} bytes: ${ratio} times the archive, and ${unpackedBytes} at most.`, 'Pack only what the plugin needs.', { cause })
    throw archiveFault(`It cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)}.`, 'It was damaged or cut short on its way: get it again.', { cause })
  }
}

/** Feeds a tar file to its reader. What the reader does not take is skipped, not kept. */
async function parse(tar: Buffer, take: (entry: ReadEntry) => Buffer[] | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const damaged = (cause: unknown): void => {
    reject(archiveFault(`It is no sound tar file: ${cause instanceof Error ? cause.message : String(cause)}.`, 'It was damaged on its way, or made by something else than `liberacces-certify pack`.', { cause }))
  }
  const read = (entry: ReadEntry): void => {
    const parts = take(entry)
    if (parts === undefined) entry.resume()
    else entry.on('data', (part: Buffer) => parts.push(part))
  }
  // Strict: what it would only warn of is refused, such as a wrong checksum or an end in the middle of a file.
  const parser = new Parser({ strict: true, maxMetaEntrySize: 65_536, onReadEntry: read })
  parser.on('ignoredEntry', (entry: ReadEntry) => { take(entry) })
  parser.on('error', damaged)
  parser.on('end', () => { resolve() })
  try {
    parser.end(tar)
  } catch (cause) {
    damaged(cause)
  }
  await promise
}

/** Notes a path and the folders above it. @returns the entry that stands there already */
function takenBy(keys: Map<string, { readonly path: string; readonly isFile: boolean }>, path: string, isFile: boolean): string | undefined {
  const parts = path.split('/')
  for (let length = 1; length < parts.length; length += 1) {
    const above = parts.slice(0, length).join('/')
    const known = keys.get(pathKey(above))
    // A file above, or a folder that is written in another way.
    if (known !== undefined && (known.isFile || known.path !== above)) return known.path
    keys.set(pathKey(above), { path: above, isFile: false })
  }
  const known = keys.get(pathKey(path))
  if (known !== undefined && (isFile || known.isFile || known.path !== path)) return known.path
  keys.set(pathKey(path), { path, isFile })
  return undefined
}
