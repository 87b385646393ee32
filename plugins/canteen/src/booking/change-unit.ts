/** Changing what is booked of an activity, with what happens to the bookings that are there. */
import { weekdayOf } from '@liberacces/sdk'
import type { CanteenContext, CanteenDatabase } from '../canteen-types.ts'
import { removeBookings } from './engine/remove.ts'
import { readUnits, type BookingRow } from './engine/situation.ts'
import type { BookingTables, UnitKind } from './tables.ts'
import { addressesOf, tellCancelled } from './tell-cancelled.ts'
import { offerPlaces } from './waiting/offers.ts'

/** What an agent says of a unit. Times are `HH:MM`, weekdays as in the table. */
export interface UnitInput {
  readonly name: string; readonly kind: UnitKind; readonly startsAt: string; readonly endsAt: string; readonly weekdays: string
  readonly capacity: number | undefined; readonly withMeal: boolean; readonly lastDay: string | undefined
}

/**
 * What became of a change. `kind`: what was booked as a meal is not half a day. `hours`: past days without arrival and departure are priced by the hours of the unit, and would be billed anew.
 * `would-cancel`: so many bookings to come fall on days that are no more; nothing was changed, a reason for the families is wanted first.
 */
export type UnitChange = { readonly outcome: 'changed'; readonly cancelled: number } | { readonly outcome: 'unknown' | 'kind' | 'hours' } | { readonly outcome: 'would-cancel'; readonly count: number }

/** Changes a unit. Bookings on days that it keeps stay, whatever its places; where places are added the waiting list is offered them. Days that it loses are cancelled with the reason, and families are told. */
export async function changeUnit(c: CanteenContext, id: string, input: UnitInput, reason: string | undefined): Promise<UnitChange> {
  const losing = await lost(c.db, id, input, c.today())
  if (losing.length > 0 && reason === undefined) return await found(c.db, id) === undefined ? { outcome: 'unknown' } : { outcome: 'would-cancel', count: losing.length }
  const addresses = c.granted('mail:send') ? await addressesOf(c, [...new Set(losing.map((row) => row.household_id))]) : new Map<string, readonly string[]>()
  const change = await c.transaction(async (tx): Promise<UnitChange> => {
    const before = await found(tx, id)
    if (before === undefined) return { outcome: 'unknown' }
    if (before.kind !== input.kind && await tx.selectFrom('booking').select('id').where('unit_id', '=', id).executeTakeFirst() !== undefined) return { outcome: 'kind' }
    if (before.kind === 'hourly' && (before.starts_at !== input.startsAt || before.ends_at !== input.endsAt)
      && await tx.selectFrom('booking').select('id').where('unit_id', '=', id).where('day', '<', c.today()).executeTakeFirst() !== undefined) return { outcome: 'hours' }
    await tx.updateTable('unit').set({
      name: input.name, kind: input.kind, starts_at: input.startsAt, ends_at: input.endsAt, weekdays: input.weekdays, capacity: input.capacity ?? null, with_meal: input.withMeal ? 1 : 0, last_day: input.lastDay ?? null,
    }).where('id', '=', id).execute()
    const rows = await lost(tx, id, input, c.today())
    // Somebody booked such a day meanwhile, and the agent has not been asked.
    if (rows.length > 0 && reason === undefined) throw new BookedMeanwhile(rows.length)
    const cancelled = reason === undefined ? 0 : await removeBookings(c, tx, rows, 'closure', 'closed', reason)
    if (reason !== undefined) await tellCancelled(c, tx, { subject: c.t('booking.mail.unit.subject', { unit: input.name }), reason }, rows, addresses)
    if (before.capacity !== null && (input.capacity === undefined || input.capacity > before.capacity)) {
      const unit = (await readUnits(tx)).get(id)
      const waiting = await tx.selectFrom('booking').select('day').distinct().where('unit_id', '=', id).where('state', '=', 'waiting').where('day', '>=', c.today()).orderBy('day').execute()
      for (const { day } of waiting) if (unit !== undefined) await offerPlaces(c, tx, unit, day)
    }
    return { outcome: 'changed', cancelled }
  }).catch((error: unknown): UnitChange => {
    if (error instanceof BookedMeanwhile) return { outcome: 'would-cancel', count: error.count }
    throw error
  })
  if (change.outcome === 'changed') await c.audit('unit.changed', id, { name: input.name, cancelled: change.cancelled })
  return change
}

class BookedMeanwhile extends Error {
  readonly count: number
  constructor(count: number) {
    super('Days that a unit loses were booked while it was changed.')
    this.count = count
  }
}

/** Why a unit cannot be deleted; one that was booked or priced is ended by its last day. */
export async function deleteUnit(c: CanteenContext, id: string): Promise<'deleted' | 'unknown' | 'used'> {
  const outcome = await c.transaction(async (tx) => {
    if (await found(tx, id) === undefined) return 'unknown'
    for (const table of ['booking', 'booking_log', 'tariff', 'attendance_entry', 'invoice_line'] as const) if (await tx.selectFrom(table).select('id').where('unit_id', '=', id).executeTakeFirst() !== undefined) return 'used'
    await tx.deleteFrom('unit_day').where('unit_id', '=', id).execute()
    await tx.deleteFrom('unit').where('id', '=', id).execute()
    return 'deleted'
  })
  if (outcome === 'deleted') await c.audit('unit.deleted', id)
  return outcome
}

function found(db: CanteenDatabase, id: string): Promise<BookingTables['unit'] | undefined> {
  return db.selectFrom('unit').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Bookings to come on days that the unit would have no more. */
async function lost(db: CanteenDatabase, id: string, { weekdays, lastDay }: UnitInput, today: string): Promise<readonly BookingRow[]> {
  const rows = await db.selectFrom('booking').selectAll().where('unit_id', '=', id).where('day', '>=', today).where('state', 'in', ['booked', 'waiting', 'requested']).orderBy('day').orderBy('id').execute()
  return rows.filter(({ day }) => !weekdays.includes(String(weekdayOf(day))) || (lastDay !== undefined && day > lastDay))
}
