import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { consentText } from '../consent-text.ts'
import type { Io } from '../io.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `consent list --tenant T [ID]` */
export const consentList: PlatformCommand = {
  kind: 'platform',
  name: 'consent list',
  summary: 'list what plugins may do at a tenant, who agreed to it, and what waits',
  define(command) {
    command.argument('[plugin]', 'only this plugin').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [pluginId], options: { tenant } }: Input<{ readonly tenant: string }, [string | undefined]>, io: Io) {
    const all = await platform.consentDesk.list(tenantOf(platform, tenant).id)
    const shown = all.filter((one) => pluginId === undefined || one.pluginId === pluginId)
    io.answer(shown, shown.length === 0 ? `No such plugin was ever switched on at ${tenant}.` : shown.map(consentText).join('\n\n'))
  },
}
