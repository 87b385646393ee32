/** Until when a day may be booked or cancelled. Pure. */
import { addDays, mondayOf, weekdayOf } from '@liberacces/sdk'
import { parisInstant } from '../calendar/paris-instant.ts'
import { publicHoliday } from '../calendar/public-holidays.ts'
import { limitFor, type Limit, type Rules } from './rules.ts'

/** A limit of a day: when it ends, and the rule that says so. */
export interface Deadline {
  /** Day and time of day in Paris; `24:00` is the midnight at its end. */
  readonly day: string
  readonly at: string
  /** The last instant at which it is not reached, in milliseconds. */
  readonly instant: number
  readonly limit: Limit
}

/** When the limit for a day ends. It never lies after the end of that day. */
export function deadlineOf(day: string, limit: Limit, alsaceMoselle = false): Deadline {
  const limitDay = dayOf(day, limit, alsaceMoselle)
  return { day: limitDay, at: limit.at, instant: parisInstant(limitDay, limit.at), limit }
}

/** The limit for adding a day. */
export function addDeadline(day: string, rules: Rules, alsaceMoselle = false): Deadline {
  return deadlineOf(day, limitFor(rules.add, weekdayOf(day)), alsaceMoselle)
}

/** The limit for cancelling a day; nothing where cancelling is never blocked. */
export function cancelDeadline(day: string, rules: Rules, alsaceMoselle = false): Deadline | undefined {
  if (rules.cancel === 'never') return undefined
  return deadlineOf(day, limitFor(rules.cancel === 'same' ? rules.add : rules.cancel, weekdayOf(day)), alsaceMoselle)
}

/** A deadline is reached when the time is past it: at its very instant it is not. */
export function isReached(deadline: Deadline | undefined, now: number): boolean {
  return deadline !== undefined && now > deadline.instant
}

function dayOf(day: string, limit: Limit, alsaceMoselle: boolean): string {
  switch (limit.kind) {
    case 'days-before': return countedBack(day, limit, alsaceMoselle)
    // The last such weekday before the day itself.
    case 'previous-weekday': return addDays(day, -(((weekdayOf(day) - limit.weekday + 6) % 7) + 1))
    case 'week-before': return addDays(mondayOf(day), limit.weekday - 8)
    case 'second-week-before': return addDays(mondayOf(day), limit.weekday - 15)
    case 'month-before': return dayOfMonthBefore(day, limit.dayOfMonth)
    default: return limit satisfies never
  }
}

/** Goes back so many days that count. Where every weekday is skipped, none would: then all count. */
function countedBack(day: string, { days, skip }: Limit & { readonly kind: 'days-before' }, alsaceMoselle: boolean): string {
  const counts = (each: string): boolean => {
    const weekday = weekdayOf(each)
    return !(skip.includes(weekday) || (skip.includes('weekend') && weekday > 5) || (skip.includes('public-holiday') && publicHoliday(each, alsaceMoselle) !== undefined))
  }
  const anyCounts = [1, 2, 3, 4, 5, 6, 7].some((weekday) => !skip.includes(weekday) && !(skip.includes('weekend') && weekday > 5))
  let found = day
  for (let left = days; left > 0;) {
    found = addDays(found, -1)
    if (!anyCounts || counts(found)) left -= 1
  }
  return found
}

/** Day 31 of a month of 30 days is its last one. */
function dayOfMonthBefore(day: string, dayOfMonth: number): string {
  const lastOfMonthBefore = addDays(`${day.slice(0, 7)}-01`, -1)
  const [month, last] = [lastOfMonthBefore.slice(0, 7), Number(lastOfMonthBefore.slice(8))]
  return `${month}-${String(Math.min(dayOfMonth, last)).padStart(2, '0')}`
}
