import { fromParisLocal, toParisLocal } from '@liberacces/sdk/host'

/** A calendar day in Europe/Paris, with its bounds in milliseconds since the Unix epoch; the end is the next day's. */
export interface ParisDay {
  /** `YYYY-MM-DD`. */
  readonly day: string
  readonly from: number
  readonly until: number
}

const DAY_MS = 86_400_000
let known: ParisDay | undefined

/** The day it is in Paris. */
export function parisDayAt(now: number): ParisDay {
  if (known !== undefined && known.from <= now && now < known.until) return known
  const day = toParisLocal(new Date(now)).slice(0, 10)
  // At noon, so that neither a day of 23 hours nor one of 25 is missed.
  const next = new Date(Date.parse(`${day}T12:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
  known = { day, from: midnight(day), until: midnight(next) }
  return known
}

function midnight(day: string): number {
  return Date.parse(fromParisLocal(`${day}T00:00`) ?? '')
}
