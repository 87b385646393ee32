/** Days and times as people say them. */
import type { Locale } from '@liberacces/sdk'
import { parisWall } from '../calendar/paris-instant.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function formatted(day: string, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${JSON.stringify(options)}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { timeZone: 'UTC', ...options })
  formats.set(key, format)
  const words = format.format(Date.parse(`${day}T00:00:00Z`))
  // Intl does not know that the first of a month is an ordinal in French.
  return locale === 'fr' && options.day !== undefined ? words.replace(/(^|\s)1(?=\s)/, '$11er') : words
}

/** `lundi 2 mars`, `mardi 1er décembre`. */
export function dayWords(day: string, locale: Locale): string {
  return formatted(day, locale, { weekday: 'long', day: 'numeric', month: 'long' })
}

/** `lundi 2 mars 2026`: where it may be another year than the reader thinks of. */
export function dateWords(day: string, locale: Locale): string {
  return formatted(day, locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
}

/** `lun. 2 mars`. */
export function shortDayWords(day: string, locale: Locale): string {
  return formatted(day, locale, { weekday: 'short', day: 'numeric', month: 'short' })
}

/** `lundi`. @param weekday - 1 (Monday) to 7 */
export function weekdayWord(weekday: number, locale: Locale): string {
  return formatted(`2024-01-0${weekday}`, locale, { weekday: 'long' })
}

/** `9 h`, `9 h 30`, `minuit`; `9:00` and `midnight` in English. */
export function timeWords(at: string, locale: Locale): string {
  const [hour, minute] = [Number(at.slice(0, 2)), at.slice(3, 5)]
  if (at === '24:00' || at === '00:00') return locale === 'fr' ? 'minuit' : 'midnight'
  if (locale === 'en') return `${hour}:${minute}`
  return minute === '00' ? `${hour}\u00a0h` : `${hour}\u00a0h\u00a0${minute}`
}

/** `lundi 2 mars, 9 h`, of an instant in Paris. */
export function instantWords(instant: string | number, locale: Locale): string {
  const { day, at } = parisWall(new Date(instant).getTime())
  return `${dayWords(day, locale)}, ${timeWords(at, locale)}`
}
