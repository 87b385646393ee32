/** The time zone in which the platform shows and reads dates. */
export const TIME_ZONE = 'Europe/Paris'

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/
const MINUTE_MS = 60_000

/** Wall time of an instant in Europe/Paris, as `datetime-local` writes it: `2026-05-02T14:05`. */
export function toParisLocal(instant: Date | string): string {
  const date = new Date(instant)
  return new Date(date.getTime() + offsetMs(date)).toISOString().slice(0, 16)
}

/**
 * The instant of a wall time in Europe/Paris, as ISO 8601 in UTC; `undefined` when it is no such time.
 * A time that the spring change skips is taken an hour later; one that the autumn change repeats is taken the first time.
 */
export function fromParisLocal(local: string): string | undefined {
  const [, year, month, day, hour, minute, second] = LOCAL.exec(local)?.map((part) => Number(part ?? 0)) ?? []
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined) return undefined
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || (second ?? 0) > 59) return undefined
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined
  const wall = Date.UTC(year, month - 1, day, hour, minute, second)
  // Both offsets of the day around; the larger one is summer time, which comes first in autumn.
  const offsets = [offsetMs(new Date(wall - 24 * 60 * MINUTE_MS)), offsetMs(new Date(wall + 24 * 60 * MINUTE_MS))].sort((a, b) => b - a)
  const match = offsets.map((offset) => new Date(wall - offset)).find((candidate) => candidate.getTime() + offsetMs(candidate) === wall)
  return (match ?? new Date(wall - (offsets[1] ?? 0))).toISOString()
}

/** What Paris is ahead of UTC at an instant, in milliseconds. */
function offsetMs(instant: Date): number {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-US', {
    timeZone: TIME_ZONE, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const wall = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'], parts['hour'], parts['minute'], parts['second'])
  return wall - Math.floor(instant.getTime() / 1000) * 1000
}
