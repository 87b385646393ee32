/** Rules of who pays. */
import type { CustodyRule } from '../domain/custody.ts'
import type { FamiliesDatabase } from '../families-types.ts'
import type { Tables } from '../tables.ts'

/** The rules that hold for a child: its own where it has some, else those of its household. */
export async function rulesOf(db: FamiliesDatabase, householdId: string, childId: string): Promise<readonly CustodyRule[]> {
  const rows = await db.selectFrom('custody').selectAll().where('household_id', '=', householdId).orderBy('first_day').orderBy('id').execute()
  const own = rows.filter((row) => row.child_id === childId)
  return (own.length > 0 ? own : rows.filter((row) => row.child_id === null)).map(custodyRule)
}

/** A row as a rule. */
export function custodyRule(row: Tables['custody']): CustodyRule {
  if (row.kind === 'alternating' && row.second_guardian_id !== null) {
    return { kind: 'alternating', firstDay: row.first_day, firstGuardianId: row.first_guardian_id, secondGuardianId: row.second_guardian_id, handoverWeekday: row.handover_weekday ?? 1 }
  }
  return { kind: 'shared', firstDay: row.first_day, firstGuardianId: row.first_guardian_id, secondGuardianId: row.second_guardian_id ?? undefined, firstShare: row.first_share }
}

/** A rule as a row. */
export function custodyRow(id: string, householdId: string, childId: string | undefined, rule: CustodyRule): Tables['custody'] {
  return {
    id, household_id: householdId, child_id: childId ?? null, first_day: rule.firstDay, kind: rule.kind,
    first_guardian_id: rule.firstGuardianId, second_guardian_id: rule.secondGuardianId ?? null,
    first_share: rule.kind === 'shared' ? rule.firstShare : 10_000, handover_weekday: rule.kind === 'alternating' ? rule.handoverWeekday : null,
  }
}
