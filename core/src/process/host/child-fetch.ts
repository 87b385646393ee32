import type { ChildCall } from './child-call.ts'
import { piecesOf, sendContent, type GivenContent } from './child-content.ts'

interface WireResponse extends GivenContent {
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly redirected: boolean
  readonly headers: readonly (readonly [string, string])[]
}

/** Statuses whose answer has no content (RFC 9110, section 6.4.1). */
const BARE = new Set([101, 103, 204, 205, 304])

/** A request to the outside, made by the kernel. What comes back comes in pieces, as it is read. */
export async function childFetch(call: ChildCall, url: string | URL, init: RequestInit): Promise<Response> {
  const method = (init.method ?? 'GET').toUpperCase()
  const headers = new Headers(init.headers)
  const { bytes, type } = await contentOf(init.body)
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
  const sent = bytes === undefined ? {} : await sendContent(call, bytes)
  const asked = call.ask('fetch', { url: String(url), method, headers: [...headers], redirect: init.redirect ?? 'follow', ...sent })
  const answer = (await untilAborted(asked, init.signal)) as WireResponse
  const response = new Response(BARE.has(answer.status) ? null : streamOf(call, answer), { status: answer.status, statusText: answer.statusText, headers: answer.headers.map(([name, value]): [string, string] => [name, value]) })
  Object.defineProperty(response, 'url', { value: answer.url })
  Object.defineProperty(response, 'redirected', { value: answer.redirected })
  return response
}

/** What a request carries, whatever it was given as. */
async function contentOf(body: BodyInit | null | undefined): Promise<{ readonly bytes?: Uint8Array; readonly type: string | null }> {
  if (body === null || body === undefined) return { type: null }
  const whole = new Response(body)
  return { bytes: new Uint8Array(await whole.arrayBuffer()), type: whole.headers.get('content-type') }
}

async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | null | undefined): Promise<Result> {
  if (signal === null || signal === undefined) return work
  signal.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => { reject(signal.reason as Error) }
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function streamOf(call: ChildCall, given: GivenContent): ReadableStream<Uint8Array> {
  const pieces = piecesOf(call, given)
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    async cancel() { await pieces.return() },
  }, { highWaterMark: 0 })
}
