import { readdirSync, readFileSync } from 'node:fs'

/** Taken where the system does not say: the smallest limit in use. */
const USUAL_LIMIT = 1_024
/** What a thousand stores take that are all written to; more would only cost memory. */
const MOST_FOR_STORES = 3_000
/** Kept free for connections that come before it is looked again. */
const FREE = 64

/**
 * How many file descriptors the open stores may take: what the process was started with (`ulimit -n`), less what everything else has
 * open now, connections above all, and some to spare. Never less than half of the limit.
 * @param takenByStores - those that stores have now
 */
export function descriptorsForStores(takenByStores: number): number {
  const limit = openFilesLimit()
  const others = Math.max(0, openNow(limit / 4) - takenByStores)
  return Math.min(MOST_FOR_STORES, Math.max(Math.floor(limit / 2), limit - others - FREE))
}

/** Most files that this process may have open at a time. Linux alone tells without a detour. */
function openFilesLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return soft === undefined ? USUAL_LIMIT : Number(soft)
  } catch {
    return USUAL_LIMIT
  }
}

/** Files that this process has open. */
function openNow(otherwise: number): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return otherwise
  }
}
