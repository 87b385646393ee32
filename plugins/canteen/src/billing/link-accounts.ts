import { Families } from '@liberacces/plugin-families/contract'
import type { CanteenContext } from '../canteen-types.ts'

/** Gives the documents of guardians whose account came later to that account: they were billed before, and read it all on their page. Those of another account stay its own. */
export async function linkAccounts(c: CanteenContext, householdId: string): Promise<void> {
  const guardians = (await c.use(Families).household({ id: householdId }))?.guardians ?? []
  for (const { id, accountId } of guardians) {
    if (accountId === undefined) continue
    await c.db.updateTable('invoice').set({ account_id: accountId }).where('guardian_id', '=', id).where('account_id', 'is', null).execute()
    await c.db.updateTable('mandate').set({ account_id: accountId }).where('guardian_id', '=', id).where('account_id', 'is', null).execute()
  }
}
