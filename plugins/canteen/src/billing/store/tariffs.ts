import type { CanteenDatabase } from '../../canteen-types.ts'
import type { TariffRules } from '../../tariffs/tariff-rules.ts'
import type { ReadTariff } from '../campaign/household-lines.ts'
import type { BillingTables } from '../tables.ts'

/** A tariff with its rules. */
export interface StoredTariff extends Omit<BillingTables['tariff'], 'rules'> { readonly rules: TariffRules }

/** All tariffs, by unit and day. Rules were checked when they were stored. */
export async function allTariffs(db: CanteenDatabase): Promise<readonly StoredTariff[]> {
  const rows = await db.selectFrom('tariff').selectAll().orderBy('unit_id').orderBy('first_day').execute()
  return rows.map((row) => ({ ...row, rules: JSON.parse(row.rules) as TariffRules }))
}

/** A tariff as prices are made from it. */
export function readTariff(row: StoredTariff): ReadTariff {
  return { regieId: row.regie_id, unitId: row.unit_id, firstDay: row.first_day, lastDay: row.last_day, rules: row.rules, siblingsCounted: row.siblings_counted, account: row.account, childcare: row.childcare === 1 }
}

/** The tariff of the same unit whose days overlap, but for those with these ids; there may be none when one is stored. */
export async function overlappingTariff(db: CanteenDatabase, { ids, unitId, firstDay, lastDay }: { readonly ids: readonly string[]; readonly unitId: string; readonly firstDay: string; readonly lastDay: string | null }): Promise<{ readonly name: string; readonly first_day: string; readonly last_day: string | null } | undefined> {
  const rows = db.selectFrom('tariff').select(['name', 'first_day', 'last_day']).where('unit_id', '=', unitId).where('id', 'not in', ids).where((or) => or.or([or('last_day', 'is', null), or('last_day', '>=', firstDay)]))
  return (lastDay === null ? rows : rows.where('first_day', '<=', lastDay)).orderBy('first_day').executeTakeFirst()
}

/** Stores a tariff that has no faults. */
export async function saveTariff(db: CanteenDatabase, { rules, ...row }: StoredTariff): Promise<void> {
  const { id, ...values } = { ...row, rules: JSON.stringify(rules) }
  await db.insertInto('tariff').values({ id, ...values }).onConflict((on) => on.column('id').doUpdateSet(values)).execute()
}
