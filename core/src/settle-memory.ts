// By `performance`: the function is an export of its own from Node 24 on only.
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql, type Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Scope } from './scope.ts'
import { dialectOf } from './storage/dialect-of.ts'

/** How often it is seen whether the platform is at rest, in milliseconds. */
const LOOK_EVERY_MS = 2_000
/** At rest is who was busy for less than this share of the time since the last look. */
const REST = 0.05

/**
 * Gives back what only the start needed, once, as soon as nothing is asked of the platform for two seconds: rows of tens of thousands of tenants,
 * the pages that they were read from, sources and compilations. Left alone, the heap keeps that room until there is much to do. Takes up to 150 ms
 * with tens of thousands of tenants, in which nobody is served; a platform that is never at rest is spared that.
 */
export function settleMemoryAtRest(scope: Scope, log: Pick<Logger, 'warn'>, platform: Kysely<never>): void {
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization >= REST) return
    clearInterval(timer)
    settleMemory(platform).catch((err: unknown) => { log.warn({ err }, 'memory of the start could not be given back') })
  }, LOOK_EVERY_MS).unref()
  scope.defer('memory of the start', () => { clearInterval(timer) })
}

async function settleMemory(platform: Kysely<never>): Promise<void> {
  if (dialectOf(platform) === 'sqlite') await sql`pragma shrink_memory`.execute(platform)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: 'last-resort' }) => void
  setFlagsFromString('--no-expose-gc')
  // The last resort gives emptied pages back to the system; a regular collection keeps them for later.
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
