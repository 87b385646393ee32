import { PlatformError } from '../errors.ts'

/** An error as operators read it, at most 500 characters. */
export function describeError(error: unknown): string {
  const text = error instanceof PlatformError ? `${error.code}: ${error.message}` : error instanceof Error ? error.message : String(error)
  return text.slice(0, 500)
}
