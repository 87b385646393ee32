import type { CanteenContext } from '../canteen-types.ts'
import { removeBookings } from './engine/remove.ts'
import { readUnits } from './engine/situation.ts'
import { offerPlaces } from './waiting/offers.ts'

/**
 * What goes with a child that the plugin families has deleted: what is to come, the inscriptions, the badge and every line on its presence. What was booked in the past stays under an id
 * that says nothing any more, for the accounts, until its own time is up. Doing it again does no harm.
 */
export async function forgetChild(c: CanteenContext, childId: string): Promise<void> {
  const today = c.today()
  await c.transaction(async (tx) => {
    const coming = await tx.selectFrom('booking').selectAll().where('child_id', '=', childId).where('day', '>=', today).where('state', 'in', ['booked', 'waiting', 'requested', 'refused']).orderBy('day').orderBy('unit_id').execute()
    const units = await readUnits(tx)
    await removeBookings(c, tx, coming, 'agent', 'cancelled')
    for (const { unit_id: unitId, day } of coming) {
      const unit = units.get(unitId)
      if (unit !== undefined) await offerPlaces(c, tx, unit, day)
    }
    for (const table of ['attendance', 'attendance_entry', 'badge', 'enrolment', 'booking_log'] as const) await tx.deleteFrom(table).where('child_id', '=', childId).execute()
  })
}
