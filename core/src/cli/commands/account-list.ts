import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { limitOption, tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable, textTime } from '../text-table.ts'

interface Options {
  readonly tenant: string
  readonly limit: number
  readonly search?: string
}

/** `account list --tenant T` */
export const accountList: PlatformCommand = {
  kind: 'platform',
  name: 'account list',
  summary: 'list the accounts of a tenant, by name',
  define(command) {
    command.addOption(tenantOption()).addOption(limitOption().default(500)).option('--search <text>', 'part of a login, name or email')
  },
  async run(platform: Platform, { options: { tenant, ...query } }: Input<Options>, io: Io) {
    const { accounts, total } = await platform.accounts.list(tenantOf(platform, tenant).id, query)
    io.answer(accounts, textTable(
      ['login', 'name', 'roles', 'email', 'status', 'last login'],
      accounts.map(({ login, name, roles, email, status, lastLoginAt }) => [login, name, roles.join(' '), email, status, lastLoginAt === undefined ? undefined : textTime(lastLoginAt)]),
      `${tenant} has no such account.`,
    ))
    if (total > accounts.length) io.note(`${total - accounts.length} more: narrow the list with --search.`)
  },
}
