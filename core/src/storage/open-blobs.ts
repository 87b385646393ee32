import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import { BlobFolder } from './files/blob-folder.ts'
import type { BlobStore } from './files/blob-store.ts'
import { isSegment } from './files/blob-path.ts'
import { showS3Address, type S3Address } from './files/s3/s3-address.ts'
import { namesIn } from './folder-content.ts'
import { syncFolder } from './sync-folder.ts'
import { writeDurably } from './write-durably.ts'

/** Name of the file that says of a data folder that its files lie elsewhere, and where. */
const PLACE_FILE = '.place'

/** What is needed to find the files of a data folder. */
export interface BlobsOptions {
  readonly dataFolder: string
  /** Where the configuration says that they lie; `undefined` for the data folder. */
  readonly address: S3Address | undefined
  /** Unique, and in the order of time (UUID version 7). */
  readonly newId: () => string
}

/** Where files lie on the disk of a data folder. */
export function filesFolder(dataFolder: string): string {
  return join(dataFolder, 'files')
}

/**
 * Opens what the bytes of files lie on, and notes in the data folder where that is: files that lie elsewhere would look lost.
 * @throws PlatformError `CONFIG_INVALID` when they lie elsewhere, or the bucket cannot be used; `FILES_UNAVAILABLE`
 */
export async function openBlobs({ dataFolder, address, newId }: BlobsOptions): Promise<BlobStore> {
  const folder = filesFolder(dataFolder)
  const noted = await notedPlace(dataFolder)
  if (address === undefined) {
    if (noted !== undefined) throw elsewhere(`the files of ${dataFolder} lie at ${noted}`, `set LIBERACCES_FILES to ${noted}, or bring them back with \`liberacces migrate-files --to disk\``)
    return BlobFolder.open(folder, newId)
  }
  const place = showS3Address(address)
  if (noted !== undefined && noted !== place) throw elsewhere(`the files of ${dataFolder} lie at ${noted}, and not at ${place}`, `set it to ${noted}, or move them with \`liberacces migrate-files --to ${place}\``)
  if (noted === undefined && (await namesIn(folder)).some(isSegment)) {
    throw elsewhere(`files lie in ${folder}, and it says ${place}`, `move them with \`liberacces migrate-files --to ${place}\`, without LIBERACCES_FILES`)
  }
  const opened = await openBucket(address, newId)
  if (noted === undefined) await notePlace(dataFolder, place)
  return opened
}

/** The library is read where a bucket is used, and not at every start. @throws PlatformError `CONFIG_INVALID`, `FILES_UNAVAILABLE` */
export async function openBucket(address: S3Address, newId: () => string) {
  const { S3Blobs } = await import('./files/s3/s3-blobs.ts')
  return S3Blobs.open({ address, newId })
}

/** Where the files of a data folder lie, if not in it. */
export async function notedPlace(dataFolder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(filesFolder(dataFolder), PLACE_FILE), 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes down, durably and at once, where they lie; `undefined` for the data folder itself. */
export async function notePlace(dataFolder: string, place: string | undefined): Promise<void> {
  const path = join(filesFolder(dataFolder), PLACE_FILE)
  await mkdir(filesFolder(dataFolder), { recursive: true, mode: 0o700 })
  if (place === undefined) {
    await rm(path, { force: true })
  } else {
    await rm(`${path}.new`, { force: true })
    await writeDurably(`${path}.new`, `${place}\n`)
    await rename(`${path}.new`, path)
  }
  await syncFolder(filesFolder(dataFolder))
}

function elsewhere(what: string, right: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', `LIBERACCES_FILES: ${what}.`, { fix: `${right[0]?.toUpperCase()}${right.slice(1)}.` })
}
