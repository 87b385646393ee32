import { Script } from 'node:vm'
import { PlatformError } from '../errors.ts'

/** Longest that code may keep the whole process while it is loaded, in milliseconds: nobody is served meanwhile. */
export const LONGEST_BLOCK_MS = 3_000

const SLOT = Symbol.for('liberacces.within-time')
type Slotted = typeof globalThis & { [SLOT]?: (() => void) | undefined }

const call = new Script('globalThis[Symbol.for("liberacces.within-time")]()', { filename: 'liberacces:within-time' })

/**
 * Runs a synchronous function and stops it when its time is up, wherever it is: a loop without end at import or in `setup` costs only
 * its plugin. What it started, such as a promise, goes on.
 * @param limitMs - in milliseconds
 * @throws PlatformError `PLUGIN_LOAD_FAILED` past the limit; whatever `body` throws
 */
export function withinTime<Result>(limitMs: number, what: string, body: () => Result): Result {
  let outcome: { readonly result: Result } | undefined
  const slotted = globalThis as Slotted
  const before = slotted[SLOT]
  slotted[SLOT] = () => { outcome = { result: body() } }
  try {
    call.runInThisContext({ timeout: limitMs, displayErrors: false })
  } catch (cause) {
    if (cause instanceof Error && (cause as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new PlatformError('PLUGIN_LOAD_FAILED', `It was stopped after ${limitMs} ms: ${what} does not end.`, { fix: 'A plugin does nothing at import, and setup() only registers.', cause })
    }
    throw cause
  } finally {
    slotted[SLOT] = before
  }
  if (outcome === undefined) throw new Error(`${what} ended without a result.`)
  return outcome.result
}
