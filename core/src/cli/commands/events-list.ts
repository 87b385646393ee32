import { Option } from 'commander'
import type { DeliveryView } from '../../events/event-bus.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { eventTable } from '../event-table.ts'
import type { Io } from '../io.ts'
import { limitOption, tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

interface Options {
  readonly tenant: string
  readonly limit: number
  readonly status?: DeliveryView['status']
}

/** `events list --tenant T` */
export const eventsList: PlatformCommand = {
  kind: 'platform',
  name: 'events list',
  summary: 'list events and their deliveries',
  define(command) {
    command
      .addOption(tenantOption())
      .addOption(new Option('--status <status>', 'only these').choices(['pending', 'delivered', 'dead', 'discarded', 'unsubscribed']))
      .addOption(limitOption())
  },
  async run(platform: Platform, { options: { tenant, limit, status } }: Input<Options>, io: Io) {
    const rows = await platform.events.list(tenantOf(platform, tenant).id, status === undefined ? { limit } : { status, limit })
    io.answer(rows, eventTable(rows, `${tenant} has no such events.`))
  },
}
