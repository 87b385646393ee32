import type { CloudEvent } from '@liberacces/sdk'
import type { Tables } from '../tables.ts'
import type { WebhookContext, WebhookDatabase, WebhookTransaction } from '../webhook-types.ts'

/** A delivery as it is stored. */
export type Delivery = Tables['delivery']

/** Deliveries that one batch holds at most. */
const MOST_IN_BATCH = 50
/** Longest that a batch's data are together, in characters. */
const LONGEST_BATCH = 262_144

/** Queues an event for an endpoint. */
export async function queueDelivery(c: WebhookContext, tx: WebhookTransaction, endpointId: string, event: CloudEvent, source: string): Promise<string> {
  const [id, now] = [c.id(), c.now().toISOString()]
  await tx.insertInto('delivery').values({
    id, endpoint_id: endpointId, event_id: event.id, event_type: event.type, event_source: source, event_subject: event.subject ?? null, event_time: event.time ?? now,
    data_json: JSON.stringify(event.data), state: 'pending', attempts: 0, next_at: now, claimed_until: null, created_at: now, finished_at: null,
  }).execute()
  return id
}

/** What one request carries. */
export interface Claim {
  readonly endpointId: string
  readonly deliveries: readonly Delivery[]
}

/**
 * Takes up what is due, one request for each endpoint, so that no other process takes it up too: for as long as it can take.
 * @param skip - endpoints that a request is under way to
 */
export async function claimDue(c: WebhookContext, most: number, skip: ReadonlySet<string>, claimMs: number): Promise<readonly Claim[]> {
  return c.transaction(async (tx) => {
    const now = c.now().toISOString()
    const until = new Date(c.now().getTime() + claimMs).toISOString()
    // Endpoint by endpoint: what waits for one that hangs, however much, must not stand before what waits for another.
    const endpoints = await tx.selectFrom('delivery').innerJoin('endpoint', 'endpoint.id', 'delivery.endpoint_id').select(['delivery.endpoint_id', 'endpoint.format'])
      .where('delivery.state', '=', 'pending').where('delivery.next_at', '<=', now).where('endpoint.state', '=', 'on').where('delivery.endpoint_id', 'not in', ['', ...skip])
      .where((where) => where.or([where('delivery.claimed_until', 'is', null), where('delivery.claimed_until', '<', now)]))
      .groupBy(['delivery.endpoint_id', 'endpoint.format']).orderBy((order) => order.fn.min('delivery.next_at')).limit(most).execute()
    const claims = new Map<string, Delivery[]>()
    for (const { endpoint_id: endpointId, format } of endpoints) {
      const due = await tx.selectFrom('delivery').selectAll().where('endpoint_id', '=', endpointId).where('state', '=', 'pending').where('next_at', '<=', now)
        .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<', now)]))
        .orderBy('next_at').orderBy('id').limit(format === 'batch' ? MOST_IN_BATCH : 1).execute()
      let length = 0
      claims.set(endpointId, due.filter(({ data_json: data }, index) => {
        length += data?.length ?? 0
        return index === 0 || length <= LONGEST_BATCH
      }))
    }
    const ids = [...claims.values()].flat().map(({ id }) => id)
    if (ids.length > 0) await tx.updateTable('delivery').set({ claimed_until: until }).where('id', 'in', ids).execute()
    return [...claims].map(([endpointId, deliveries]) => ({ endpointId, deliveries }))
  })
}

/** When something will be due next; `undefined` when nothing waits. */
export async function nextDueAt(db: WebhookDatabase): Promise<Date | undefined> {
  const row = await db.selectFrom('delivery').innerJoin('endpoint', 'endpoint.id', 'delivery.endpoint_id')
    .select(['delivery.next_at', 'delivery.claimed_until']).where('delivery.state', '=', 'pending').where('endpoint.state', '=', 'on')
    .orderBy('delivery.next_at').limit(1).executeTakeFirst()
  if (row === undefined) return undefined
  return new Date(row.claimed_until !== null && row.claimed_until > row.next_at ? row.claimed_until : row.next_at)
}

/** The event of a delivery as it is written; `undefined` when its data is gone. */
export function eventOf(c: WebhookContext, delivery: Delivery): CloudEvent | undefined {
  if (delivery.data_json === null) return undefined
  return {
    specversion: '1.0', id: delivery.event_id, source: `urn:liberacces:${c.tenant.slug}:${delivery.event_source}`, type: delivery.event_type,
    ...(delivery.event_subject === null ? {} : { subject: delivery.event_subject }), time: delivery.event_time, datacontenttype: 'application/json',
    data: JSON.parse(delivery.data_json) as unknown, extensions: {},
  }
}

/** Deliveries of an endpoint, the newest first, with how the last try went. */
export async function listDeliveries(db: WebhookDatabase, endpointId: string, page: { readonly limit: number; readonly offset: number }): Promise<readonly (Omit<Delivery, 'data_json'> & { readonly last: Tables['attempt'] | undefined; readonly canResend: boolean })[]> {
  const rows = await db.selectFrom('delivery').selectAll().where('endpoint_id', '=', endpointId).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
  const ids = rows.map(({ id }) => id)
  const attempts = ids.length === 0 ? [] : await db.selectFrom('attempt').selectAll().where('delivery_id', 'in', ids).orderBy('at').orderBy('id').execute()
  const last = new Map(attempts.map((attempt) => [attempt.delivery_id, attempt]))
  return rows.map(({ data_json: data, ...row }) => ({ ...row, last: last.get(row.id), canResend: data !== null }))
}

/** How many there are of an endpoint. */
export async function countDeliveries(db: WebhookDatabase, endpointId: string): Promise<number> {
  const row = await db.selectFrom('delivery').select(({ fn }) => fn.countAll<number>().as('count')).where('endpoint_id', '=', endpointId).executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Sends one again at once, with all its tries. @returns whether it could be: its data may be gone */
export async function resend(c: WebhookContext, id: string): Promise<boolean> {
  const { numUpdatedRows } = await c.db.updateTable('delivery').set({ state: 'pending', attempts: 0, next_at: c.now().toISOString(), claimed_until: null, finished_at: null })
    .where('id', '=', id).where('data_json', 'is not', null).where('state', '<>', 'dropped').executeTakeFirstOrThrow()
  if (Number(numUpdatedRows) === 0) return false
  await c.audit('webhook.resent', id)
  return true
}

/** Forgets what is older than its time; what waits stays. */
export async function sweep(c: WebhookContext): Promise<void> {
  const before = new Date(c.now().getTime() - c.settings.keepDays * 86_400_000).toISOString()
  await c.transaction(async (tx) => {
    const old = tx.selectFrom('delivery').select('id').where('state', '<>', 'pending').where('created_at', '<', before)
    await tx.deleteFrom('attempt').where('delivery_id', 'in', old).execute()
    await tx.deleteFrom('delivery').where('state', '<>', 'pending').where('created_at', '<', before).execute()
    await tx.deleteFrom('received').where('received_at', '<', before).execute()
  })
}
