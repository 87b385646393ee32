import type { Locale } from '../localized.ts'

// Making a format costs thirty times as much as using it, and a page has many numbers.
const formats = new Map<Locale, Intl.NumberFormat>()

/** A number as people of a language write it. */
export function numberText(value: number, locale: Locale): string {
  const format = formats.get(locale) ?? new Intl.NumberFormat(locale)
  formats.set(locale, format)
  return format.format(value)
}
