import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { Installations } from './installations.ts'
import type { WaveOutcome } from './wave.ts'

/** Most tenants that a report names; the others are counted. */
const MOST_NAMED = 100

/** A tenant that a wave could not do. */
export interface WaveProblem {
  readonly tenantId: string
  readonly kind: 'failed' | 'waiting'
  readonly message: string
}

/** How a wave stands. */
export interface WaveReport {
  readonly kind: 'upgrade' | 'rehearsal'
  readonly pluginId: string
  readonly to: string
  readonly by: AuditActor
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number
  readonly endedAt?: number
  /** Tenants at which the plugin is on; unknown until the first is through. */
  readonly total?: number
  readonly through: number
  /** Upgraded, or rehearsed with a go. */
  readonly done: number
  readonly failed: number
  readonly waiting: number
  /** The first {@link MOST_NAMED} that failed or wait. */
  readonly problems: readonly WaveProblem[]
  /** Why the wave as a whole ended before its end. */
  readonly error?: string
}

/** Waves over all tenants that somebody started on a page: one at a time for each plugin, going on while nobody watches. */
export interface WaveDesk {
  /** @throws PlatformError `PLUGIN_BUSY` while one of this plugin is under way */
  start(kind: WaveReport['kind'], pluginId: string, to: string, by: AuditActor): WaveReport
  /** The latest of a plugin since the process started. */
  report(pluginId: string): WaveReport | undefined
  /** Has a wave end before its next tenant. Harmless when none is under way. */
  stop(pluginId: string): void
  /** When no wave is under way. */
  settled(): Promise<void>
  /** Stops all, and waits for the tenants under way. What was not reached goes on with the next wave. */
  close(): Promise<void>
}

interface Running {
  report: WaveReport
  readonly stopping: AbortController
  readonly ended: Promise<void>
}

/** See {@link WaveDesk}. */
export function createWaveDesk({ installations, outside, log }: {
  readonly installations: Pick<Installations, 'upgradeAll' | 'rehearseAll'>
  readonly outside: Outside
  readonly log: { error(detail: object, message: string): void }
}): WaveDesk {
  const waves = new Map<string, Running>()

  const run = async (wave: Running): Promise<void> => {
    const { kind, pluginId, to, by } = wave.report
    const told = (outcome: WaveOutcome<unknown>, through: number, total: number): void => { wave.report = noted(wave.report, outcome, through, total) }
    const how = { range: to, by, told, signal: wave.stopping.signal }
    try {
      await (kind === 'upgrade' ? installations.upgradeAll(pluginId, how) : installations.rehearseAll(pluginId, { ...how, acceptScopes: true }))
    } catch (error) {
      log.error({ plugin: pluginId, err: error }, 'a wave ended before its end')
      wave.report = { ...wave.report, error: error instanceof Error ? error.message : String(error) }
    }
    wave.report = { ...wave.report, endedAt: outside.now() }
  }

  return {
    start(kind, pluginId, to, by) {
      const before = waves.get(pluginId)
      if (before !== undefined && before.report.endedAt === undefined) {
        throw new PlatformError('PLUGIN_BUSY', `A wave of "${pluginId}" is under way.`, { fix: 'Wait for its end, or stop it.' })
      }
      const report: WaveReport = { kind, pluginId, to, by, startedAt: outside.now(), through: 0, done: 0, failed: 0, waiting: 0, problems: [] }
      const { promise, resolve } = Promise.withResolvers<void>()
      const wave: Running = { report, stopping: new AbortController(), ended: promise }
      waves.set(pluginId, wave)
      run(wave).then(resolve, resolve)
      return report
    },
    report: (pluginId) => waves.get(pluginId)?.report,
    stop: (pluginId) => { waves.get(pluginId)?.stopping.abort() },
    async settled() { await Promise.all([...waves.values()].map(({ ended }) => ended)) },
    async close() {
      for (const { stopping } of waves.values()) stopping.abort()
      await this.settled()
    },
  }
}

/** The report with one more tenant. Pure. */
function noted(report: WaveReport, { tenantId, state, result, error }: WaveOutcome<unknown>, through: number, total: number): WaveReport {
  const refused = (result as { readonly go?: boolean; readonly problems?: readonly { readonly message: string }[] } | undefined)?.go === false
  const kind = state === 'waiting' ? 'waiting' : state === 'failed' || refused ? 'failed' : undefined
  if (kind === undefined) return { ...report, through, total, done: report.done + 1 }
  const message = refused ? (result as { readonly problems: readonly { readonly message: string }[] }).problems.map((problem) => problem.message).join(' ') : error instanceof Error ? error.message : String(error)
  const problems = report.problems.length < MOST_NAMED ? [...report.problems, { tenantId, kind, message } as const] : report.problems
  return { ...report, through, total, problems, [kind]: report[kind] + 1 }
}
