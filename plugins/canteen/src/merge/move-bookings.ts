import { removeBookings } from '../booking/engine/remove.ts'
import { writeLog } from '../booking/engine/log.ts'
import { readUnits, type BookingRow, type EnrolmentRow } from '../booking/engine/situation.ts'
import type { BookingState } from '../booking/tables.ts'
import { offerPlaces } from '../booking/waiting/offers.ts'
import type { CanteenContext, CanteenTransaction } from '../canteen-types.ts'

/** What says more of a day comes first: who was there was there, whatever the other entry says. */
const STRENGTH: readonly BookingState[] = ['present', 'absent-unjustified', 'absent-justified', 'booked', 'requested', 'waiting', 'refused']

/** Moves the bookings of a child to the id that it has now. A day that was booked under both is one booking; the place of the other is offered, and what was billed of it comes back with the next invoices. */
export async function moveBookings(c: CanteenContext, tx: CanteenTransaction, from: string, to: string): Promise<void> {
  const rows = await tx.selectFrom('booking').selectAll().where('child_id', '=', from).orderBy('day').orderBy('unit_id').execute()
  if (rows.length > 0) {
    const others = new Map((await tx.selectFrom('booking').selectAll().where('child_id', '=', to).execute()).map((row) => [`${row.unit_id} ${row.day}`, row]))
    const twice = rows.flatMap((row) => { const other = others.get(`${row.unit_id} ${row.day}`); return other === undefined ? [] : [weaker(row, other)] })
    await drop(c, tx, twice)
    await tx.updateTable('booking').set({ child_id: to }).where('child_id', '=', from).execute()
    const units = twice.length === 0 ? new Map() as Awaited<ReturnType<typeof readUnits>> : await readUnits(tx)
    for (const { unit_id: unitId, day } of twice) {
      const unit = units.get(unitId)
      if (unit !== undefined && day >= c.today()) await offerPlaces(c, tx, unit, day)
    }
  }
  await tx.updateTable('booking_log').set({ child_id: to }).where('child_id', '=', from).execute()
}

function weaker(row: BookingRow, other: BookingRow): BookingRow {
  return STRENGTH.indexOf(row.state) < STRENGTH.indexOf(other.state) ? other : row
}

async function drop(c: CanteenContext, tx: CanteenTransaction, rows: readonly BookingRow[]): Promise<void> {
  await removeBookings(c, tx, rows, 'agent', 'cancelled', 'merged')
  const attended = rows.filter(({ state }) => state === 'present' || state.startsWith('absent'))
  if (attended.length === 0) return
  await tx.deleteFrom('booking').where('id', 'in', attended.map(({ id }) => id)).execute()
  await writeLog(c, tx, attended, 'cancelled', 'merged')
}

/** Moves inscriptions. One that another of the same activity covers, and that says no more, goes. */
export async function moveEnrolments(tx: CanteenTransaction, from: string, to: string): Promise<void> {
  const rows = await tx.selectFrom('enrolment').selectAll().where('child_id', '=', from).execute()
  if (rows.length === 0) return
  const others = await tx.selectFrom('enrolment').selectAll().where('child_id', '=', to).execute()
  const gone = new Set<string>()
  for (const row of rows) for (const other of others) {
    if (row.activity_id !== other.activity_id || gone.has(row.id) || gone.has(other.id)) continue
    if (covers(other, row)) gone.add(row.id)
    else if (covers(row, other)) gone.add(other.id)
  }
  if (gone.size > 0) await tx.deleteFrom('enrolment').where('id', 'in', [...gone]).execute()
  await tx.updateTable('enrolment').set({ child_id: to }).where('child_id', '=', from).execute()
}

const ENROLMENT_STRENGTH: readonly EnrolmentRow['state'][] = ['active', 'requested', 'refused', 'ended']

function covers(one: EnrolmentRow, other: EnrolmentRow): boolean {
  return one.first_day <= other.first_day && one.last_day >= other.last_day && ENROLMENT_STRENGTH.indexOf(one.state) <= ENROLMENT_STRENGTH.indexOf(other.state)
}
