/** A calendar day of the Gregorian calendar, `YYYY-MM-DD` (ISO 8601), of the years 1900 to 2199. Days compare as text. */
export type Day = string & { readonly __checked: 'Day' }

const DAY_MS = 86_400_000

/** Reads `YYYY-MM-DD` or, as people type it, `D/M/YYYY`; years 1900 to 2199. `undefined` for anything else, such as 29 February of 2027. */
export function parseDay(text: string): Day | undefined {
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim())
  const iso = french === null ? text.trim() : `${french[3]}-${french[2]?.padStart(2, '0')}-${french[1]?.padStart(2, '0')}`
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(iso)) return undefined
  const date = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? (iso as Day) : undefined
}

/**
 * A day that is known to be right, such as one from a plugin's own tables.
 * @throws TypeError when it is no day
 */
export function asDay(text: string): Day {
  const day = parseDay(text)
  if (day === undefined) throw new TypeError(`"${text}" is no day: write YYYY-MM-DD.`)
  return day
}

/** A day some days later, or earlier for a negative number. */
export function addDays<D extends string>(day: D, days: number): D {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as D
}

/** Every day from one to another, both included; none when the second is earlier. */
export function daysFrom<D extends string>(first: D, last: D): readonly D[] {
  const days: D[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day)
  return days
}

/** `1` (Monday) to `7`, as ISO 8601 counts. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7
}

/** The Monday of a day's week. */
export function mondayOf<D extends string>(day: D): D {
  return addDays(day, 1 - weekdayOf(day))
}

/** Number of the week, 1 to 53 (ISO 8601): that of its Thursday. */
export function isoWeekOf(day: string): number {
  const thursday = addDays(day, 4 - weekdayOf(day))
  return 1 + Math.floor((Date.parse(`${thursday}T00:00:00Z`) - Date.parse(`${thursday.slice(0, 4)}-01-01T00:00:00Z`)) / (7 * DAY_MS))
}

/** Full years between two days. Who is born on 29 February is a year older on 1 March of common years. */
export function ageOn(birthDay: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDay.slice(0, 4))
  return day.slice(5) < birthDay.slice(5) ? years - 1 : years
}
