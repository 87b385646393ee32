/** Instants of times of day in Paris. */

const DAY_MS = 86_400_000
// Making a format costs far more than using it, and a week's grid asks for many instants.
const clock = new Intl.DateTimeFormat('en-US', { timeZone: 'Europe/Paris', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })

function offsetMs(instant: number): number {
  const parts = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  return Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'], parts['hour'], parts['minute'], parts['second']) - Math.floor(instant / 1000) * 1000
}

/**
 * The instant of a time of day in Paris, in milliseconds.
 * A time that the spring change skips is taken an hour later; one that the autumn change repeats is taken the second time, so that a deadline never comes sooner than a clock on the wall shows it.
 * @param at - `HH:MM`, `00:00` to `24:00`
 */
export function parisInstant(day: string, at: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + (Number(at.slice(0, 2)) * 60 + Number(at.slice(3, 5))) * 60_000
  const [before, after] = [offsetMs(wall - DAY_MS), offsetMs(wall + DAY_MS)]
  const winter = Math.min(before, after)
  const late = wall - winter
  if (before === after || late + offsetMs(late) === wall) return late
  const summer = wall - Math.max(before, after)
  return summer + offsetMs(summer) === wall ? summer : late
}

/** Day and time of day in Paris of an instant. */
export function parisWall(instant: number): { readonly day: string; readonly at: string } {
  const wall = new Date(instant + offsetMs(instant)).toISOString()
  return { day: wall.slice(0, 10), at: wall.slice(11, 16) }
}
