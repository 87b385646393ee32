/** A client of API Particulier v3, `/v3/dss/quotient_familial/identite`. Nothing of a person is in its errors, nor in what it logs. */
import { civilStatusQuery, type CivilStatus } from './civil-status.ts'

/** Hosts of the service, by environment. */
export const API_HOSTS = { production: 'particulier.api.gouv.fr', staging: 'staging.particulier.api.gouv.fr' } as const

/** Longest wait for an answer: the service itself gives up on its provider before. */
const TIMEOUT_MS = 10_000
/** Waited after 429 where the answer does not say how long. */
const USUAL_WAIT_MS = 60_000
/** Longest that a `Retry-After` is believed. */
const LONGEST_WAIT_MS = 86_400_000

/** What came of asking. */
export type QuotientAnswer =
  | { readonly kind: 'read'; readonly value: number; readonly month: string; readonly source: 'CNAF' | 'MSA' }
  /** No file is found under this civil status (404, code 37003 and its like). */
  | { readonly kind: 'not-found' }
  /** Too many requests (429). @param retryAfterMs - milliseconds to wait */
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  /** The service or its provider does not answer (502 with 37999, 504, a time that ran out, a network that fails). */
  | { readonly kind: 'unreachable'; readonly status: number | undefined }
  /** The token is not accepted, or the request is not (401, 403, 422…): nobody will be found until someone sees to it. */
  | { readonly kind: 'refused'; readonly status: number }

/** Whom to ask, and as whom. */
export interface QuotientSource {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly host: string
  readonly token: string
  /** SIRET of who will use the answer. */
  readonly recipient: string
  readonly signal: AbortSignal
  readonly now: () => number
}

/** Asks for the quotient familial of a person. Never throws for what the other side does. */
export async function askQuotient(source: QuotientSource, civil: CivilStatus): Promise<QuotientAnswer> {
  const query = civilStatusQuery(civil)
  query.append('recipient', source.recipient)
  let answer: Response
  let body: unknown
  try {
    answer = await source.fetch(`https://${source.host}/v3/dss/quotient_familial/identite?${query.toString()}`, {
      headers: { authorization: `Bearer ${source.token}`, accept: 'application/json' }, redirect: 'error', signal: AbortSignal.any([source.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    // What is no JSON, such as a page of a proxy, is told by its status alone.
    body = await answer.json().catch(() => undefined)
  } catch (error) {
    // A scope that was refused is the administrator's word, not the network's.
    if ((error as { readonly code?: unknown }).code === 'SCOPE_REFUSED') throw error
    return { kind: 'unreachable', status: undefined }
  }
  switch (answer.status) {
    case 200: return found(body)
    case 404: return { kind: 'not-found' }
    case 429: return { kind: 'busy', retryAfterMs: retryAfter(answer.headers.get('retry-after'), source.now()) }
    default: return answer.status >= 500 ? { kind: 'unreachable', status: answer.status } : { kind: 'refused', status: answer.status }
  }
}

/** Only what is understood whole is believed: a quotient that is no number would price meals. */
function found(body: unknown): QuotientAnswer {
  const quotient = (body as { readonly data?: { readonly quotient_familial?: Readonly<Record<string, unknown>> } } | undefined)?.data?.quotient_familial
  const { fournisseur: source, valeur: value, annee: year, mois: month } = quotient ?? {}
  const isKnown = (source === 'CNAF' || source === 'MSA') && isWhole(value, 0, 1_000_000) && isWhole(year, 2000, 2199) && isWhole(month, 1, 12)
  return isKnown ? { kind: 'read', value, month: `${year}-${String(month).padStart(2, '0')}`, source } : { kind: 'unreachable', status: 200 }
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | null, now: number): number {
  if (header === null) return USUAL_WAIT_MS
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isNaN(ms) ? USUAL_WAIT_MS : Math.min(LONGEST_WAIT_MS, Math.max(0, ms))
}
