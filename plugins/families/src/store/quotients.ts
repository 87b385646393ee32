/** The quotients familiaux of a household over time. */
import { QuotientChanged, type Quotient } from '../contract.ts'
import type { FamiliesContext, FamiliesDatabase, FamiliesTransaction } from '../families-types.ts'
import { grouped } from '../grouped.ts'
import type { Tables } from '../tables.ts'

/** The one that holds on a day; of several, the one that began last. */
export function quotientOn(db: FamiliesDatabase, householdId: string, on: string): Promise<Tables['quotient'] | undefined> {
  return db.selectFrom('quotient').selectAll().where('household_id', '=', householdId).where('first_day', '<=', on).where('last_day', '>=', on)
    .orderBy('first_day', 'desc').orderBy('read_at', 'desc').orderBy('id', 'desc').executeTakeFirst()
}

/** The same of several households on several days, in one statement; what is not known is left out. */
export async function quotientsOn(db: FamiliesDatabase, householdIds: readonly string[], days: readonly string[]): Promise<(Quotient & { readonly householdId: string; readonly on: string })[]> {
  const sorted = days.toSorted()
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (householdIds.length === 0 || first === undefined || last === undefined) return []
  const rows = await db.selectFrom('quotient').selectAll().where('household_id', 'in', householdIds).where('first_day', '<=', last).where('last_day', '>=', first)
    .orderBy('first_day', 'desc').orderBy('read_at', 'desc').orderBy('id', 'desc').execute()
  const rowsOf = grouped(rows, (row) => row.household_id)
  return householdIds.flatMap((householdId) => days.flatMap((on) => {
    const row = rowsOf.get(householdId)?.find((each) => each.first_day <= on && each.last_day >= on)
    return row === undefined ? [] : [{ householdId, on, value: row.value, month: row.month, source: row.source }]
  }))
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
