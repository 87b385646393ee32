import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { consentText } from '../consent-text.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { collected, tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

interface Options {
  readonly tenant: string
  readonly refuse?: readonly string[]
}

/** `consent accept ID [SCOPE…] --tenant T` */
export const consentAccept: PlatformCommand = {
  kind: 'platform',
  name: 'consent accept',
  summary: 'agree to the release of a plugin that waits, or grant optional scopes',
  define(command) {
    command
      .argument('<plugin>', 'its id')
      .argument('[scopes...]', 'optional scopes to grant; without any, all that the waiting release asks for')
      .addOption(tenantOption())
      .option('--refuse <scope>', 'an optional scope to refuse; may be given several times', collected)
  },
  async run(platform: Platform, { args: [pluginId, scopes], options: { tenant, refuse = [] } }: Input<Options, [string, readonly string[]]>, io: Io) {
    const { id } = tenantOf(platform, tenant)
    const done = scopes.length === 0
      ? await platform.consentDesk.acceptWaiting(id, pluginId, { refuse }, operator())
      : await platform.consentDesk.decide(id, pluginId, { accept: scopes, refuse }, operator())
    io.answer({ tenant, ...done }, consentText(done))
  },
}
