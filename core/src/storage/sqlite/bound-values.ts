import { PlatformError } from '../../errors.ts'

/** A value that SQLite can hold as it is. */
export type BoundValue = string | number | bigint | Uint8Array | null

/**
 * Checks what is about to be bound to a statement, so that nothing is stored other than it was given.
 * @param about - names the owner and the statement; called only for a message
 * @throws PlatformError `DB_VALUE_INVALID`
 */
export function checkBoundValues(values: readonly unknown[], about: () => string): asserts values is readonly BoundValue[] {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]
    if (typeof value === 'string' || value === null) continue
    if (typeof value === 'number' && !Number.isNaN(value)) continue
    if (value instanceof Uint8Array) continue
    if (typeof value === 'bigint' && value >= -MAX_SAFE && value <= MAX_SAFE) continue
    const { what, fix } = problemOf(value)
    throw new PlatformError('DB_VALUE_INVALID', `Value ${index + 1} of "${about()}" is ${what}.`, { fix })
  }
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

function problemOf(value: unknown): { readonly what: string; readonly fix: string } {
  if (value === undefined) return { what: 'undefined', fix: 'Store null, or leave the column out.' }
  if (typeof value === 'boolean') return { what: `the boolean ${String(value)}`, fix: 'Store 1 or 0.' }
  if (typeof value === 'bigint') return { what: 'an integer past 2^53, which would be read back rounded', fix: 'Store it as text.' }
  if (typeof value === 'number') return { what: 'not a number (NaN)', fix: 'Store null.' }
  if (value instanceof Date) return { what: 'a Date', fix: 'Store date.getTime() or date.toISOString().' }
  if (typeof value === 'object') return { what: 'an object', fix: 'Store JSON.stringify(value), or one column per field.' }
  return { what: `a ${typeof value}`, fix: 'Store text, a number, bytes or null.' }
}
