/** The requests in the tables: every question and every change. */
import type { FileRef } from '@liberacces/sdk'
import { RequestDecided, RequestReceived } from './contract.ts'
import type { Day, Decision, Purpose } from './permit-request.ts'
import type { StreetPermitContext, StreetPermitDatabase, StreetPermitTransaction } from './street-permit-types.ts'
import type { RequestRow } from './tables.ts'

/** What a citizen fills in. */
export interface NewRequest {
  readonly purpose: Purpose
  readonly place: string
  readonly fromDay: Day
  readonly toDay: Day
  readonly details?: string
  readonly plan?: FileRef
  readonly email?: string
}

/** Who asks. */
export interface Applicant {
  readonly id: string
  readonly name: string
}

/** A page of a list. */
export interface PageOf {
  /** From 0. */
  readonly offset: number
  readonly limit: number
}

/** What became of a decision. */
export type DecisionOutcome = 'decided' | 'decided-before' | 'unknown'

/** Stores a request and tells others, both or neither. */
export async function sendRequest(c: StreetPermitContext, request: NewRequest): Promise<string> {
  return c.transaction((tx) => insertRequest(c, tx, request, c.actor))
}

/** The same within a transaction that is open already. */
export async function insertRequest(c: StreetPermitContext, tx: StreetPermitTransaction, request: NewRequest, { id: applicantId, name }: Applicant): Promise<string> {
  const row: RequestRow = {
    id: c.id(), purpose: request.purpose, place: request.place, from_day: request.fromDay, to_day: request.toDay, details: request.details ?? null,
    plan_id: request.plan?.id ?? null, plan_name: request.plan?.name ?? null,
    applicant_id: applicantId, applicant_name: name, applicant_email: request.email?.toLowerCase() ?? null,
    state: 'received', sent_at: c.now().toISOString(), decided_at: null, reason: null,
  }
  await tx.insertInto('request').values(row).execute()
  await tx.emit(RequestReceived, { id: row.id, purpose: row.purpose })
  return row.id
}

/** Decides on a request: others are told, the applicant gets a mail, and the audit trail says who did it. Nothing is decided twice. */
export async function decideRequest(c: StreetPermitContext, id: string, decision: Decision, reason: string | undefined): Promise<DecisionOutcome> {
  const decidedAt = c.now().toISOString()
  const outcome = await c.transaction(async (tx): Promise<DecisionOutcome> => {
    const request = await tx.selectFrom('request').selectAll().where('id', '=', id).executeTakeFirst()
    if (request === undefined) return 'unknown'
    if (request.state !== 'received') return 'decided-before'
    await tx.updateTable('request').set({ state: decision, decided_at: decidedAt, reason: reason ?? null }).where('id', '=', id).execute()
    await tx.emit(RequestDecided, { id, decision, decidedAt })
    await tellApplicant(c, tx, request, decision, reason)
    return 'decided'
  })
  if (outcome === 'decided') await c.audit('request.decided', id, { decision })
  return outcome
}

/** The answer by mail, where the applicant left an address and the authority lets this plugin send mails. The citizen's page says the same. */
async function tellApplicant(c: StreetPermitContext, tx: StreetPermitTransaction, { applicant_email: to, place }: RequestRow, decision: Decision, reason: string | undefined): Promise<void> {
  if (to === null || !c.granted('mail:send')) return
  await tx.mail.send({
    to,
    subject: c.t(`mail.subject.${decision}`),
    text: c.t('mail.text', { place, decision: c.t(`state.${decision}`), reason: reason ?? '', hasReason: reason === undefined ? 'no' : 'yes', url: c.absoluteUrl('/') }),
  })
}

/** One page of the inbox: what waits first, the oldest first among those; then what is decided, newest first. */
export function inbox(db: StreetPermitDatabase, state: 'waiting' | 'decided', { offset, limit }: PageOf) {
  const requests = db.selectFrom('request').selectAll().offset(offset).limit(limit)
  return (state === 'waiting' ? requests.where('state', '=', 'received').orderBy('id') : requests.where('state', '!=', 'received').orderBy('id', 'desc')).execute()
}

/** How many requests wait, or are decided. */
export async function countInbox(db: StreetPermitDatabase, state: 'waiting' | 'decided'): Promise<number> {
  const { count } = await db.selectFrom('request').where('state', state === 'waiting' ? '=' : '!=', 'received').select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

/** What one person has asked for, newest first. */
export function requestsOf(db: StreetPermitDatabase, applicantId: string) {
  return db.selectFrom('request').selectAll().where('applicant_id', '=', applicantId).orderBy('id', 'desc').limit(100).execute()
}

/** One request. */
export function requestById(db: StreetPermitDatabase, id: string): Promise<RequestRow | undefined> {
  return db.selectFrom('request').selectAll().where('id', '=', id).executeTakeFirst()
}
