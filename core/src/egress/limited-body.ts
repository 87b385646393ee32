import { PlatformError } from '../errors.ts'

/** What a request sends, in one piece. */
export interface SentContent {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** What the kind of the body says its type is, such as that of a form. */
  readonly type: string | undefined
}

/**
 * The content of a request as one piece, so that it can be sent again at a redirect.
 * @param largestBytes - past it the request fails, before more of it is read
 * @throws PlatformError `EGRESS_FAILED` when it is larger, or does not end in time
 */
export async function limitedBody(body: RequestInit['body'], largestBytes: number, signal: AbortSignal): Promise<SentContent | undefined> {
  if (body === null || body === undefined) return undefined
  const chunks: Uint8Array[] = []
  let seen = 0
  // The standard's own reading of any kind of body.
  const content = new Response(body)
  const reader = content.body?.getReader()
  if (reader === undefined) return undefined
  const abort = (): void => { void reader.cancel(signal.reason).catch(() => undefined) } // what its source says to that is told by reading on
  signal.addEventListener('abort', abort, { once: true })
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (signal.aborted) throw failed('the content of the request did not come in time')
      if (done) return { bytes: Buffer.concat(chunks), type: content.headers.get('content-type') ?? undefined }
      seen += value.byteLength
      if (seen > largestBytes) throw failed(`the content of the request is larger than ${largestBytes} bytes`)
      chunks.push(value)
    }
  } finally {
    signal.removeEventListener('abort', abort)
    reader.releaseLock()
  }
}

function failed(what: string): PlatformError {
  return new PlatformError('EGRESS_FAILED', `A request was not sent: ${what}.`, { fix: 'Send less at a time.' })
}
