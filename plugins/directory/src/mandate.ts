import { addDays, type Day, parseDay } from '@liberacces/sdk'
import { checked, type Checked, type Problem } from './checked.ts'
import { oneLine } from './one-line.ts'

/** Offices in the order in which the collectivité's bodies list them. */
export const OFFICES = ['mayor', 'president', 'deputy', 'vice-president', 'delegate', 'councillor', 'administrator'] as const
/** See {@link OFFICES}. */
export type Office = (typeof OFFICES)[number]

/**
 * An élu's time in an office. Both ends are days in office: the interval `[startsOn, lastDay]` is closed. A mandate
 * without `lastDay` has no known end.
 */
export interface Mandate {
  readonly office: Office
  /** As it is written out, such as `Adjointe au maire déléguée à la culture`. */
  readonly title: string
  /** Place among those of the same office, from 1 (tableau du conseil municipal); `undefined` where there is no order. */
  readonly rank: number | undefined
  readonly startsOn: Day
  /** Last day in office, included. */
  readonly lastDay: Day | undefined
}

/** Whether a mandate runs on a day: from its first day to its last day, both included. */
export function isCurrent(mandate: Pick<Mandate, 'startsOn' | 'lastDay'>, day: Day): boolean {
  return mandate.startsOn <= day && !hasEnded(mandate, day)
}

/** Whether a mandate is over on a day: the first day on which this holds is the day after `lastDay`. */
export function hasEnded(mandate: Pick<Mandate, 'lastDay'>, day: Day): boolean {
  return mandate.lastDay !== undefined && mandate.lastDay < day
}

/** Whether a current mandate's last day is at most `days` days ahead. */
export function endsWithin(mandate: Pick<Mandate, 'startsOn' | 'lastDay'>, day: Day, days: number): boolean {
  return isCurrent(mandate, day) && mandate.lastDay !== undefined && mandate.lastDay <= addDays(day, days)
}

/** Whether two intervals share a day. */
export function overlaps(a: Pick<Mandate, 'startsOn' | 'lastDay'>, b: Pick<Mandate, 'startsOn' | 'lastDay'>): boolean {
  return !hasEnded(a, b.startsOn) && !hasEnded(b, a.startsOn)
}

/** Orders by office, then rank (those without one last), then title. */
export function byOfficeAndRank(a: Pick<Mandate, 'office' | 'rank' | 'title'>, b: Pick<Mandate, 'office' | 'rank' | 'title'>): number {
  return (
    OFFICES.indexOf(a.office) - OFFICES.indexOf(b.office) ||
    (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER) ||
    a.title.localeCompare(b.title, 'fr')
  )
}

/** A mandate as typed. */
export interface MandateDraft {
  readonly office: Office
  readonly title: string
  readonly rank: number | undefined
  readonly startsOn: string
  readonly lastDay: string
}

/** Fields that {@link checkMandate} may complain about. */
export type MandateField = 'title' | 'rank' | 'startsOn' | 'lastDay'

/**
 * Checks and tidies what was typed.
 * @param others - the person's other mandates: nobody holds the same office twice on one day
 */
export function checkMandate(draft: MandateDraft, others: readonly Mandate[]): Checked<Mandate, MandateField> {
  const problems: { [Field in MandateField]?: Problem } = {}
  const title = oneLine(draft.title)
  if (title === '') problems.title = 'required'
  else if (title.length > 160) problems.title = 'too-long'
  if (draft.rank !== undefined && !(Number.isInteger(draft.rank) && draft.rank >= 1 && draft.rank <= 200)) problems.rank = 'rank'
  const startsOn = parseDay(draft.startsOn.trim())
  const typedEnd = draft.lastDay.trim()
  const lastDay = typedEnd === '' ? undefined : parseDay(typedEnd)
  if (startsOn === undefined) problems.startsOn = draft.startsOn.trim() === '' ? 'required' : 'day'
  if (typedEnd !== '' && lastDay === undefined) problems.lastDay = 'day'
  if (startsOn !== undefined && lastDay !== undefined && lastDay < startsOn) problems.lastDay = 'day-order'
  if (startsOn === undefined || Object.keys(problems).length > 0) return { ok: false, problems }
  const mandate: Mandate = { office: draft.office, title, rank: draft.rank, startsOn, lastDay }
  if (others.some((other) => other.office === mandate.office && overlaps(other, mandate))) problems.startsOn = 'overlap'
  return checked(mandate, problems)
}
