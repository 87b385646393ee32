import type { CanteenContext } from '../../canteen-types.ts'
import { limitFor, type Limits } from '../deadlines/rules.ts'
import { weekdayWord } from './day-words.ts'
import { limitWords } from './refusal-words.ts'

/** The limits that hold on some weekdays, a sentence each: “Lundi, mardi : avant le vendredi précédent, 9 h.”, without the days where one limit holds for all. A limit that none of the days has is left out. */
export function limitsWords(c: Pick<CanteenContext, 't' | 'locale'>, limits: Limits, weekdays: readonly number[]): readonly string[] {
  const groups = Map.groupBy(weekdays, (weekday) => limitWords(c, limitFor(limits, weekday)))
  return [...groups].map(([rule, days]) => {
    const words = groups.size === 1 ? c.t('booking.enrol.when.every', { rule }) : c.t('booking.enrol.when.some', { rule, weekdays: days.map((each) => weekdayWord(each, c.locale)).join(', ') })
    return `${words.slice(0, 1).toLocaleUpperCase(c.locale)}${words.slice(1)}.`
  })
}
