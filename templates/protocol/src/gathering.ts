/** What is known of a date. Pure: it imports nothing of the platform. */

/** A date of the authority. Moments are ISO 8601 in UTC. */
export interface Gathering {
  readonly id: string
  readonly title: string
  readonly place: string
  readonly startsAt: string
  readonly endsAt: string
  readonly isCancelled: boolean
  /** How often it was changed. */
  readonly changes: number
  readonly changedAt: string
}

/** Longest that one may last, in milliseconds: a month. */
const LONGEST_MS = 31 * 86_400_000

/** What is wrong with its moments. Each has a message `error.<fault>`. */
export function momentFault(startsAt: string, endsAt: string): 'reversed' | 'too-long' | undefined {
  const lastsMs = Date.parse(endsAt) - Date.parse(startsAt)
  if (lastsMs <= 0) return 'reversed'
  return lastsMs > LONGEST_MS ? 'too-long' : undefined
}
