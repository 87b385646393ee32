import { addDays } from '@liberacces/sdk'
import { payersOn, type CustodyRule, type PayerShare } from '../domain/custody.ts'
import type { FamiliesDatabase } from '../families-types.ts'
import { grouped } from '../grouped.ts'
import { custodyRule } from './custody.ts'

/** Longest time that is looked at, in days: two years and more. What is asked beyond it is not answered. */
const MOST_DAYS = 800

/** Days of a child, both ends included, for which the same pay the same. */
export interface PayerPeriod { readonly childId: string; readonly from: string; readonly to: string; readonly payers: PayerShare[] }

/** Who pays for some children from a day to a day, in three statements. Children that there are not are left out. */
export async function payerPeriods(db: FamiliesDatabase, childIds: readonly string[], from: string, to: string): Promise<PayerPeriod[]> {
  if (childIds.length === 0 || to < from) return []
  const children = await db.selectFrom('child').select(['id', 'household_id']).where('id', 'in', childIds).orderBy('id').execute()
  const householdIds = [...new Set(children.map((child) => child.household_id))]
  if (householdIds.length === 0) return []
  const guardians = await db.selectFrom('guardian').select(['id', 'household_id']).where('household_id', 'in', householdIds).orderBy('position').orderBy('id').execute()
  const custody = await db.selectFrom('custody').selectAll().where('household_id', 'in', householdIds).orderBy('first_day').orderBy('id').execute()
  const [guardiansOf, custodyOf] = [grouped(guardians, (row) => row.household_id), grouped(custody, (row) => row.household_id)]
  return children.flatMap(({ id, household_id: householdId }) => {
    const first = guardiansOf.get(householdId)?.[0]
    if (first === undefined) return []
    const rows = custodyOf.get(householdId) ?? []
    const own = rows.filter((row) => row.child_id === id)
    const rules = (own.length > 0 ? own : rows.filter((row) => row.child_id === null)).map(custodyRule)
    return periodsOf(rules, first.id, from, to).map((period) => ({ childId: id, ...period }))
  })
}

/** The periods of one child. Pure. */
export function periodsOf(rules: readonly CustodyRule[], fallback: string, from: string, to: string): readonly Omit<PayerPeriod, 'childId'>[] {
  // Most have no rule: there is nothing to go through day by day.
  if (rules.length === 0) return [{ from, to, payers: [...payersOn(from, rules, fallback)] }]
  const periods: { from: string; to: string; payers: PayerShare[] }[] = []
  for (let day = from, counted = 0; day <= to && counted < MOST_DAYS; day = addDays(day, 1), counted += 1) {
    const payers = [...payersOn(day, rules, fallback)]
    const last = periods.at(-1)
    if (last !== undefined && JSON.stringify(last.payers) === JSON.stringify(payers)) last.to = day
    else periods.push({ from: day, to: day, payers })
  }
  return periods
}
