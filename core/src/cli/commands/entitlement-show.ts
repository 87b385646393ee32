import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { entitlementAnswer } from '../entitlement-answer.ts'
import type { Io } from '../io.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `entitlement show --tenant T` */
export const entitlementShow: PlatformCommand = {
  kind: 'platform',
  name: 'entitlement show',
  summary: 'show which plugins a tenant may use, and who decided it',
  define(command) {
    command.addOption(tenantOption())
  },
  async run(platform: Platform, { options: { tenant } }: Input<{ readonly tenant: string }>, io: Io) {
    const [document, text] = entitlementAnswer(platform, tenantOf(platform, tenant))
    io.answer(document, text)
  },
}
