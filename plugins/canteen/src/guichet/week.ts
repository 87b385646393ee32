/** A week of a household: every cell with what can be done there and what there is to say. */
import { addDays } from '@liberacces/sdk'
import type { ChildCard } from '@liberacces/plugin-families/contract'
import type { addDeadline } from '../booking/deadlines/deadline.ts'
import { decideAdd, decideCancel, type Asker } from '../booking/engine/decide.ts'
import type { Refusal } from '../booking/engine/refusal.ts'
import { cellKey, readSituation, serves, type BookingRow, type Unit } from '../booking/engine/situation.ts'
import type { CanteenContext } from '../canteen-types.ts'

/** One cell: what is booked, and whether it can be changed. */
export interface WeekCell {
  readonly key: string
  readonly day: string
  readonly unit: Unit
  readonly row: BookingRow | undefined
  readonly changeable: boolean
  /** Why it cannot be changed. */
  readonly refusal: Refusal | undefined
  /** Would be late. */
  readonly late: boolean
  readonly until: ReturnType<typeof addDeadline> | undefined
}

/** The grid of one child. */
export interface ChildWeek { readonly child: ChildCard; readonly rows: readonly { readonly unit: Unit; readonly cells: readonly WeekCell[] }[] }

/** Five days; a Saturday has no service in any unit that a school knows. */
export function daysOfWeek(monday: string): readonly string[] {
  return [0, 1, 2, 3, 4].map((days) => addDays(monday, days))
}

/** The week of some children. Units for which a child is enrolled in that week, or has bookings. */
export async function readWeek(c: CanteenContext, children: readonly ChildCard[], monday: string, asker: Asker): Promise<readonly ChildWeek[]> {
  const days = daysOfWeek(monday)
  const situation = await readSituation(c, c.db, children.map(({ id }) => id), monday, addDays(monday, 6))
  const units = [...situation.units.values()]
  return children.map((child) => ({
    child,
    rows: units.filter((unit) => isShown(unit, child)).map((unit) => ({ unit, cells: days.map((day) => cellOf(child, unit, day)) })),
  }))

  function isShown(unit: Unit, child: ChildCard): boolean {
    const enrolled = situation.enrolments.some((each) => each.child_id === child.id && each.activity_id === unit.activity.id && each.state !== 'refused' && each.first_day <= addDays(monday, 4) && each.last_day >= monday)
    return (enrolled && serves(unit.activity, child)) || days.some((day) => situation.bookings.has(cellKey(child.id, unit.id, day)))
  }

  function cellOf(child: ChildCard, unit: Unit, day: string): WeekCell {
    const row = situation.bookings.get(cellKey(child.id, unit.id, day))
    const booked = row !== undefined && row.state !== 'refused'
    const adding = booked ? undefined : decideAdd(situation, child, unit.id, day, asker)
    const decision = adding ?? decideCancel(situation, child.id, unit.id, day, asker)
    return {
      key: cellKey(child.id, unit.id, day), day, unit, row, changeable: decision.ok, refusal: decision.ok ? undefined : decision.refusal,
      late: adding?.ok === true && adding.late, until: adding?.ok === true && !adding.late ? adding.deadline : undefined,
    }
  }
}
