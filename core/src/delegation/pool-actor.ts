import type { AuditActor } from '../audit/audit.ts'
import type { Account } from '../identity/accounts.ts'
import type { Tenants } from '../tenancy/tenants.ts'
import { isOperator } from './reach.ts'

/** Whether somebody acts for the Pool: whoever runs the server, or an account of the Pool that administers it. An operator inside a tenant does not. */
export type IsPoolActor = (by: AuditActor) => Promise<boolean>

/** @param accountOf - reads an account of a tenant */
export function createIsPoolActor(tenants: Pick<Tenants, 'pool' | 'byId'>, accountOf: (tenantId: string, id: string) => Promise<Account | undefined>): IsPoolActor {
  return async (by) => {
    if (by.kind === 'operator') return by.grant === undefined
    const pool = tenants.pool()
    const account = pool === undefined || by.kind !== 'account' ? undefined : await accountOf(pool.id, by.id)
    return pool !== undefined && account !== undefined && isOperator(tenants, { tenantId: pool.id, active: account.status === 'active', roles: account.roles })
  }
}
