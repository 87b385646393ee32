/** Whether a child may be booked or cancelled, and why not. Pure. */
import { weekdayOf } from '@liberacces/sdk'
import type { ChildCard } from '@liberacces/plugin-families/contract'
import { dayKind } from '../calendar/day-kind.ts'
import { parisInstant } from '../calendar/paris-instant.ts'
import { addDeadline, cancelDeadline, isReached, type Deadline } from '../deadlines/deadline.ts'
import type { Refusal } from './refusal.ts'
import { cellKey, serves, type BookingRow, type Situation, type Unit } from './situation.ts'

/** Who asks: agents are not held by deadlines. */
export type Asker = 'family' | 'agent'

/** A yes with what follows from it, or a no that explains itself. */
export type AddDecision = { readonly ok: true; readonly unit: Unit; readonly late: boolean; readonly deadline: Deadline } | { readonly ok: false; readonly refusal: Refusal }
/** See {@link AddDecision}. */
export type CancelDecision = { readonly ok: true; readonly row: BookingRow; readonly unit: Unit } | { readonly ok: false; readonly refusal: Refusal }

const no = (refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } => ({ ok: false, refusal })

/** Whether the day is one of the unit at all; before anything that depends on the time or on who is enrolled. */
function takesPlace(unit: Unit, day: string, child: ChildCard, situation: Situation): Refusal | undefined {
  const { activity } = unit
  if (activity.archived) return { code: 'archived' }
  if (day < activity.firstDay || day > activity.lastDay) return { code: 'period', firstDay: activity.firstDay, lastDay: activity.lastDay }
  if (unit.lastDay !== undefined && day > unit.lastDay) return { code: 'period', firstDay: activity.firstDay, lastDay: unit.lastDay }
  if (!serves(activity, child)) return { code: 'school' }
  const known = dayKind(day, situation.calendar, { schoolId: child.schoolId, activityId: activity.id })
  if (!(activity.rules.openOn as readonly string[]).includes(known.kind)) return { code: 'day-kind', ...known }
  if (!unit.weekdays.includes(String(weekdayOf(day)))) return { code: 'weekday', weekday: weekdayOf(day) }
  return undefined
}

/** Whether a child can be booked for a unit on a day. Places are counted later, within the transaction. */
export function decideAdd(situation: Situation, child: ChildCard, unitId: string, day: string, asker: Asker): AddDecision {
  const unit = situation.units.get(unitId)
  if (unit === undefined) return no({ code: 'unknown-unit' })
  const closed = takesPlace(unit, day, child, situation)
  if (closed !== undefined) return no(closed)
  const existing = situation.bookings.get(cellKey(child.id, unitId, day))
  if (existing !== undefined && existing.state !== 'refused') return no({ code: 'booked-before' })
  if (existing !== undefined && asker === 'family') return no({ code: 'refused-before' })
  const enrolments = situation.enrolments.filter((each) => each.child_id === child.id && each.activity_id === unit.activity.id && each.first_day <= day && day <= each.last_day)
  if (!enrolments.some(({ state }) => state === 'active')) return no({ code: enrolments.some(({ state }) => state === 'requested') ? 'enrolment-requested' : 'not-enrolled' })
  const now = situation.now.getTime()
  if (asker === 'family' && now >= parisInstant(day, unit.startsAt)) return no({ code: 'past' })
  const deadline = addDeadline(day, unit.activity.rules, situation.calendar.alsaceMoselle)
  const late = isReached(deadline, now)
  // An agent books late where the commune forgives it; the mark is for the price.
  if (late && unit.activity.rules.late === 'refused' && asker === 'family') return no({ code: 'add-closed', deadline })
  return { ok: true, unit, late: late && unit.activity.rules.late === 'surcharge', deadline }
}

/** Whether a booking can be taken back. A place on the waiting list always can, until the day. */
export function decideCancel(situation: Situation, childId: string, unitId: string, day: string, asker: Asker): CancelDecision {
  const unit = situation.units.get(unitId)
  if (unit === undefined) return no({ code: 'unknown-unit' })
  const row = situation.bookings.get(cellKey(childId, unitId, day))
  if (row === undefined || row.state === 'refused') return no({ code: 'not-booked' })
  if (row.state === 'present' || row.state.startsWith('absent')) return no({ code: 'attended' })
  if (row.state === 'waiting' || row.state === 'requested' || asker === 'agent') return { ok: true, row, unit }
  if (situation.now.getTime() >= parisInstant(day, unit.startsAt)) return no({ code: 'past' })
  const deadline = cancelDeadline(day, unit.activity.rules, situation.calendar.alsaceMoselle)
  return isReached(deadline, situation.now.getTime()) && deadline !== undefined ? no({ code: 'cancel-closed', deadline }) : { ok: true, row, unit }
}
