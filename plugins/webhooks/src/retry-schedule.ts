const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

/** Waits after the first, second, third… failed try, in milliseconds, as Standard Webhooks recommends: some three days in all. */
const WAITS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const

/** Longest that a receiver may ask us to wait, in milliseconds. */
const LONGEST_MS = 24 * HOUR

/**
 * When to try again; `undefined` when it is given up.
 * @param triesMade - 1 after the first
 * @param chance - from 0 to 1: up to a fifth more, so that what failed together does not come back together
 * @param wantedMs - how long the receiver asks us to wait (`Retry-After`)
 */
export function retryAfterMs(triesMade: number, chance: number, wantedMs: number | undefined): number | undefined {
  const wait = WAITS_MS[triesMade - 1]
  if (wait === undefined) return undefined
  return Math.max(Math.round(wait * (1 + chance / 5)), Math.min(wantedMs ?? 0, LONGEST_MS))
}

/** How long a receiver asks us to wait, in milliseconds (RFC 9110, section 10.2.3); `undefined` when it does not, or not readably. */
export function readRetryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
