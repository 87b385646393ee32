import { scriptAncestry } from './script-ancestry.ts'

/** Asking a server to stop. */
export interface StopRequest {
  /** Aborted when the server shall finish what is under way and end. */
  readonly signal: AbortSignal
  /** Listens no more. */
  dispose(): void
}

/** A terminal sends a signal to the whole process group, and wrappers pass theirs on: what comes this soon is the same one, in milliseconds. */
const SAME_SIGNAL_MS = 300
/** How often to look whether the package manager that started us still lives, in milliseconds. */
const ANCESTRY_CHECK_MS = 500

/**
 * Listens for SIGINT and SIGTERM; a second one ends the process at once with 130. A server that a package manager's script
 * started (`pnpm start`) is asked to stop too when that is gone.
 */
export function listenForStop(env: Readonly<Record<string, string | undefined>>): StopRequest {
  const controller = new AbortController()
  let askedAt: number | undefined
  const ask = (): void => {
    if (askedAt === undefined) {
      askedAt = performance.now()
      controller.abort()
    } else if (performance.now() - askedAt > SAME_SIGNAL_MS) {
      process.exit(130)
    }
  }
  process.on('SIGINT', ask)
  process.on('SIGTERM', ask)
  const ancestry = scriptAncestry(env)
  const watch = ancestry === undefined ? undefined : setInterval(() => {
    if (askedAt === undefined && !ancestry.isWhole()) ask()
  }, ANCESTRY_CHECK_MS)
  watch?.unref()
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', ask)
      process.off('SIGTERM', ask)
      clearInterval(watch)
    },
  }
}
