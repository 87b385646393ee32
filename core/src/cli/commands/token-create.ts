import type { Platform } from '../../platform.ts'
import { accountOf } from '../account-of.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption, wholeNumber } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTime } from '../text-table.ts'

const DAY_MS = 86_400_000

interface Options {
  readonly tenant: string
  readonly account: string
  readonly label: string
  readonly days?: number
}

/** `token create --tenant T --account LOGIN [--label L] [--days N]` */
export const tokenCreate: PlatformCommand = {
  kind: 'platform',
  name: 'token create',
  summary: 'make an API token with which a program acts as an account; it is said once',
  define(command) {
    command
      .addOption(tenantOption())
      .requiredOption('--account <login>', 'as whom')
      .option('--label <label>', 'what it is for', 'command line')
      .option('--days <n>', 'days until it ends, 1 to 3650 (default: never)', wholeNumber(1, 3650))
  },
  async run(platform: Platform, { options: { tenant, account: login, label, days } }: Input<Options>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    const account = await accountOf(platform, tenantId, login)
    const expiresAt = days === undefined ? undefined : Date.now() + days * DAY_MS
    const { id, token } = await platform.apiTokens.create(tenantId, account.id, { label, ...(expiresAt === undefined ? {} : { expiresAt }) }, operator())
    io.answer({ tenant, id, account: account.login, label, expiresAt, token },
      `Made a token of "${account.login}" at ${tenant}, ${expiresAt === undefined ? 'without end' : `until ${textTime(expiresAt)}`}. Said only this once:\n${token}`)
  },
}
