import { PlatformError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { eventTable } from '../event-table.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `events show EVENT --tenant T` */
export const eventsShow: PlatformCommand = {
  kind: 'platform',
  name: 'events show',
  summary: 'show one event with its data and deliveries',
  define(command) {
    command.argument('<event>', 'its id').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [eventId], options: { tenant } }: Input<{ readonly tenant: string }, [string]>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    const rows = await platform.events.show(tenantId, eventId)
    if (rows.length === 0) throw new PlatformError('NOT_FOUND', `${tenant} has no event "${eventId}".`, { fix: 'See `liberacces events list` for the ids.' })
    // What an event says may be about people.
    await platform.audit.record({ tenantId, actor: operator(), action: 'event.read', target: eventId })
    io.answer(rows, `${eventTable(rows, '')}\n\n${JSON.stringify(rows[0]?.data, null, 2) ?? ''}`.trimEnd())
  },
}
