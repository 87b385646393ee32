import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `disable ID --tenant T` */
export const disable: PlatformCommand = {
  kind: 'platform',
  name: 'disable',
  summary: 'switch a plugin off at a tenant; its data stays',
  define(command) {
    command.argument('<plugin>', 'its id').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [pluginId], options: { tenant } }: Input<{ readonly tenant: string }, [string]>, io: Io) {
    const done = await platform.installations.disable(tenantOf(platform, tenant).id, pluginId, operator())
    io.answer({ tenant, ...done }, `${done.pluginId} ${done.version} is ${done.state} at ${tenant}.`)
  },
}
