/** What the plugin families has merged is merged here: bookings, inscriptions, presence, invoices, payments. */
import { linkAccounts } from '../billing/link-accounts.ts'
import type { CanteenContext, CanteenTransaction } from '../canteen-types.ts'
import { movesOf, type Moved } from './final-ids.ts'
import { moveAttendance } from './move-attendance.ts'
import { moveGuardian } from './move-billing.ts'
import { moveBookings, moveEnrolments } from './move-bookings.ts'
import type { MergeTables } from './tables.ts'

/** What the event says. */
export interface Merge {
  readonly householdId: string; readonly mergedId: string
  readonly guardians: readonly { readonly from: string; readonly to: string }[]; readonly children: readonly { readonly from: string; readonly to: string }[]
}

/** Days for which rows are looked for again that were written under an old id while it was merged. */
const AFTER_DAYS = 3
const DAY_MS = 86_400_000

/**
 * Follows a merge, all in one transaction. Told twice, or told after a later one, it ends the same: which id became which is kept, and what is moved goes where that leads.
 */
export async function followMerge(c: CanteenContext, { householdId, mergedId, guardians, children }: Merge): Promise<void> {
  await c.transaction(async (tx) => {
    const merged_at = c.now().toISOString()
    const pairs: MergeTables['family_merge'][] = [
      { old_id: mergedId, new_id: householdId, kind: 'household', merged_at },
      ...guardians.map(({ from, to }) => ({ old_id: from, new_id: to, kind: 'guardian' as const, merged_at })), ...children.map(({ from, to }) => ({ old_id: from, new_id: to, kind: 'child' as const, merged_at })),
    ]
    let isNew = false
    for (const pair of pairs) {
      const { numInsertedOrUpdatedRows } = await tx.insertInto('family_merge').values(pair).onConflict((is) => is.column('old_id').doNothing()).executeTakeFirstOrThrow()
      isNew ||= Number(numInsertedOrUpdatedRows) > 0
    }
    // One family is priced otherwise than two: what is drafted is drafted anew before it is validated.
    if (isNew) await tx.updateTable('regie').set((eb) => ({ version: eb('version', '+', 1) })).where((where) => where.exists(where.selectFrom('campaign').select('campaign.id').whereRef('campaign.regie_id', '=', 'regie.id').where('campaign.state', '=', 'draft'))).execute()
    await move(c, tx, pairs.map(({ old_id: id }) => id))
  })
  // A parent whose account came along reads the documents of both on the own page: the event of the changed household may have come before they were one.
  await linkAccounts(c, householdId)
}

/** Runs by the clock: what was written under an old id at the moment of a merge, by somebody who had just read it, moves too. */
export async function followLatecomers(c: CanteenContext): Promise<void> {
  const recent = await c.db.selectFrom('family_merge').select('old_id').where('merged_at', '>=', new Date(c.now().getTime() - AFTER_DAYS * DAY_MS).toISOString()).orderBy('old_id').execute()
  if (recent.length > 0) await c.transaction((tx) => move(c, tx, recent.map(({ old_id: id }) => id)))
}

async function move(c: CanteenContext, tx: CanteenTransaction, ids: readonly string[]): Promise<void> {
  const aliases = await tx.selectFrom('family_merge').select(['old_id', 'new_id', 'kind']).orderBy('old_id').execute()
  const moves = movesOf(aliases, ids)
  const of = (kind: Moved['kind']): readonly Moved[] => moves.filter((each) => each.kind === kind)
  for (const { from, to } of of('child')) {
    await moveBookings(c, tx, from, to)
    await moveEnrolments(tx, from, to)
    await moveAttendance(tx, from, to)
    await tx.updateTable('invoice_line').set({ child_id: to }).where('child_id', '=', from).execute()
  }
  for (const { from, to } of of('household')) for (const table of ['enrolment', 'booking', 'booking_log', 'invoice', 'payment', 'campaign_alert'] as const) await tx.updateTable(table).set({ household_id: to }).where('household_id', '=', from).execute()
  for (const { from, to } of of('guardian')) await moveGuardian(c, tx, from, to)
}
