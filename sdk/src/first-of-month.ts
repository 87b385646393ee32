import type { Locale } from './localized.ts'

/**
 * A date in words with the first of a month as people of a language write it: `1er février`, which `Intl` gives as `1 février`.
 * @param words - as `Intl.DateTimeFormat` writes a date with its month in letters
 */
export function firstOfMonth(words: string, locale: Locale): string {
  return locale === 'fr' ? words.replace(/(^|\s)1(?=\s)/, '$11er') : words
}
