import type { Locale } from '@liberacces/sdk'
import { dateWords } from '../booking/words/day-words.ts'

/** A day in words: `jeudi 14 mai 2026`. @param day - `YYYY-MM-DD` */
export function dayName(locale: Locale, day: string): string {
  return dateWords(day, locale)
}
