import type { Storage } from '../storage/storage.ts'
import { isAddress } from './check-mail.ts'

/** Mail addresses of those who may log in and administer a tenant; at most 20. */
export async function administratorAddresses({ platform }: Pick<Storage, 'platform'>, tenantId: string): Promise<readonly string[]> {
  const rows = await platform.selectFrom('account').innerJoin('account_role', 'account_role.account_id', 'account.id').select('account.email').distinct()
    .where('account.tenant_id', '=', tenantId).where('account.status', '=', 'active').where('account.email', 'is not', null)
    .where('account_role.role', 'in', ['tenant-admin', 'pool-admin']).orderBy('account.email').limit(20).execute()
  return rows.flatMap(({ email }) => (email !== null && isAddress(email) ? [email] : []))
}
