import type { Platform } from '../../platform.ts'
import { accountOf } from '../account-of.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOf } from '../tenant-of.ts'
import { textFacts } from '../text-table.ts'

interface Options {
  readonly officialAddress?: string
  readonly vouch?: string
}

/** `tenant administrators T [--official-address EMAIL] [--vouch LOGIN]` */
export const tenantAdministrators: PlatformCommand = {
  kind: 'platform',
  name: 'tenant administrators',
  summary: 'say who administers a tenant and why; name its official address, vouch for an account\'s own',
  define(command) {
    command.argument('<tenant>', 'its slug')
      .option('--official-address <email>', 'the tenant\'s official address; empty takes it away')
      .option('--vouch <login>', 'this account answers at the address that it has')
  },
  async run(platform: Platform, { args: [slug], options: { officialAddress, vouch } }: Input<Options, [string]>, io: Io) {
    const { id } = tenantOf(platform, slug)
    if (officialAddress !== undefined) await platform.administrators.setOfficialAddress(id, officialAddress, operator())
    if (vouch !== undefined) await platform.administrators.proveAddress(id, (await accountOf(platform, id, vouch)).id, operator())
    const { rule, accountIds } = await platform.administrators.of(id)
    const accounts = await Promise.all(accountIds.map((each) => platform.accounts.get(id, each)))
    const logins = accounts.flatMap((account) => account?.login ?? [])
    const address = await platform.administrators.officialAddress(id)
    io.answer({ tenant: slug, rule, administrators: logins, officialAddress: address, threshold: platform.thresholds.current() }, textFacts({
      'administrators': logins.join(', ') || 'nobody', 'by the rule': rule, 'official address': address, 'small up to': platform.thresholds.current().population,
    }))
  },
}
