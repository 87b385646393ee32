import { PlatformError } from '../errors.ts'

/** The same answer, whose body fails past so many bytes instead of filling the memory. */
export function limitedResponse(response: Response, largestBytes: number, target: URL): Response {
  const { body, status, statusText, headers } = response
  if (body === null) return response
  let seen = 0
  const limited = body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.byteLength
      if (seen <= largestBytes) controller.enqueue(chunk)
      else controller.error(new PlatformError('EGRESS_FAILED', `The answer of ${target.host} is larger than ${largestBytes} bytes.`, { fix: 'Ask for less at a time.' }))
    },
  }))
  return new Response(limited, { status, statusText, headers })
}
