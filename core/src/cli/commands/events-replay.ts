import { PlatformError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `events replay EVENT --tenant T [--handler H]` */
export const eventsReplay: PlatformCommand = {
  kind: 'platform',
  name: 'events replay',
  summary: 'deliver an event again, to one handler or to all',
  define(command) {
    command.argument('<event>', 'its id').addOption(tenantOption()).option('--handler <handler>', 'only to this one')
  },
  async run(platform: Platform, { args: [eventId], options: { tenant, handler } }: Input<{ readonly tenant: string; readonly handler?: string }, [string]>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    const outcome = await platform.events.replay(tenantId, eventId, { handlerId: handler, again: true })
    const replayed = (outcome?.queued ?? 0) + (outcome?.underWay ?? 0)
    if (replayed === 0) {
      throw new PlatformError('NOT_FOUND', `Nothing to deliver: ${tenant} has no event "${eventId}", or nobody receives it${handler === undefined ? '' : ` as "${handler}"`}.`,
        { fix: 'See `liberacces events list` for the ids, and which plugins are on.' })
    }
    await platform.audit.record({ tenantId, actor: operator(), action: 'event.replayed', target: eventId, detail: { deliveries: replayed } })
    io.answer({ tenant, event: eventId, deliveries: replayed }, `Delivering ${eventId} again, ${replayed} ${replayed === 1 ? 'delivery' : 'deliveries'}.`)
  },
}
