import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { consentText } from '../consent-text.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `consent refuse ID SCOPE… --tenant T` */
export const consentRefuse: PlatformCommand = {
  kind: 'platform',
  name: 'consent refuse',
  summary: 'refuse optional scopes of a plugin, from its next call on',
  define(command) {
    command.argument('<plugin>', 'its id').argument('<scopes...>', 'optional scopes to refuse').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [pluginId, scopes], options: { tenant } }: Input<{ readonly tenant: string }, [string, readonly string[]]>, io: Io) {
    const done = await platform.consentDesk.decide(tenantOf(platform, tenant).id, pluginId, { refuse: scopes }, operator())
    io.answer({ tenant, ...done }, consentText(done))
  },
}
