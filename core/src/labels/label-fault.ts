import { PlatformError, type Code } from '../errors.ts'

/** What is wrong with a label, or with what it rests on. */
export function labelFault(code: Extract<Code, `LABEL_${string}`>, message: string, fix: string, cause?: unknown): PlatformError {
  return new PlatformError(code, message, { fix, ...(cause === undefined ? {} : { cause }) })
}
