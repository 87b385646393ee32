/** The quotients familiaux of a household over time. */
import { QuotientChanged, type Quotient } from '../contract.ts'
import type { FamiliesContext, FamiliesDatabase, FamiliesTransaction } from '../families-types.ts'
import type { Tables } from '../tables.ts'

/** The one that holds on a day; of several, the one that began last. */
export function quotientOn(db: FamiliesDatabase, householdId: string, on: string): Promise<Tables['quotient'] | undefined> {
  return db.selectFrom('quotient').selectAll().where('household_id', '=', householdId).where('first_day', '<=', on).where('last_day', '>=', on)
    .orderBy('first_day', 'desc').orderBy('read_at', 'desc').orderBy('id', 'desc').executeTakeFirst()
}

/** Last day on which a quotient holds that was read on a day: 31 January after it, so that all are read anew in January while the old one still counts. */
function lastDayOfQuotient(readOn: string): string {
  return `${Number(readOn.slice(0, 4)) + 1}-01-31`
}

/** Stores a quotient that holds from a day on, and tells others. */
export async function insertQuotient(c: FamiliesContext, tx: FamiliesTransaction, householdId: string, { value, month, source }: Quotient, firstDay: string): Promise<void> {
  await tx.insertInto('quotient').values({ id: c.id(), household_id: householdId, value, month, source, first_day: firstDay, last_day: lastDayOfQuotient(firstDay), read_at: c.now().toISOString() }).execute()
  await tx.emit(QuotientChanged, { householdId, from: firstDay })
}
