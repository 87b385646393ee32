import { defineWorker } from '@liberacces/sdk'
import { amqpBus } from './bus/amqp-bus.ts'
import type { BusLink } from './bus/bus.ts'
import type { LinkContext } from './bridge-types.ts'
import { takeIn } from './inbound.ts'
import { queuesOf } from './route.ts'
import { listRoutes } from './store/routes.ts'

/** Holds the connection to the bus. */
export const Link = defineWorker<BusLink>('link')

/** Keeps a link to the bus while there is one to keep, and takes in what the queues hold. It ends, and is run again later, when the link is lost. */
export async function keepLink(w: LinkContext): Promise<void> {
  const { host, port, tls, ca, vhost, user, password = '', deadLetters } = w.settings
  if (host === '') return
  let link: BusLink | undefined
  try {
    link = await amqpBus.open(
      { host, port, space: vhost, user, password, tls: tls ? (ca === undefined ? {} : { ca }) : undefined, name: `LiberAccès ${w.tenant.slug}` },
      (secure) => w.connect({ host, port, ...(secure === undefined ? {} : { tls: secure }) }),
    )
    w.hold(link)
    const held = link
    const lost = { reason: undefined as Error | undefined }
    void held.lost.then((reason) => {
      lost.reason = reason
      w.wake()
    })
    const queues = await w.run('routes', async (c) => queuesOf(await listRoutes(c.db)))
    for (const queue of queues) await held.consume(queue, deadLetters, (message) => w.run(`message of ${queue}`, (c) => takeIn(c, queue, message)))
    w.health('working', 'health.up', { host, queues: queues.length })
    for (;;) {
      if (lost.reason !== undefined) throw lost.reason
      await w.pause(30_000)
      if (held.blocked !== undefined) w.health('troubled', 'health.blocked', { reason: held.blocked })
      else w.health('working', 'health.up', { host, queues: queues.length })
      const now = await w.run('routes', async (c) => queuesOf(await listRoutes(c.db)))
      // Another choice of queues: begun anew, at once.
      if (now.join('\n') !== queues.join('\n')) {
        w.wake()
        return
      }
    }
  } catch (error) {
    w.hold(undefined)
    if (!w.signal.aborted) w.health('troubled', 'health.down', { host, error: error instanceof Error ? error.message : String(error) })
    throw error
  } finally {
    w.hold(undefined)
    await link?.close().catch((error: unknown) => { w.log.debug('the link to the bus was not closed in good order', { error: String(error) }) })
  }
}
