/** The places of a unit on a day. */
import type { CanteenDatabase } from '../../canteen-types.ts'
import type { Unit } from './situation.ts'

/**
 * Free places, held until the transaction ends: who counts is alone, on both databases, since the row of the day is changed first. `undefined` where nobody counts.
 * An offered place is held for whom it was offered to. Several days are held in one order everywhere (day, then unit), so that two families never wait for each other.
 */
export async function freePlaces(tx: CanteenDatabase, unit: Unit, day: string, now: Date): Promise<number | undefined> {
  if (unit.capacity === undefined) return undefined
  await tx.insertInto('unit_day').values({ unit_id: unit.id, day, changes: 1 }).onConflict((is) => is.columns(['unit_id', 'day']).doUpdateSet((set) => ({ changes: set('unit_day.changes', '+', 1) }))).execute()
  return unit.capacity - await takenPlaces(tx, unit.id, day, now)
}

/** Places that are taken: by who is expected or came, and by who was offered one that may still be taken. */
async function takenPlaces(db: CanteenDatabase, unitId: string, day: string, now: Date): Promise<number> {
  const { taken } = await db.selectFrom('booking').select((is) => is.fn.countAll().as('taken')).where('unit_id', '=', unitId).where('day', '=', day)
    .where((is) => is.or([is('state', 'in', ['booked', 'present']), is.and([is('state', '=', 'waiting'), is('offered_until', '>', now.toISOString())])])).executeTakeFirstOrThrow()
  return Number(taken)
}
