/** A calendar day of the Gregorian calendar, `YYYY-MM-DD` (ISO 8601). Days compare as strings. */
export type Day = string & { readonly __checked: 'Day' }

/** Reads a day as `YYYY-MM-DD` or, as people type it, `D/M/YYYY`; years 1900 to 2199. `undefined` for anything else. */
export function parseDay(text: string): Day | undefined {
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  const iso = french === null ? text : `${french[3]}-${french[2]?.padStart(2, '0')}-${french[1]?.padStart(2, '0')}`
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(iso)) return undefined
  const date = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? (iso as Day) : undefined
}

/** A day that is known to be right, such as one from our own tables. */
export function asDay(text: string): Day {
  const day = parseDay(text)
  if (day === undefined) throw new TypeError(`"${text}" is no day: write YYYY-MM-DD.`)
  return day
}

/** A day some days later, or earlier for a negative number. */
export function addDays(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return asDay(date.toISOString().slice(0, 10))
}
