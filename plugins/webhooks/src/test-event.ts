import type { WebhookContext } from './webhook-types.ts'
import { Sender } from './collect.ts'
import { queueDelivery } from './store/deliveries.ts'

/** Type of the event that a test sends: no contract, so that no receiver takes it for real. */
const TEST_TYPE = 'fr.liberacces.webhooks.test'

/** Queues a test for an endpoint, signed and written like any event. @returns the delivery's id */
export async function sendTest(c: WebhookContext, endpointId: string): Promise<string> {
  const id = await c.transaction((tx) => queueDelivery(c, tx, endpointId, {
    specversion: '1.0', id: c.id(), source: 'fr.liberacces.webhooks', type: TEST_TYPE, time: c.now().toISOString(), data: { message: 'Test', tenant: c.tenant.slug }, extensions: {},
  }, 'fr.liberacces.webhooks'))
  c.wake(Sender)
  await c.audit('webhook.tested', endpointId)
  return id
}
