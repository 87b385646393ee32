import { PlatformError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { eventTable } from '../event-table.ts'
import type { Io } from '../io.ts'
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
    const rows = await platform.events.show(tenantOf(platform, tenant).id, eventId)
    if (rows.length === 0) throw new PlatformError('NOT_FOUND', `${tenant} has no event "${eventId}".`, { fix: 'See `liberacces events list` for the ids.' })
    io.answer(rows, `${eventTable(rows, '')}\n\n${JSON.stringify(rows[0]?.data, null, 2) ?? ''}`.trimEnd())
  },
}
