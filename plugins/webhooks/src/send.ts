import { readRetryAfter } from './retry-schedule.ts'
import { signatureHeaders } from './endpoint.ts'
import { payloadOf } from './payload.ts'
import { eventOf, type Claim, type Delivery } from './store/deliveries.ts'
import { signingSecrets, type Endpoint } from './store/endpoints.ts'
import type { WebhookContext } from './webhook-types.ts'

/** Most of an answer that is read, in bytes: it only has to be there. */
const MOST_ANSWER_BYTES = 65_536

/** How one request went. */
export interface SendResult {
  /** `gone`: the receiver says that it wants nothing more (410). */
  readonly kind: 'taken' | 'failed' | 'gone'
  readonly status: number | null
  readonly durationMs: number
  readonly error: string | null
  /** How long the receiver asks us to wait. */
  readonly retryAfterMs: number | undefined
}

/**
 * Posts what one request carries, signed. It follows no redirect, and reads a little of the answer at most. Never throws: how it went is the answer.
 * @param timeoutMs - longest wait for the whole of it, in milliseconds
 */
export async function sendClaim(c: WebhookContext, endpoint: Endpoint, { deliveries }: Claim, timeoutMs: number): Promise<SendResult> {
  const startedAt = performance.now()
  const done = (kind: SendResult['kind'], status: number | null, error: string | null, retryAfterMs?: number): SendResult =>
    ({ kind, status, error: error?.slice(0, 300) ?? null, durationMs: Math.round(performance.now() - startedAt), retryAfterMs })
  const secrets = await signingSecrets(c, endpoint)
  if (secrets.length === 0) return done('failed', null, 'NO_SECRET')
  const events = deliveries.flatMap((delivery) => eventOf(c, delivery) ?? [])
  if (events.length === 0) return done('failed', null, 'NO_DATA')
  const { headers, body } = payloadOf(endpoint.format, events)
  try {
    const answer = await c.fetch(endpoint.url, {
      method: 'POST', body, redirect: 'manual', signal: AbortSignal.any([c.signal, AbortSignal.timeout(timeoutMs)]),
      // The id stays over all tries of the same, so that the receiver can tell.
      headers: { ...headers, 'user-agent': 'LiberAcces-Webhooks/1.0', ...signatureHeaders(secrets, { id: await messageId(deliveries), at: c.now(), body }) },
    })
    await readLittle(answer)
    if (answer.status >= 200 && answer.status < 300) return done('taken', answer.status, null)
    return done(answer.status === 410 ? 'gone' : 'failed', answer.status, `HTTP ${answer.status}`, readRetryAfter(answer.headers.get('retry-after'), c.now()))
  } catch (error) {
    return done('failed', null, error instanceof Error ? error.message : String(error))
  }
}

/** One delivery's own. A batch comes again with others perhaps, and must not pass for the one before: its id is made of all of them. */
async function messageId(deliveries: readonly Pick<Delivery, 'id'>[]): Promise<string> {
  const [first, ...more] = deliveries.map(({ id }) => id)
  if (more.length === 0) return `msg_${first ?? ''}`
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode([first, ...more].join(' ')))
  return `msg_${Buffer.from(digest).toString('hex').slice(0, 32)}`
}

async function readLittle(answer: Response): Promise<void> {
  if (answer.body === null) return
  const reader = answer.body.getReader()
  let seen = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    seen += value.byteLength
    if (seen > MOST_ANSWER_BYTES) {
      await reader.cancel()
      throw new Error(`The answer is larger than ${MOST_ANSWER_BYTES} bytes.`)
    }
  }
}
