import { createHash } from 'node:crypto'

/** A whole number that follows from a seed and names: the same ones give the same. */
export function derivedSeed(seed: number, ...names: readonly string[]): number {
  return createHash('sha256').update([String(seed), ...names].join('\0')).digest().readUInt32BE(0) & 0x7fffffff
}

/** A text nobody guesses, of so many hexadecimal digits, that follows from a seed and names. */
export function derivedHex(seed: number, digits: number, ...names: readonly string[]): string {
  return createHash('sha256').update([String(seed), 'hex', ...names].join('\0')).digest('hex').slice(0, digits)
}
