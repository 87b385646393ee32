import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import type { Blob } from '../blob-store.ts'
import type { S3Requests } from './s3-requests.ts'

/** Larger files go in parts of this size, in bytes; so much of a file is in memory at a time. Services take 5 MiB or more. */
const PART_BYTES = 8 * 1_048_576

/**
 * Brings a file into the bucket: there whole or not at all.
 * @param damaged - what to throw when the file is not what it is called
 */
export async function uploadFile(requests: S3Requests, path: string, from: string, { sha256, size }: Blob, damaged: (why: string) => Error): Promise<void> {
  const file = await open(from)
  try {
    if ((await file.stat()).size !== size) throw damaged('the file has another size')
    if (size > PART_BYTES) {
      await uploadParts(requests, path, file, { sha256, size }, damaged)
    } else {
      const bytes = await read(file, 0, size)
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw damaged('the file holds other bytes')
      await requests.put(path, bytes)
    }
  } finally {
    await file.close()
  }
}

async function uploadParts(requests: S3Requests, path: string, file: FileHandle, { sha256, size }: Blob, damaged: (why: string) => Error): Promise<void> {
  const uploadId = await requests.begin(path)
  try {
    const hash = createHash('sha256')
    const parts: { partNumber: number; etag: string }[] = []
    for (let at = 0; at < size; at += PART_BYTES) {
      const bytes = await read(file, at, Math.min(PART_BYTES, size - at))
      hash.update(bytes)
      const partNumber = parts.length + 1
      parts.push({ partNumber, etag: await requests.putPart(path, uploadId, partNumber, bytes) })
    }
    // Before it is completed nobody sees any of it.
    if (hash.digest('hex') !== sha256) throw damaged('the file holds other bytes')
    await requests.complete(path, uploadId, parts, size)
  } catch (error) {
    // What cannot be given up now is left to whoever settles the note that was made of it.
    await requests.abort(path, uploadId).catch(() => undefined)
    throw error
  }
}

async function read(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done)
    if (bytesRead === 0) throw new Error('The file became shorter while it was read.')
    done += bytesRead
  }
  return bytes
}
