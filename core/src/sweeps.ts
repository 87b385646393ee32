import type { Logger } from 'pino'
import type { Scope } from './scope.ts'

/** How often what has run out is deleted, in milliseconds: sessions, forgotten login failures. */
const EVERY_MS = 3_600_000

const MINUTE_MS = 60_000

/** Runs clean-ups now and then, as long as the scope is open. One that fails is logged and comes again. */
export function sweepNowAndThen(scope: Scope, log: Pick<Logger, 'warn'>, sweeps: readonly (() => Promise<void>)[]): void {
  repeat(scope, 'sweeps', log, EVERY_MS, sweeps)
}

/** Runs what has to be written or told soon, each minute, as long as the scope is open. One that fails is logged and comes again. */
export function everyMinute(scope: Scope, log: Pick<Logger, 'warn'>, chores: readonly (() => Promise<void>)[]): void {
  repeat(scope, 'chores of each minute', log, MINUTE_MS, chores)
}

/** Runs chores again and again, as long as the scope is open. One that fails is logged and comes again. */
export function repeat(scope: Scope, label: string, log: Pick<Logger, 'warn'>, everyMs: number, chores: readonly (() => Promise<void>)[]): void {
  const timer = setInterval(() => {
    for (const chore of chores) chore().catch((err: unknown) => { log.warn({ err, label }, 'a chore failed; the next round comes') })
  }, everyMs)
  timer.unref()
  scope.defer(label, () => { clearInterval(timer) })
}
