import { retryAfterMs } from './retry-schedule.ts'
import type { SendResult } from './send.ts'
import type { Claim } from './store/deliveries.ts'
import { findEndpoint, type Endpoint } from './store/endpoints.ts'
import type { WebhookContext, WebhookTransaction } from './webhook-types.ts'

const DAY_MS = 86_400_000

/** Writes down how a request went: what was taken is over, what was not comes again or is given up, and an endpoint that takes nothing for too long is switched off. */
export async function recordOutcome(c: WebhookContext, claim: Claim, result: SendResult): Promise<void> {
  const now = c.now()
  const switchedOff = await c.transaction(async (tx) => {
    for (const delivery of claim.deliveries) {
      await tx.insertInto('attempt').values({ id: c.id(), delivery_id: delivery.id, at: now.toISOString(), status: result.status, duration_ms: result.durationMs, error: result.error }).execute()
      const attempts = delivery.attempts + 1
      const update = tx.updateTable('delivery').where('id', '=', delivery.id).where('state', '=', 'pending')
      if (result.kind === 'taken') {
        await update.set({ state: 'delivered', attempts, claimed_until: null, finished_at: now.toISOString() }).execute()
        continue
      }
      const wait = retryAfterMs(attempts, (c.secrets.random(16)[0] ?? 0) / 256, result.retryAfterMs)
      if (wait === undefined) await update.set({ state: 'failed', attempts, claimed_until: null, finished_at: now.toISOString() }).execute()
      else await update.set({ attempts, claimed_until: null, next_at: new Date(now.getTime() + wait).toISOString() }).execute()
    }
    return judgeEndpoint(c, tx, claim.endpointId, result)
  })
  if (switchedOff !== undefined) await c.audit('webhook.gave-up', claim.endpointId, { url: switchedOff.url })
}

/** @returns the endpoint, when it was switched off now */
async function judgeEndpoint(c: WebhookContext, tx: WebhookTransaction, id: string, result: SendResult): Promise<Endpoint | undefined> {
  const now = c.now().toISOString()
  const update = tx.updateTable('endpoint').where('id', '=', id)
  if (result.kind === 'taken') {
    await update.set({ failing_since: null, last_success_at: now }).execute()
    return undefined
  }
  const endpoint = await findEndpoint(tx, id)
  if (endpoint === undefined || endpoint.state !== 'on') return undefined
  const failingSince = endpoint.failingSince ?? now
  const isTooLong = c.now().getTime() - Date.parse(failingSince) >= c.settings.disableAfterDays * DAY_MS
  await update.set({ failing_since: failingSince, ...(isTooLong || result.kind === 'gone' ? { state: 'failed' } : {}) }).execute()
  if (!isTooLong && result.kind !== 'gone') return undefined
  // With the switching off or not at all: who administers is told once.
  await tx.mail.send({
    to: { administrators: true },
    subject: c.t('mail.disabled.subject', { label: endpoint.label }),
    text: c.t(result.kind === 'gone' ? 'mail.disabled.gone' : 'mail.disabled.text', { label: endpoint.label, url: endpoint.url, days: c.settings.disableAfterDays, error: result.error ?? '', address: c.absoluteUrl(`/abonnements/${id}`) }),
  })
  return endpoint
}
