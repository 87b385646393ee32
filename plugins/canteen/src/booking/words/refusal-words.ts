/** Refusals and rules in the reader's language. */
import type { CanteenContext } from '../../canteen-types.ts'
import type { Deadline } from '../deadlines/deadline.ts'
import type { Limit } from '../deadlines/rules.ts'
import type { Refusal } from '../engine/refusal.ts'
import type { Unit } from '../engine/situation.ts'
import { dayWords, timeWords, weekdayWord } from './day-words.ts'

type Speaker = Pick<CanteenContext, 't' | 'locale'>

/** The rule, as in “avant le vendredi précédent, 9 h”. */
export function limitWords(c: Speaker, limit: Limit): string {
  const at = timeWords(limit.at, c.locale)
  switch (limit.kind) {
    case 'days-before': {
      const skipped = limit.skip.map((each) => (typeof each === 'number' ? c.t('booking.rule.skip.weekday', { weekday: weekdayWord(each, c.locale) }) : c.t(`booking.rule.skip.${each}`)))
      return c.t('booking.rule.days-before', { days: limit.days, at, skipped: skipped.join(', '), skips: skipped.length })
    }
    case 'previous-weekday': case 'week-before': case 'second-week-before': return c.t(`booking.rule.${limit.kind}`, { weekday: weekdayWord(limit.weekday, c.locale), at })
    case 'month-before': return c.t('booking.rule.month-before', { dayOfMonth: limit.dayOfMonth, at })
    default: return limit satisfies never
  }
}

/** The moment of a limit: “vendredi 28 février, 9 h”. */
export function deadlineWords(c: Speaker, { day, at }: Deadline): string {
  return `${dayWords(day, c.locale)}, ${timeWords(at, c.locale)}`
}

/** Why not, where the unit and the day are read beside it: in a cell of the grid. */
export function cellWords(c: Speaker, refusal: Refusal, unit: Unit, day: string): string {
  switch (refusal.code) {
    case 'add-closed': case 'cancel-closed': return c.t(`booking.cell.${refusal.code}`, { since: deadlineWords(c, refusal.deadline), rule: limitWords(c, refusal.deadline.limit) })
    case 'weekday': return c.t('booking.cell.weekday', { weekday: weekdayWord(refusal.weekday, c.locale) })
    case 'past': case 'enrolment-requested': return c.t(`booking.cell.${refusal.code}`)
    default: return refusalWords(c, refusal, unit, day)
  }
}

/** Why not, in one sentence that names the rule. */
export function refusalWords(c: Speaker, refusal: Refusal, unit: Unit | undefined, day: string): string {
  const about = { unit: unit?.name ?? '', activity: unit?.activity.name ?? '', day: dayWords(day, c.locale) }
  switch (refusal.code) {
    case 'add-closed': case 'cancel-closed':
      return c.t(`booking.refusal.${refusal.code}`, { ...about, since: deadlineWords(c, refusal.deadline), rule: limitWords(c, refusal.deadline.limit) })
    case 'period': return c.t('booking.refusal.period', { ...about, first: dayWords(refusal.firstDay, c.locale), last: dayWords(refusal.lastDay, c.locale) })
    case 'weekday': return c.t('booking.refusal.weekday', { ...about, weekday: weekdayWord(refusal.weekday, c.locale) })
    case 'day-kind': return c.t(`booking.day.${refusal.kind}`, { ...about, name: refusal.name ?? '' })
    case 'full': return c.t('booking.refusal.full', { ...about, capacity: refusal.capacity })
    default: return c.t(`booking.refusal.${refusal.code}`, about)
  }
}
