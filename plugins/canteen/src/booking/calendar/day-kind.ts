/** What a day is. Pure. */
import { weekdayOf } from '@liberacces/sdk'
import { publicHoliday } from './public-holidays.ts'

/** What a day can be. `unknown`: past the calendar that was read in; it is never a school day. */
export const DAY_KINDS = ['school', 'weekend', 'holiday', 'public-holiday', 'closed', 'strike', 'unknown'] as const
/** One of them. */
export type DayKind = (typeof DAY_KINDS)[number]

/** Days on which something does not take place: of a school, of an activity, or everywhere. */
export interface Closure {
  readonly id: string
  readonly kind: 'closure' | 'strike'
  readonly firstDay: string
  readonly lastDay: string
  readonly schoolId: string | undefined
  readonly activityId: string | undefined
  readonly reason: string
}

/** The calendar of one collectivité. */
export interface Calendar {
  /** From when to when the holidays are known; nothing where none were read in. */
  readonly known: { readonly firstDay: string; readonly lastDay: string } | undefined
  /** Holidays and bridge days of the zone. */
  readonly holidays: readonly { readonly name: string; readonly firstDay: string; readonly lastDay: string }[]
  readonly closures: readonly Closure[]
  readonly alsaceMoselle: boolean
}

/** Whose day it is. */
export interface Whose {
  readonly schoolId?: string | undefined
  readonly activityId?: string | undefined
}

/** What a day is, and its name where it has one: of the holidays, of the public holiday, or the reason of a closure. */
export interface KnownDay {
  readonly kind: DayKind
  readonly name: string | undefined
}

/** What a day is for a school and an activity. A closure or strike comes before anything else, then what is certain in every calendar. */
export function dayKind(day: string, calendar: Calendar, { schoolId, activityId }: Whose = {}): KnownDay {
  const closure = calendar.closures.find((each) => each.firstDay <= day && day <= each.lastDay
    && (each.schoolId === undefined || each.schoolId === schoolId) && (each.activityId === undefined || each.activityId === activityId))
  if (closure !== undefined) return { kind: closure.kind === 'strike' ? 'strike' : 'closed', name: closure.reason }
  const feast = publicHoliday(day, calendar.alsaceMoselle)
  if (feast !== undefined) return { kind: 'public-holiday', name: feast }
  if (weekdayOf(day) > 5) return { kind: 'weekend', name: undefined }
  if (calendar.known === undefined || day < calendar.known.firstDay || day > calendar.known.lastDay) return { kind: 'unknown', name: undefined }
  const holiday = calendar.holidays.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay)
  return holiday === undefined ? { kind: 'school', name: undefined } : { kind: 'holiday', name: holiday.name }
}
