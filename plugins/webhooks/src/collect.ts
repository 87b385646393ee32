import { defineWorker, toCloudEvent, type ReceivedEvent } from '@liberacces/sdk'
import { wants } from './endpoint.ts'
import { queueDelivery } from './store/deliveries.ts'
import { listEndpoints } from './store/endpoints.ts'
import type { WebhookContext } from './webhook-types.ts'

/** Sends what waits. */
export const Sender = defineWorker('sender')

/** Queues an event for each endpoint that wants it, once however often it comes. An endpoint that is off by hand gets nothing of that time. */
export async function collectEvent(c: WebhookContext, event: ReceivedEvent): Promise<void> {
  const wanting = (await listEndpoints(c.db)).filter(({ state, types }) => state !== 'off' && wants(types, event.type))
  if (wanting.length === 0) return
  await c.transaction(async (tx) => {
    for (const { id } of wanting) await queueDelivery(c, tx, id, toCloudEvent(event, c.tenant), event.source)
  })
  c.wake(Sender)
}
