import { writeSync } from 'node:fs'

/** The descriptor on which the host program of a child speaks with the kernel: a plugin can write to it too. */
const CHANNEL = 3

/** How often a full pipe is tried again: somebody who does not read is not waited for without end. */
const MOST_TRIES = 2_000_000

/** Bytes as they are, between whatever the host program writes. @returns how many the kernel took */
export function writeRaw(bytes: Uint8Array): number {
  let sent = 0
  for (let full = 0; sent < bytes.length;) {
    try {
      sent += writeSync(CHANNEL, bytes, sent)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      full += 1
      if (full > MOST_TRIES) return sent
    }
  }
  return sent
}

/** A frame of some text as its JSON, with true lengths. */
export function frame(json: string | Uint8Array): Buffer {
  const body = typeof json === 'string' ? Buffer.from(json) : json
  return Buffer.concat([head(body.length + 4, body.length), body])
}

/** The first eight bytes of a frame, with whatever lengths. */
export function head(length: number, jsonLength: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(length, 0)
  bytes.writeUInt32BE(jsonLength, 4)
  return bytes
}

/** A message as the host program would send it. */
export function writeMessage(message: unknown): void {
  writeRaw(frame(JSON.stringify(message)))
}
