import { CLOUD_EVENT_TYPE, cloudEventJson, RetryLater, toCloudEvent, type ReceivedEvent } from '@liberacces/sdk'
import { BusRefusal } from './bus/bus.ts'
import type { BridgeContext } from './bridge-types.ts'
import { Link } from './link.ts'
import { routesFor, routingKey } from './route.ts'
import { listRoutes } from './store/routes.ts'

/**
 * Hands an event to the bus by each route that it leaves by, and waits until the bus confirms. While the bus is away the event waits, in order with those of
 * its subject; what the bus refuses is tried again as any event, and then is a dead letter for the operator.
 */
export async function sendOut(c: BridgeContext, event: ReceivedEvent): Promise<void> {
  const routes = routesFor(await listRoutes(c.db), event.type)
  if (routes.length === 0) return
  const link = c.held(Link)
  if (link === undefined) throw new RetryLater('The bus is not connected.')
  if (link.blocked !== undefined) throw new RetryLater(`The bus takes nothing now: ${link.blocked}.`)
  const body = Buffer.from(JSON.stringify(cloudEventJson(toCloudEvent(event, c.tenant))))
  for (const { place, pattern } of routes) {
    try {
      await link.publish({
        target: place, key: routingKey(pattern, { type: event.type, subject: event.subject, tenant: c.tenant.slug }), id: event.id, type: event.type, contentType: `${CLOUD_EVENT_TYPE}; charset=utf-8`,
        time: event.time, headers: {}, body,
      })
    } catch (error) {
      if (error instanceof BusRefusal) throw error
      throw new RetryLater('The bus did not confirm the event.', { cause: error })
    }
  }
}
