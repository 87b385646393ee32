import { meaningOf, type HandOver } from './road-problem.ts'
import type { RoadReportContext } from './road-report-types.ts'
import type { ReportRow } from './tables.ts'

/** Longest that one try may take, in milliseconds. */
const LIMIT_MS = 10_000

/**
 * Hands one report to the application. The report's id goes along as the key of idempotence: when an answer is lost on its way, the next try finds the
 * report there. Never throws for what the network or the application does.
 */
export async function handOver(c: RoadReportContext, serverUrl: string, { id, kind, place, details, sent_at: sentAt }: ReportRow): Promise<HandOver> {
  const { serverKey } = c.settings
  try {
    const answer = await c.fetch(`${serverUrl.replace(/\/$/, '')}/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept': 'application/json', 'idempotency-key': id, ...(serverKey === undefined ? {} : { authorization: `Bearer ${serverKey}` }) },
      body: JSON.stringify({ id, kind, place, details, sentAt, authority: c.tenant.siren ?? c.tenant.slug }),
      signal: AbortSignal.any([c.signal, AbortSignal.timeout(LIMIT_MS)]),
    })
    return meaningOf(answer.status, parsed(await answer.text()), answer.headers.get('retry-after'))
  } catch (error) {
    // The call's own time is up: then it is not about the application.
    c.signal.throwIfAborted()
    return { kind: 'later', why: error instanceof Error ? error.message.slice(0, 200) : 'no answer' }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whatever stands in front of the application may answer with a page.
    return undefined
  }
}
