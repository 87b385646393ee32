import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { entitlementAnswer } from '../entitlement-answer.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

interface Options {
  readonly tenant: string
  readonly all?: true
  readonly disable?: boolean
}

/** `entitlement revoke [ID…] --tenant T [--all] [--disable]` */
export const entitlementRevoke: PlatformCommand = {
  kind: 'platform',
  name: 'entitlement revoke',
  summary: 'keep plugins from a tenant and those below it; refused while they are on',
  define(command) {
    command.argument('[plugins...]', 'their ids').addOption(tenantOption())
      .option('--all', 'every plugin, those to come too')
      .option('--disable', 'switch off what is on, keeping its data')
  },
  wrongUse({ args: [pluginIds], options: { all } }: Input<Options, [readonly string[]]>) {
    if (all === true) return pluginIds.length > 0 ? 'Plugins are named, and all are meant.\nName plugins, or give --all.' : undefined
    return pluginIds.length === 0 ? 'Which plugins is not said.\nName plugins, or give --all.' : undefined
  },
  async run(platform: Platform, { args: [pluginIds], options: { tenant: slug, all, disable = false } }: Input<Options, [readonly string[]]>, io: Io) {
    const tenant = tenantOf(platform, slug)
    const { entitlementDesk } = platform
    const affected = all === true ? await entitlementDesk.only(tenant, [], { disable }, operator()) : await entitlementDesk.revoke(tenant, pluginIds, { disable }, operator())
    io.answer(...entitlementAnswer(platform, tenant, affected))
  },
}
