import type { Logger } from 'pino'
import type { Scope } from './scope.ts'

/** How often what has run out is deleted, in milliseconds: sessions, forgotten login failures. */
const EVERY_MS = 3_600_000

/** Runs clean-ups now and then, as long as the scope is open. One that fails is logged and comes again. */
export function sweepNowAndThen(scope: Scope, log: Pick<Logger, 'warn'>, sweeps: readonly (() => Promise<void>)[]): void {
  const timer = setInterval(() => {
    for (const sweep of sweeps) sweep().catch((err: unknown) => { log.warn({ err }, 'a sweep failed; the next one comes') })
  }, EVERY_MS)
  timer.unref()
  scope.defer('sweeps', () => { clearInterval(timer) })
}
