import { CODES, type PlatformError } from '../errors.ts'
import { outageOf, type OutageKind } from '../health/outage.ts'
import { statusOfError } from './status-codes.ts'

/** Media type of problem details (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json'

/** An error as API clients receive it: problem details (RFC 9457) and our extensions. */
export interface Problem {
  /** Reference to the explanation of the code. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** Path of the request, without its query. */
  readonly instance?: string
  readonly code: string
  readonly traceId?: string
  /** Place in the input to what is wrong there. */
  readonly fields?: Readonly<Record<string, string>>
  readonly fix: string
  /** Which plugin answers nobody for now: what is the matter, and since when (RFC 3339). */
  readonly outage?: { readonly kind: OutageKind; readonly plugin: string; readonly since: string }
}

/**
 * The problem details of an error.
 * A 5xx says nothing of its inside: neither message nor cause leave the log, only code and trace id.
 */
export function problemOf(error: PlatformError, about: { readonly instance?: string; readonly traceId?: string; readonly status?: number } = {}): Problem {
  const status = about.status ?? statusOfError(error)
  // Who is out of room is told so: it is nobody's fault, and waiting does not help.
  const outage = outageOf(error)
  const ours = status >= 500 && error.code !== 'QUOTA_EXCEEDED'
  return {
    type: `/docs/errors#${error.code}`,
    title: CODES[error.code],
    status,
    detail: ours ? CODES[error.code] : error.message,
    ...(about.instance === undefined ? {} : { instance: about.instance }),
    code: error.code,
    ...(about.traceId === undefined ? {} : { traceId: about.traceId }),
    ...(error.fields === undefined || ours ? {} : { fields: error.fields }),
    ...(outage === undefined ? {} : { outage: { kind: outage.kind, plugin: outage.pluginId, since: new Date(outage.since).toISOString() } }),
    fix: ours ? 'Try again later; if it stays, quote the trace id to the administrator.' : error.fix,
  }
}
