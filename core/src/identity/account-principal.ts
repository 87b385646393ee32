import { sql, type RawBuilder } from 'kysely'
import type { Entry, Principal } from './principal.ts'
import type { Roles } from './roles.ts'

/** What a credential's row is read with: the account it stands for. */
export interface CredentialAccount {
  readonly account_id: string
  /** `null` when the account is disabled, or of another tenant than the credential. */
  readonly name: string | null
  readonly email: string | null
  /** Ids with spaces between; `null` without any. */
  readonly roles: string | null
}

/**
 * The columns of {@link CredentialAccount}, for a query on a table of credentials alone. Not as joins: SQLite plans a join
 * anew whenever it is given other values, which costs eight times what reading does.
 */
export function accountColumns(credentials: 'session' | 'api_token'): RawBuilder<unknown> {
  const table = sql.table(credentials)
  return sql`account_id,
    (select name from account where account.id = ${table}.account_id and account.tenant_id = ${table}.tenant_id and account.status = 'active') as name,
    (select email from account where account.id = ${table}.account_id) as email,
    (select string_agg(role, ' ') from account_role where account_role.account_id = ${table}.account_id) as roles`
}

/** How somebody proved to be an account. */
interface Proof {
  readonly via: Principal['via']
  /** Makes the token that forms carry. Asked when the first form is: on most requests nobody does. */
  readonly csrfToken: () => string
  /** For who has no account on the tenant. */
  readonly entry?: Entry
  readonly readOnly?: boolean
}

/** Roles that an account holds without having been given them, such as the administration of a small commune. */
export type ImpliedRoles = (tenantId: string, account: { readonly id: string; readonly roles: readonly string[] }) => Promise<readonly string[]>

/** What principals of accounts are made from. */
export interface PrincipalOptions {
  readonly roles: Roles
  /** @defaultValue none */
  readonly implied?: ImpliedRoles
}

/** The principal of an account on its tenant; `undefined` when the account may not be used. */
export async function accountPrincipal(tenantId: string, account: CredentialAccount, { via, csrfToken: makeToken, entry, readOnly }: Proof, { roles, implied }: PrincipalOptions): Promise<Principal | undefined> {
  if (account.name === null) return undefined
  const given = account.roles?.split(' ') ?? []
  // Only of the tenant's own accounts: who comes from elsewhere has what was given here, and nothing else.
  const more = entry === undefined && implied !== undefined ? await implied(tenantId, { id: account.account_id, roles: given }) : []
  const held = Object.freeze([...new Set([...given, ...more])].sort())
  let token: string | undefined
  return Object.freeze({
    kind: 'account', id: account.account_id, name: account.name, email: account.email ?? undefined,
    roles: held, permissions: await roles.permissionsOf(tenantId, held), via,
    get csrfToken() { return (token ??= makeToken()) },
    ...(entry === undefined ? {} : { entry }),
    ...(readOnly === true ? { readOnly } : {}),
  })
}
