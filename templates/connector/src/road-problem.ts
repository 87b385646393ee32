/** What is known of a report and of handing it over. Pure: it imports nothing of the platform, and the time comes in. */

/** What may be reported. Each has a message `field.kind.<kind>`. */
export const KINDS = ['pothole', 'light', 'sign', 'waste', 'tree'] as const
/** One of them. */
export type Kind = (typeof KINDS)[number]

/** Where a report stands. Each has a message `state.<state>`. */
export type ReportState = 'waiting' | 'handed-over' | 'refused'

/** What the application made of a report. */
export type HandOver =
  | { readonly kind: 'taken'; readonly reference: string }
  /** It will not have it, however often it is asked; a person must look. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It could not now. `afterMs`: what it asks for, in milliseconds. */
  | { readonly kind: 'later'; readonly why: string; readonly afterMs?: number | undefined }

const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 6 * 3_600_000

/** How long to wait before the next try, in milliseconds: a minute, then twice as long each time, six hours at most. @param tries - made so far, from 1 */
export function backOffMs(tries: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 20))
}

/** What an HTTP answer means. Only an answer that says so clearly counts as taken or refused: all else is tried again. */
export function meaningOf(status: number, body: unknown, retryAfter: string | null): HandOver {
  const said = body as { readonly reference?: unknown; readonly message?: unknown } | undefined
  if (status >= 200 && status < 300) {
    return typeof said?.reference === 'string' && said.reference !== '' ? { kind: 'taken', reference: said.reference.slice(0, 100) } : { kind: 'later', why: `HTTP ${status} without a reference` }
  }
  const why = typeof said?.message === 'string' ? said.message.slice(0, 200) : `HTTP ${status}`
  // 401 and 403 are about our key, 404 about our address, 408, 425 and 429 about the moment: not about this report.
  if (status >= 400 && status < 500 && ![401, 403, 404, 408, 425, 429].includes(status)) return { kind: 'refused', why }
  const seconds = Number(retryAfter)
  return { kind: 'later', why, ...(retryAfter !== null && Number.isFinite(seconds) && seconds > 0 ? { afterMs: Math.min(LONGEST_WAIT_MS, seconds * 1_000) } : {}) }
}
