import type { Container } from '../container.ts'
import { createAdministrators } from '../delegation/administrators.ts'
import { openGrants } from '../delegation/grants.ts'
import { createGuests } from '../delegation/guests.ts'
import { createIsPoolActor, type IsPoolActor } from '../delegation/pool-actor.ts'
import { needing, shareableOf } from '../delegation/shareable.ts'
import { openShares } from '../delegation/shares.ts'
import { openThresholds } from '../delegation/thresholds.ts'
import type { Account } from '../identity/accounts.ts'
import type { Base } from './base.ts'
import { currentModules, knownModules } from './current-modules.ts'
import { ACCOUNTS, ADMINISTRATORS, AUDIT, GRANTS, GUESTS, INSTALLATIONS, ROLES, SESSIONS, SHARES, TENANTS, THRESHOLDS } from './tokens.ts'

/** Who acts for whom across tenants. */
export function provideDelegation(services: Container, { storage, outside, log }: Base): void {
  services
    .provide(GUESTS, (from) => createGuests({ storage, audit: from.get(AUDIT), accounts: from.get(ACCOUNTS), roles: from.get(ROLES), shares: from.get(SHARES) }))
    .provide(ADMINISTRATORS, (from) => createAdministrators({
      storage, outside, audit: from.get(AUDIT), tenants: from.get(TENANTS), thresholds: from.get(THRESHOLDS), isPoolActor: isPoolActor(from), log,
    }))
}

/** Reads thresholds, shares and grants. */
export async function openDelegation(services: Container, { storage, outside }: Base): Promise<void> {
  const modules = currentModules(services)
  const known = knownModules(services)
  const accountOf = (tenantId: string, id: string): Promise<Account | undefined> => services.get(ACCOUNTS).get(tenantId, id)
  services.set(THRESHOLDS, await openThresholds({ storage, outside, audit: services.get(AUDIT), tenants: services.get(TENANTS) }))
  services.set(SHARES, await openShares({
    storage, outside, audit: services.get(AUDIT), tenants: services.get(TENANTS),
    shareable: (tenantId) => shareableOf(modules(tenantId)),
    needs: (tenantId, contract) => {
      const here = known(tenantId)
      return here === undefined ? [] : needing(here, contract)
    },
    isAccountOf: async (tenantId, id) => (await accountOf(tenantId, id))?.status === 'active',
    exclusively: (tenantIds, change) => services.get(INSTALLATIONS).exclusivelyAll(tenantIds, change),
  }))
  services.set(GRANTS, await openGrants({
    storage, outside, audit: services.get(AUDIT), tenants: services.get(TENANTS), roles: services.get(ROLES), sessions: services.get(SESSIONS), accountOf, isPoolActor: isPoolActor(services),
  }))
}

function isPoolActor(services: Container): IsPoolActor {
  return (by) => createIsPoolActor(services.get(TENANTS), (tenantId, id) => services.get(ACCOUNTS).get(tenantId, id))(by)
}
