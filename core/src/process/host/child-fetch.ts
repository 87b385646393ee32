import type { ChildCall } from './child-call.ts'
import { piecesOf, sendContent, type GivenContent } from './child-content.ts'
import { untilAborted } from '../../until-aborted.ts'

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
  const answer = (await unlessAborted(asked, init.signal, () => { letGo(call, asked) })) as WireResponse
  const response = new Response(BARE.has(answer.status) ? null : streamOf(call, answer, init.signal), { status: answer.status, statusText: answer.statusText, headers: answer.headers.map(([name, value]): [string, string] => [name, value]) })
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

/** @param gaveUp - told when the wait is over before the work is */
async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal | null | undefined, gaveUp: () => void): Promise<Result> {
  if (signal === null || signal === undefined) return work
  try {
    return await untilAborted(work, signal)
  } catch (error) {
    if (signal.aborted) gaveUp()
    throw error
  }
}

/** An answer that nobody waits for any more: what comes of it is not read. */
function letGo(call: ChildCall, asked: Promise<unknown>): void {
  const close = async (): Promise<void> => {
    const { stream } = (await asked) as WireResponse
    if (stream !== undefined) await call.ask('bytes.close', { stream })
  }
  // Where it failed, or the call is over, there is nothing to close.
  close().catch(() => undefined)
}

/** @param signal - ends it, however far it was read */
function streamOf(call: ChildCall, given: GivenContent, signal: AbortSignal | null | undefined): ReadableStream<Uint8Array> {
  const pieces = piecesOf(call, given)
  let abort: (() => void) | undefined
  const over = (): void => { if (abort !== undefined) signal?.removeEventListener('abort', abort) }
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (signal === null || signal === undefined) return
      abort = () => {
        controller.error(signal.reason)
        if (given.stream !== undefined) call.ask('bytes.close', { stream: given.stream }).catch(() => undefined) // the call is over, and it with it
      }
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort, { once: true })
    },
    async pull(controller) {
      const { done, value } = await pieces.next()
      // It was ended meanwhile.
      if (signal?.aborted === true) return
      if (done !== true) return controller.enqueue(value)
      over()
      controller.close()
    },
    async cancel() {
      over()
      await pieces.return()
    },
  }, { highWaterMark: 0 })
}
