import { PlatformError } from '../errors.ts'

/** Shortest and longest wait until a plugin that could not be called is tried again, in milliseconds. */
const PUT_OFF_MS = { shortest: 5_000, longest: 600_000 } as const

/** Not the handler's fault, and over by itself: such a try does not count. */
const PUT_OFF: ReadonlySet<string> = new Set(['UNAVAILABLE', 'DB_UNAVAILABLE', 'DB_BUSY'])

/** Whether what was tried is to be tried later, as if it had not been. */
export function isToBePutOff(error: unknown): boolean {
  return error instanceof PlatformError && PUT_OFF.has(error.code)
}

/** A twentieth of what waits' age: a plugin that just drains is asked soon, one that is switched off for months costs next to nothing. */
export function putOffMs(ageMs: number): number {
  return Math.min(PUT_OFF_MS.longest, Math.max(PUT_OFF_MS.shortest, Math.round(ageMs / 20)))
}
