import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { tenantOption } from '../option-values.ts'
import { quotaAnswer } from '../quota-answer.ts'
import { tenantOf } from '../tenant-of.ts'

/** `quota show --tenant T` */
export const quotaShow: PlatformCommand = {
  kind: 'platform',
  name: 'quota show',
  summary: 'show what a tenant uses of its quotas',
  define(command) {
    command.addOption(tenantOption())
  },
  async run(platform: Platform, { options: { tenant } }: Input<{ readonly tenant: string }>, io: Io) {
    io.answer(...await quotaAnswer(platform, tenantOf(platform, tenant)))
  },
}
