import type { Outside } from '../outside.ts'

/** Tries of one delivery before it is a dead letter. */
export const MAX_TRIES = 8

/** Wait before the next try, in milliseconds: 1 s, 2 s, 4 s … after the first, second, third try, and up to a fifth more by chance. */
export function retryDelayMs(triesMade: number, outside: Outside): number {
  const chance = (outside.randomBytes(1)[0] ?? 0) / 256
  return Math.round(1_000 * 2 ** (Math.max(1, triesMade) - 1) * (1 + chance / 5))
}
