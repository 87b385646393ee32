import { fromParisLocal } from '@liberacces/sdk/host'

const DAY_MS = 86_400_000

/**
 * When a day begins where people read the time, in milliseconds since the Unix epoch; `undefined` where the text names no day.
 * @param day - `YYYY-MM-DD`: untrusted
 * @param later - days to add
 */
export function startOfDay(day: string, later = 0): number | undefined {
  // Also tells days that exist from those that do not.
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || fromParisLocal(`${day}T00:00`) === undefined) return undefined
  // Noon, so that no change of the clock leads to another day.
  const wanted = new Date(Date.parse(`${day}T12:00:00Z`) + later * DAY_MS).toISOString().slice(0, 10)
  const begin = fromParisLocal(`${wanted}T00:00`)
  return begin === undefined ? undefined : Date.parse(begin)
}
