import { FORMATS, OLD_SECRET_DAYS, secretOf, type Format } from '../endpoint.ts'
import type { WebhookContext, WebhookDatabase } from '../webhook-types.ts'

/** An endpoint, read. */
export interface Endpoint {
  readonly id: string
  readonly url: string
  readonly label: string
  readonly format: Format
  readonly types: readonly string[]
  readonly state: 'on' | 'off' | 'failed'
  readonly failingSince: string | null
  readonly lastSuccessAt: string | null
  readonly createdAt: string
  /** Sealed. */
  readonly secret: string
  readonly oldSecret: string | null
  readonly oldSecretUntil: string | null
}

/** What somebody says of an endpoint. */
export interface EndpointInput {
  readonly url: string
  readonly label: string
  readonly format: Format
  readonly types: readonly string[]
}

/** All endpoints, the oldest first. */
export async function listEndpoints(db: WebhookDatabase): Promise<readonly Endpoint[]> {
  return (await db.selectFrom('endpoint').selectAll().orderBy('created_at').orderBy('id').execute()).map(endpointOf)
}

/** One of them. */
export async function findEndpoint(db: WebhookDatabase, id: string): Promise<Endpoint | undefined> {
  const row = await db.selectFrom('endpoint').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : endpointOf(row)
}

/** Makes an endpoint with a key of its own, and says the key. */
export async function createEndpoint(c: WebhookContext, input: EndpointInput): Promise<{ readonly id: string; readonly secret: string }> {
  const [id, secret] = [c.id(), secretOf(c.secrets.random(32))]
  const sealed = await c.secrets.seal(secret)
  await c.transaction(async (tx) => {
    await tx.insertInto('endpoint').values({
      id, url: input.url, label: input.label, format: input.format, types_json: JSON.stringify(input.types), state: 'on', secret: sealed,
      old_secret: null, old_secret_until: null, failing_since: null, last_success_at: null, created_at: c.now().toISOString(),
    }).execute()
  })
  await c.audit('webhook.created', id, { url: input.url, format: input.format, types: input.types.join(' ') })
  return { id, secret }
}

/** Changes what somebody says of an endpoint; its key stays. */
export async function changeEndpoint(c: WebhookContext, id: string, input: EndpointInput): Promise<void> {
  await c.db.updateTable('endpoint').set({ url: input.url, label: input.label, format: input.format, types_json: JSON.stringify(input.types) }).where('id', '=', id).execute()
  await c.audit('webhook.changed', id, { url: input.url, format: input.format, types: input.types.join(' ') })
}

/** Switches an endpoint on or off. What waits for it waits on; switched on, it is tried at once. */
export async function switchEndpoint(c: WebhookContext, id: string, state: 'on' | 'off'): Promise<void> {
  await c.transaction(async (tx) => {
    await tx.updateTable('endpoint').set({ state, failing_since: null }).where('id', '=', id).execute()
    if (state === 'on') await tx.updateTable('delivery').set({ next_at: c.now().toISOString() }).where('endpoint_id', '=', id).where('state', '=', 'pending').execute()
  })
  await c.audit(state === 'on' ? 'webhook.switched-on' : 'webhook.switched-off', id)
}

/** Replaces the key: the one before signs too for some days, so that the receiver can change in peace. Says the new one. */
export async function rotateSecret(c: WebhookContext, endpoint: Endpoint): Promise<string> {
  const secret = secretOf(c.secrets.random(32))
  const until = new Date(c.now().getTime() + OLD_SECRET_DAYS * 86_400_000).toISOString()
  await c.db.updateTable('endpoint').set({ secret: await c.secrets.seal(secret), old_secret: endpoint.secret, old_secret_until: until }).where('id', '=', endpoint.id).execute()
  await c.audit('webhook.rotated', endpoint.id, { until })
  return secret
}

/** Takes an endpoint away, with what waits for it; what was sent stays on record until its time. */
export async function deleteEndpoint(c: WebhookContext, id: string): Promise<void> {
  await c.transaction(async (tx) => {
    await tx.updateTable('delivery').set({ state: 'dropped', data_json: null, finished_at: c.now().toISOString() }).where('endpoint_id', '=', id).where('state', '=', 'pending').execute()
    await tx.deleteFrom('endpoint').where('id', '=', id).execute()
  })
  await c.audit('webhook.deleted', id)
}

/** The keys that sign now, the newest first; one that cannot be opened (a tenant that moved here) is left out. */
export async function signingSecrets(c: WebhookContext, { secret, oldSecret, oldSecretUntil }: Endpoint): Promise<readonly string[]> {
  const isOldGood = oldSecret !== null && oldSecretUntil !== null && oldSecretUntil > c.now().toISOString()
  const opened = await Promise.all([secret, ...(isOldGood ? [oldSecret] : [])].map((sealed) => c.secrets.open(sealed)))
  return opened.filter((each) => each !== undefined)
}

function endpointOf(row: {
  readonly id: string; readonly url: string; readonly label: string; readonly format: string; readonly types_json: string; readonly state: string; readonly secret: string; readonly old_secret: string | null
  readonly old_secret_until: string | null; readonly failing_since: string | null; readonly last_success_at: string | null; readonly created_at: string
}): Endpoint {
  return {
    id: row.id, url: row.url, label: row.label, format: FORMATS.find((one) => one === row.format) ?? 'standard', types: JSON.parse(row.types_json) as readonly string[],
    state: row.state === 'on' || row.state === 'failed' ? row.state : 'off', failingSince: row.failing_since, lastSuccessAt: row.last_success_at, createdAt: row.created_at,
    secret: row.secret, oldSecret: row.old_secret, oldSecretUntil: row.old_secret_until,
  }
}
