import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { eventTable } from '../event-table.ts'
import type { Io } from '../io.ts'
import { limitOption, tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `events dead-letters --tenant T` */
export const eventsDeadLetters: PlatformCommand = {
  kind: 'platform',
  name: 'events dead-letters',
  summary: 'list deliveries that failed for good',
  define(command) {
    command.addOption(tenantOption()).addOption(limitOption())
  },
  async run(platform: Platform, { options: { tenant, limit } }: Input<{ readonly tenant: string; readonly limit: number }>, io: Io) {
    const rows = await platform.events.list(tenantOf(platform, tenant).id, { status: 'dead', limit })
    io.answer(rows, eventTable(rows, `${tenant} has no dead letters.`))
  },
}
