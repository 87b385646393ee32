import type { FileHandle } from 'node:fs/promises'

/** Writes all bytes to their place in a file: the system may take fewer at a time. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
}
