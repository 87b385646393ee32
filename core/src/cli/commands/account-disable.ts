import type { Platform } from '../../platform.ts'
import { accountOf } from '../account-of.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'

/** `account disable LOGIN --tenant T` */
export const accountDisable: PlatformCommand = {
  kind: 'platform',
  name: 'account disable',
  summary: 'let nobody log in with an account any more; its sessions and tokens end',
  define(command) {
    command.argument('<login>', 'whose').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [login], options: { tenant } }: Input<{ readonly tenant: string }, [string]>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    const account = await accountOf(platform, tenantId, login)
    await platform.accounts.disable(tenantId, account.id, operator())
    io.answer({ tenant, ...account, status: 'disabled' }, `Disabled the account "${account.login}" at ${tenant}.`)
  },
}
