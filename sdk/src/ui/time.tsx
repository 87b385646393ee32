import type { JSX } from 'preact'
import { firstOfMonth } from '../first-of-month.ts'
import { TIME_ZONE } from '../paris-time.ts'
import type { Locale } from '../localized.ts'
import { useReader } from './reader.ts'

/** A date, and maybe a time of day. */
export interface TimeProps {
  /** An instant, or a day such as `2026-05-02`. */
  readonly date: Date | string
  /** @defaultValue `false` */
  readonly withTime?: boolean
}

type Shape = 'day' | 'date' | 'instant'

// Making a format costs far more than using it, and a list has many dates.
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(locale: Locale, shape: Shape): Intl.DateTimeFormat {
  const key = `${locale} ${shape}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long', timeZone: shape === 'day' ? 'UTC' : TIME_ZONE, ...(shape === 'instant' ? { timeStyle: 'short' } : {}),
  })
  formats.set(key, format)
  return format
}

/** A date in words, in Europe/Paris: "2 mai 2026", "2 mai 2026 à 14:05". What is no date is shown as it is. */
export function Time({ date, withTime = false }: TimeProps): JSX.Element {
  const { locale } = useReader()
  const day = typeof date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(date)
  const instant = new Date(date)
  if (Number.isNaN(instant.getTime())) return <>{String(date)}</>
  // A day alone has no zone: it is the same day everywhere.
  const format = formatOf(locale, day ? 'day' : withTime ? 'instant' : 'date')
  return <time dateTime={day ? date : instant.toISOString()}>{firstOfMonth(format.format(instant), locale)}</time>
}
