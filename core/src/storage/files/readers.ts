import type { StoredFile } from '@liberacces/sdk'
import type { Readable } from 'node:stream'

const READERS = new WeakMap<StoredFile, () => Promise<Readable>>()

/**
 * Notes that a file can be read piece by piece for as long as that takes, since it lies on a disk of this machine. Nobody else can ask for it: to plugins a file has
 * `bytes()` alone.
 */
export function canBeRead(file: StoredFile, open: () => Promise<Readable>): StoredFile {
  READERS.set(file, open)
  return file
}

/** Opens a file to be read piece by piece; `undefined` where it must be read in one go. The reader throws `FILE_DAMAGED` before the first byte. */
export function readerOf(file: StoredFile): (() => Promise<Readable>) | undefined {
  return READERS.get(file)
}
