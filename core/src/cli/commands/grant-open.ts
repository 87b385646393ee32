import { grantState } from '../../delegation/grant.ts'
import { PlatformError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import { accountOf } from '../account-of.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator as whoTypes } from '../operator.ts'
import { tenantOption, wholeNumber } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTime } from '../text-table.ts'

interface Options {
  readonly tenant: string
  readonly operator: string
  readonly reason: string
  readonly role: string
  readonly minutes: number
  readonly writes?: boolean
}

/** `grant open --tenant T --operator LOGIN --reason TEXT` */
export const grantOpen: PlatformCommand = {
  kind: 'platform',
  name: 'grant open',
  summary: 'let an administrator of the Pool into a tenant for a time, or ask where the tenant wants to be asked',
  define(command) {
    command
      .addOption(tenantOption())
      .requiredOption('--operator <login>', 'which account of the Pool')
      .requiredOption('--reason <text>', 'why; the tenant reads it')
      .option('--role <role>', 'as what, one of the tenant\'s roles', 'agent')
      .option('--minutes <n>', 'for how long, 15 to 480', wholeNumber(15, 480), 60)
      .option('--writes', 'may change things (default: looks only)')
  },
  async run(platform: Platform, { options: { tenant, operator, reason, role, minutes, writes = false } }: Input<Options>, io: Io) {
    const pool = platform.tenants.pool()
    if (pool === undefined) throw new PlatformError('TENANT_UNKNOWN', 'There is no Pool yet.', { fix: 'Make it with `liberacces tenant create`.' })
    const account = await accountOf(platform, pool.id, operator)
    const grant = await platform.grants.request({ tenantId: tenantOf(platform, tenant).id, operatorId: account.id, role, writes, minutes, reason }, whoTypes())
    const state = grantState(grant, Date.now())
    io.answer({ id: grant.id, tenant, operator, role, writes, minutes, state, endsAt: grant.endsAt },
      state === 'open' && grant.endsAt !== undefined ? `Opened the grant ${grant.id} of "${operator}" at ${tenant}, until ${textTime(grant.endsAt)}. Enter from the console.` : `Asked ${tenant} for the grant ${grant.id}; it opens when the tenant agrees.`)
  },
}
