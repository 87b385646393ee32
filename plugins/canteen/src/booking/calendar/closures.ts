/** Closures and strikes: what is booked on their days is cancelled, with the reason, and nobody pays. */
import { Families } from '@liberacces/plugin-families/contract'
import type { CanteenContext, CanteenDatabase } from '../../canteen-types.ts'
import type { Closure } from './day-kind.ts'
import { removeBookings } from '../engine/remove.ts'
import type { BookingRow } from '../engine/situation.ts'
import { addressesOf, tellCancelled } from '../tell-cancelled.ts'

/** What an agent declares. */
export type NewClosure = Omit<Closure, 'id'>

/** Stores a closure and cancels what was booked; families get one mail each. @returns how many bookings went */
export async function declareClosure(c: CanteenContext, closure: NewClosure): Promise<{ readonly id: string; readonly cancelled: number }> {
  const id = c.id()
  const inSchool = closure.schoolId === undefined ? undefined : new Set((await c.use(Families).children({ schoolId: closure.schoolId, on: closure.firstDay })).map((child) => child.id))
  const first = await affected(c.db, closure, inSchool)
  const addresses = c.granted('mail:send') ? await addressesOf(c, [...new Set(first.map(({ household_id }) => household_id))]) : new Map<string, readonly string[]>()
  const cancelled = await c.transaction(async (tx) => {
    await tx.insertInto('closure').values({
      id, kind: closure.kind, first_day: closure.firstDay, last_day: closure.lastDay, school_id: closure.schoolId ?? null, activity_id: closure.activityId ?? null, reason: closure.reason, created_at: c.now().toISOString(),
    }).execute()
    const rows = await affected(tx, closure, inSchool)
    const count = await removeBookings(c, tx, rows, closure.kind, closure.kind === 'strike' ? 'strike' : 'closed', closure.reason)
    await tellCancelled(c, tx, { subject: c.t(`booking.mail.${closure.kind}.subject`), reason: closure.reason }, rows, addresses)
    return count
  })
  await c.audit(`${closure.kind}.declared`, id, { firstDay: closure.firstDay, lastDay: closure.lastDay, cancelled })
  return { id, cancelled }
}

async function affected(db: CanteenDatabase, { firstDay, lastDay, activityId }: NewClosure, children: ReadonlySet<string> | undefined): Promise<readonly BookingRow[]> {
  const all = db.selectFrom('booking').selectAll().where('day', '>=', firstDay).where('day', '<=', lastDay).where('state', 'in', ['booked', 'waiting', 'requested']).orderBy('day').orderBy('id')
  const rows = await (activityId === undefined ? all : all.where('activity_id', '=', activityId)).execute()
  return rows.filter(({ child_id }) => children === undefined || children.has(child_id))
}
