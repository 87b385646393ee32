import { literalBytes, readLength } from './literal-bytes.ts'
import type { Heard } from './partner-description.ts'

/** Most bytes of one thing that is said to a partner. */
export const MOST_HEARD = 262_144

/** Bytes by the name that they are kept under. */
export type Kept = ReadonlyMap<string, Buffer>

/** `part`: what came so far may become it; `no`: it cannot. With where it ends, and what is kept by then. */
export type Hearing = 'no' | 'part' | { readonly end: number; readonly kept: Kept }

/**
 * Whether what came is what these parts describe, one after the other from its beginning. Each step goes forward, so that it takes as long as what came is long. Pure.
 * @param before - what was kept in the conversation
 */
export function hear(parts: readonly Heard[], bytes: Buffer, before: Kept): Hearing {
  const kept = new Map(before)
  let at = 0
  for (const part of parts) {
    const heard = hearPart(part, bytes, at, kept)
    if (typeof heard !== 'number') return heard
    at = heard
  }
  return { end: at, kept }
}

function hearPart(part: Heard, bytes: Buffer, at: number, kept: Map<string, Buffer>): number | 'no' | 'part' {
  const take = (from: number, to: number, end = to): number | 'no' | 'part' => {
    if (to < from || to - from > MOST_HEARD) return 'no'
    if (bytes.length < end) return 'part'
    if ('as' in part && part.as !== undefined) kept.set(part.as, bytes.subarray(from, to))
    return end
  }
  if ('any' in part) {
    const size = typeof part.any === 'number' ? part.any : digitsIn(kept.get(part.any))
    return size === undefined ? 'no' : take(at, at + size)
  }
  if ('until' in part) {
    const mark = literalBytes(part.until)
    const found = bytes.indexOf(mark, at)
    return found < 0 ? 'part' : take(at, found, found + mark.length)
  }
  if ('sized' in part) {
    const length = readLength(bytes, at, part)
    if (length === undefined) return 'part'
    const end = length.end + length.value
    if (part.of !== undefined && length.value >= 0) {
      // What begins otherwise is another thing, also while the rest of it is not there yet.
      const within = hear(part.of, bytes.subarray(length.end, end), kept)
      if (within === 'no' || (within === 'part' && bytes.length >= end)) return 'no'
      if (within !== 'part') for (const [name, value] of within.kept) kept.set(name, value)
    }
    return take(length.end, end)
  }
  const wanted = literalBytes(part)
  const there = bytes.subarray(at, at + wanted.length)
  if (!there.equals(wanted.subarray(0, there.length))) return 'no'
  return there.length < wanted.length ? 'part' : at + wanted.length
}

function digitsIn(bytes: Buffer | undefined): number | undefined {
  const text = bytes?.toString('latin1') ?? ''
  return /^\d{1,7}$/.test(text) ? Number(text) : undefined
}
