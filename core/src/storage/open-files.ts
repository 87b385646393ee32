import { readFileSync } from 'node:fs'

/** Of the descriptors that a process may have, those that stores may take: the rest is for connections, files and the kernel's own. */
const SHARE_OF_STORES = 0.75
/** Taken where the system does not say: the smallest limit in use. */
const USUAL_LIMIT = 1_024
/** What a thousand stores take that are all written to; more would only cost memory. */
const MOST_FOR_STORES = 3_000

/**
 * How many file descriptors the open stores of this process may take, from the limit that it was started with (`ulimit -n`).
 * @param limit - most open files of the process
 */
export function descriptorsForStores(limit: number = openFilesLimit()): number {
  return Math.min(MOST_FOR_STORES, Math.max(3, Math.floor(limit * SHARE_OF_STORES)))
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
