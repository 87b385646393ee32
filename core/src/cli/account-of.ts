import { PlatformError } from '../errors.ts'
import type { Account } from '../identity/accounts.ts'
import type { Platform } from '../platform.ts'

/**
 * The account that an operator names.
 * @throws PlatformError `ACCOUNT_UNKNOWN`
 */
export async function accountOf({ accounts }: Platform, tenantId: string, login: string): Promise<Account> {
  const account = await accounts.findByLogin(tenantId, login)
  if (account === undefined) throw new PlatformError('ACCOUNT_UNKNOWN', `There is no account "${login}" on this tenant.`, { fix: 'See `liberacces account list` for the logins.' })
  return account
}
