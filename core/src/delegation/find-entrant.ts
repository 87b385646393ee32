import type { Outside } from '../outside.ts'
import type { Entrant, FindEntrant } from '../identity/sessions.ts'
import type { Storage } from '../storage/storage.ts'
import { grantOf } from './grant.ts'
import { reachAsGuest, reachByGrant, type AccountFacts, type Reach, type Tree } from './reach.ts'
import type { Shares } from './shares.ts'

/** What finding is made from. */
export interface FindEntrantOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly tree: Tree
  readonly shares: () => Shares
}

interface Person extends AccountFacts {
  readonly name: string
  readonly email: string | null
}

/** Asks at every request whether who came in from elsewhere may still be there: the grant, the share, the account, the tree. */
export function createFindEntrant({ storage, outside, tree, shares }: FindEntrantOptions): FindEntrant {
  const personOf = async (accountId: string): Promise<Person | undefined> => {
    const row = await storage.platform.selectFrom('account').select(['tenant_id', 'name', 'email', 'status']).where('id', '=', accountId).executeTakeFirst()
    if (row === undefined) return undefined
    const roles = await storage.platform.selectFrom('account_role').select('role').where('account_id', '=', accountId).execute()
    return { tenantId: row.tenant_id, name: row.name, email: row.email, active: row.status === 'active', roles: roles.map(({ role }) => role) }
  }

  return async (tenant, { accountId, grantId, homeId }) => {
    const person = await personOf(accountId)
    if (person === undefined) return undefined
    if (grantId !== null) {
      const row = await storage.platform.selectFrom('operator_grant').selectAll().where('id', '=', grantId).where('account_id', '=', accountId).executeTakeFirst()
      const grant = row === undefined ? undefined : grantOf(row)
      const reach = grant === undefined ? undefined : reachByGrant(tree, grant, person, tenant.id, outside.now())
      if (grant?.endsAt === undefined || reach === undefined) return undefined
      // Their address at the Pool is nobody's here: a plugin must not take them for somebody of the tenant.
      return entrant(accountId, { ...person, email: null }, reach, { kind: 'grant', grantId, reason: grant.reason, endsAt: grant.endsAt })
    }
    if (homeId === null || homeId !== person.tenantId) return undefined
    const given = await storage.platform.selectFrom('guest_role').select('role').where('satellite_id', '=', tenant.id).where('account_id', '=', accountId).execute()
    const reach = reachAsGuest(tree, shares().offeredTo(tenant.id), person, given.map(({ role }) => role), tenant.id)
    return reach === undefined ? undefined : entrant(accountId, person, reach, { kind: 'guest', homeId })
  }
}

function entrant(id: string, { name, email }: Person, { roles, readOnly }: Reach, entry: Entrant['entry']): Entrant {
  return { account: { account_id: id, name, email, roles: roles.length === 0 ? null : roles.join(' ') }, entry, readOnly }
}
