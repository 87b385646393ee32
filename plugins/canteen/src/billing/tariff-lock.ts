/** What a validated campaign has priced stays as it was: tariffs are dated data, and their past is not rewritten. */
import type { CanteenDatabase } from '../canteen-types.ts'

/** Last day that a validated campaign of a régie has billed; `undefined` where there is none. */
export async function billedThrough(db: CanteenDatabase, regieId: string): Promise<string | undefined> {
  const row = await db.selectFrom('campaign').select('last_day').where('regie_id', '=', regieId).where('state', '!=', 'draft').orderBy('last_day', 'desc').executeTakeFirst()
  return row?.last_day
}

/** The same for each régie that has billed, in one statement. */
export async function allBilledThrough(db: CanteenDatabase): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('campaign').select((of) => ['regie_id', of.fn.max('last_day').as('last_day')]).where('state', '!=', 'draft').groupBy('regie_id').execute()
  return new Map(rows.map((row) => [row.regie_id, row.last_day]))
}

/** What is in the way of a tariff's days. Each has a message `billing.locked.<kind>`. */
export type TariffLock = 'starts-in-past' | 'has-billed' | 'ends-in-past'

/**
 * Whether a tariff may be stored with these days.
 * @param billed - see {@link billedThrough}
 * @param before - the tariff as it is; `undefined` for a new one
 */
export function tariffLock(billed: string | undefined, before: { readonly firstDay: string } | undefined, firstDay: string): TariffLock | undefined {
  if (billed === undefined) return undefined
  if (before !== undefined && before.firstDay <= billed) return 'has-billed'
  return firstDay <= billed ? 'starts-in-past' : undefined
}

/**
 * Whether a tariff may end on a day: on the last day that was billed, or later. One that had ended before that day is not made longer: days would have a price that were billed without it.
 * @param before - the last day that it has
 */
export function endLock(billed: string | undefined, firstDay: string, lastDay: string, before: string | null): TariffLock | undefined {
  if (billed === undefined || firstDay > billed) return undefined
  if (before !== null && before < billed) return 'has-billed'
  return lastDay < billed ? 'ends-in-past' : undefined
}
