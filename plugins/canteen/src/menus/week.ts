const DAY_MS = 86_400_000

/** The Monday of a day's week. @param day - `YYYY-MM-DD` */
export function mondayOf(day: string): string {
  return plusDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
}

/** A day some days later, or earlier. */
export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Monday to Friday. */
export function daysOf(monday: string): readonly string[] {
  return [0, 1, 2, 3, 4].map((days) => plusDays(monday, days))
}
