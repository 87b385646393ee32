import { Argument } from 'commander'
import { scopeText } from '../../consent/scope-text.ts'
import { translator } from '../../pages/translate.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { collected, pluginWish, tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `enable ID[@RANGE] --tenant T` */
export const enable: PlatformCommand = {
  kind: 'platform',
  name: 'enable',
  summary: 'switch a plugin on at a tenant; harmless when it is on already',
  define(command) {
    command.addArgument(new Argument('<plugin>', 'its id, perhaps with a range of versions: ID[@RANGE]').argParser(pluginWish)).addOption(tenantOption())
      .option('--refuse <scope>', 'an optional scope to refuse; may be given several times', collected)
  },
  async run(platform: Platform, { args: [{ id, range }], options: { tenant, refuse } }: Input<{ readonly tenant: string; readonly refuse?: readonly string[] }, [ReturnType<typeof pluginWish>]>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    const done = await platform.installations.enable(tenantId, id, range, operator(), refuse)
    // Who switches on agrees to what it asks for: here it is.
    const granted = (await platform.consents.list(tenantId, id)).filter(({ decision }) => decision === 'granted').map(({ scope }) => scopeText(scope, translator('en')))
    io.answer({ tenant, ...done }, [`${done.pluginId} ${done.version} is ${done.state} at ${tenant}.`, ...(granted.length === 0 ? [] : [`It may: ${granted.join('; ')}.`])].join('\n'))
  },
}
