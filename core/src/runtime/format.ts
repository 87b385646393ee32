import type { Format, Locale } from '@liberacces/sdk'
import { firstOfMonth, TIME_ZONE } from '@liberacces/sdk/host'

const formats = new Map<Locale, Format>()

/** Values as people of a language write them. */
export function formatOf(locale: Locale): Format {
  const known = formats.get(locale) ?? makeFormat(locale)
  formats.set(locale, known)
  return known
}

function makeFormat(locale: Locale): Format {
  const tag = locale === 'fr' ? 'fr-FR' : 'en-GB'
  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: TIME_ZONE })
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', timeZone: TIME_ZONE })
  const number = new Intl.NumberFormat(tag)
  const money = new Intl.NumberFormat(tag, { style: 'currency', currency: 'EUR' })
  return {
    date: (value) => firstOfMonth(date.format(instant(value)), locale),
    dateTime: (value) => firstOfMonth(dateTime.format(instant(value)), locale),
    number: (value) => number.format(value),
    money: (cents) => money.format(cents / 100),
  }
}

/** A bare date (`2026-05-02`) means that day in Paris; noon keeps it there in every zone. */
function instant(value: Date | string): Date {
  return typeof value === 'string' ? new Date(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T12:00:00Z` : value) : value
}
