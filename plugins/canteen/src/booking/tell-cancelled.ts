/** One mail for each household whose bookings are cancelled, with the days and the reason. */
import { Families } from '@liberacces/plugin-families/contract'
import type { CanteenContext, CanteenTransaction } from '../canteen-types.ts'
import { readUnits, type BookingRow } from './engine/situation.ts'
import { shortDayWords } from './words/day-words.ts'

/** Addresses of mail by household; asked for before the transaction. */
export async function addressesOf(c: CanteenContext, householdIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (let start = 0; start < householdIds.length; start += 500) {
    for (const { id, guardians } of await c.use(Families).households({ ids: householdIds.slice(start, start + 500) })) found.set(id, guardians.flatMap(({ email }) => email ?? []))
  }
  return found
}

/** Tells who had booked. */
export async function tellCancelled(c: CanteenContext, tx: CanteenTransaction, { subject, reason }: { readonly subject: string; readonly reason: string }, rows: readonly BookingRow[], addresses: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const units = await readUnits(tx)
  for (const [householdId, own] of Map.groupBy(rows, ({ household_id }) => household_id)) {
    const lines = [...new Set(own.map(({ day, unit_id }) => `– ${shortDayWords(day, 'fr')} : ${units.get(unit_id)?.name ?? ''}`))].join('\n')
    for (const to of new Set(addresses.get(householdId) ?? [])) {
      await tx.mail.send({ to, subject, text: c.t('booking.mail.cancelled.text', { reason, lines, url: c.absoluteUrl('/') }) })
    }
  }
}
