import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { entitlementAnswer } from '../entitlement-answer.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

interface Options {
  readonly tenant: string
  readonly only?: true
  readonly disable?: boolean
}

/** `entitlement grant ID… --tenant T [--only [--disable]]` */
export const entitlementGrant: PlatformCommand = {
  kind: 'platform',
  name: 'entitlement grant',
  summary: 'let a tenant and those below it use plugins',
  define(command) {
    command.argument('<plugins...>', 'their ids').addOption(tenantOption())
      .option('--only', 'these, and no others')
      .option('--disable', 'with --only: switch off what is on and no longer granted, keeping its data')
  },
  wrongUse({ options: { only, disable } }: Input<Options>) {
    return disable === true && only !== true ? 'Nothing is taken away that could be switched off.\nGive --only with --disable.' : undefined
  },
  async run(platform: Platform, { args: [pluginIds], options: { tenant: slug, only, disable = false } }: Input<Options, [readonly string[]]>, io: Io) {
    const tenant = tenantOf(platform, slug)
    const affected = only === true ? await platform.entitlementDesk.only(tenant, pluginIds, { disable }, operator()) : []
    if (only !== true) await platform.entitlementDesk.grant(tenant, pluginIds, operator())
    io.answer(...entitlementAnswer(platform, tenant, affected))
  },
}
