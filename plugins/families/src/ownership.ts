/** Whose family it is. */
import type { FamiliesContext } from './families-types.ts'
import type { Permission } from './permissions.ts'
import type { Tables } from './tables.ts'

/** Whether all households may be read: by the platform's own work, or with a permission. */
export function mayRead(c: FamiliesContext, permission: Permission): boolean {
  return c.actor.kind === 'system' || c.actor.can(permission)
}

/** The acting account's own guardian in a household; `undefined` for whoever is none. */
export async function ownGuardian(c: FamiliesContext, householdId: string): Promise<Tables['guardian'] | undefined> {
  if (c.actor.kind !== 'account') return undefined
  return c.db.selectFrom('guardian').selectAll().where('household_id', '=', householdId).where('account_id', '=', c.actor.id).executeTakeFirst()
}

/** Whether the acting account is a guardian of a household. */
export async function isOwnHousehold(c: FamiliesContext, householdId: string): Promise<boolean> {
  return await ownGuardian(c, householdId) !== undefined
}
