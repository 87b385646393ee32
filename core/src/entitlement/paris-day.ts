import { fromParisLocal, toParisLocal } from '@liberacces/sdk/host'

const HOUR_MS = 3_600_000

/** A calendar day in Paris. */
export interface ParisDay {
  /** `2026-11-26` */
  readonly name: string
  /** First instant of the next day, in milliseconds since the Unix epoch. */
  readonly endsAt: number
}

/** The day of an instant. @param now - milliseconds since the Unix epoch */
export function parisDay(now: number): ParisDay {
  const name = toParisLocal(new Date(now)).slice(0, 10)
  const noon = Date.parse(fromParisLocal(`${name}T12:00`) ?? new Date(now).toISOString())
  // 24 hours after noon it is the next day, whatever the clock does in between.
  const next = toParisLocal(new Date(noon + 24 * HOUR_MS)).slice(0, 10)
  return { name, endsAt: Date.parse(fromParisLocal(`${next}T00:00`) ?? new Date(noon + 12 * HOUR_MS).toISOString()) }
}
