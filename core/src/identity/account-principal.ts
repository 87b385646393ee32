import type { Principal } from './principal.ts'
import type { Roles } from './roles.ts'

/** An account with one of its roles: one row a role, one row without any. */
export interface AccountWithRole {
  readonly account_id: string
  readonly name: string
  readonly email: string | null
  readonly role: string | null
}

/** The principal of an account on its tenant. `rows` are all of the one account. */
export async function accountPrincipal(
  tenantId: string, rows: readonly [AccountWithRole, ...AccountWithRole[]], proof: Pick<Principal, 'via' | 'csrfToken'>, roles: Roles,
): Promise<Principal> {
  const [account] = rows
  const held = Object.freeze(rows.flatMap(({ role }) => role ?? []))
  return Object.freeze({
    kind: 'account', id: account.account_id, name: account.name, email: account.email ?? undefined,
    roles: held, permissions: await roles.permissionsOf(tenantId, held), via: proof.via, csrfToken: proof.csrfToken,
  })
}
