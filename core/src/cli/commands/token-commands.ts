import { PlatformError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import { accountOf } from '../account-of.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable, textTime } from '../text-table.ts'

interface Options {
  readonly tenant: string
  readonly account?: string
}

/** `token list --tenant T [--account LOGIN]` */
export const tokenList: PlatformCommand = {
  kind: 'platform',
  name: 'token list',
  summary: 'list API tokens; the tokens themselves are stored nowhere',
  define(command) {
    command.addOption(tenantOption()).option('--account <login>', 'only those of this account')
  },
  async run(platform: Platform, { options: { tenant, account: login } }: Input<Options>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    const only = login === undefined ? undefined : (await accountOf(platform, tenantId, login)).id
    const tokens = await platform.apiTokens.list(tenantId, only)
    const logins = new Map(await Promise.all([...new Set(tokens.map(({ accountId }) => accountId))].map(async (id) => [id, (await platform.accounts.get(tenantId, id))?.login] as const)))
    io.answer(tokens.map((token) => ({ ...token, account: logins.get(token.accountId) })), textTable(
      ['id', 'account', 'label', 'made', 'until'],
      tokens.map(({ id, accountId, label, createdAt, expiresAt }) => [id, logins.get(accountId), label, textTime(createdAt), expiresAt === undefined ? undefined : textTime(expiresAt)]),
      `${tenant} has no tokens.`,
    ))
  },
}

/** `token revoke ID --tenant T` */
export const tokenRevoke: PlatformCommand = {
  kind: 'platform',
  name: 'token revoke',
  summary: 'make an API token worthless',
  define(command) {
    command.argument('<id>', 'which; see token list').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [id], options: { tenant } }: Input<Options, [string]>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    if (!(await platform.apiTokens.list(tenantId)).some((token) => token.id === id)) {
      throw new PlatformError('NOT_FOUND', `${tenant} has no token ${id}.`, { fix: 'See `liberacces token list`.' })
    }
    await platform.apiTokens.revoke(tenantId, id, operator())
    io.answer({ tenant, id, revoked: true }, `Revoked the token ${id} of ${tenant}.`)
  },
}
