import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { entitlementAnswer } from '../entitlement-answer.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `entitlement reset --tenant T` */
export const entitlementReset: PlatformCommand = {
  kind: 'platform',
  name: 'entitlement reset',
  summary: 'let a tenant use whatever those above it may',
  define(command) {
    command.addOption(tenantOption())
  },
  async run(platform: Platform, { options: { tenant: slug } }: Input<{ readonly tenant: string }>, io: Io) {
    const tenant = tenantOf(platform, slug)
    await platform.entitlementDesk.reset(tenant, operator())
    io.answer(...entitlementAnswer(platform, tenant))
  },
}
