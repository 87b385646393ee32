import { LIMITS } from '../protocol.ts'
import type { ChildCall } from './child-call.ts'

/** Where the kernel finds what is sent: along with the question, or put together before. */
export type SentContent = { readonly bytes: Uint8Array } | { readonly upload: number }

/** Hands content over: at once where it is small, in pieces otherwise. */
export async function sendContent(call: ChildCall, content: Uint8Array): Promise<SentContent> {
  if (content.byteLength <= LIMITS.chunk) return { bytes: content }
  const upload = call.number()
  for (let at = 0; at < content.byteLength; at += LIMITS.chunk) {
    await call.ask('bytes.put', { upload, bytes: content.subarray(at, at + LIMITS.chunk) })
  }
  return { upload }
}

/** What the kernel answered that is too large for one message: its beginning, and where the rest is. */
export interface GivenContent {
  readonly first?: Uint8Array
  readonly stream?: number
}

/** The pieces of what the kernel gives, as they are asked for. */
export async function* piecesOf(call: ChildCall, { first, stream }: GivenContent): AsyncGenerator<Uint8Array, void> {
  if (first !== undefined && first.byteLength > 0) yield first
  if (stream === undefined) return
  let isDone = false
  try {
    for (;;) {
      const piece = (await call.ask('bytes.next', { stream })) as Uint8Array | null | undefined
      if (piece === null || piece === undefined) break
      yield piece
    }
    isDone = true
  } finally {
    // Whoever stops half-way frees what the kernel holds. Where the call is over there is nothing to free.
    if (!isDone) await call.ask('bytes.close', { stream }).catch(() => undefined)
  }
}

/** All of it. */
export async function allOf(call: ChildCall, given: GivenContent): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of piecesOf(call, given)) pieces.push(piece)
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
}
