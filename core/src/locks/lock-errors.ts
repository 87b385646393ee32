import { PlatformError } from '../errors.ts'

/** Told to whoever holds a lock that others may have by now. */
export function lockLost(names: readonly string[], cause?: unknown): PlatformError {
  return new PlatformError('LOCK_LOST', `The lock "${names.join('", "')}" was lost while it was held.`, {
    ...(cause === undefined ? {} : { cause }), fix: 'Another node may have taken over. Look at what was done, and try again.',
  })
}

/** Told to whoever asks for a lock where there are none any more, or not now. */
export function locksUnavailable(message: string, cause?: unknown): PlatformError {
  return new PlatformError('UNAVAILABLE', message, { ...(cause === undefined ? {} : { cause }), fix: 'Try again in a moment.' })
}
