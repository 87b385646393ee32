import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { Installations } from './installations.ts'
import type { Rehearsal } from './rehearsal.ts'
import type { Upgraded } from './upgrade.ts'
import type { WaveOutcome } from './wave.ts'
import { noted, type WaveReport } from './wave-report.ts'
import type { WaveRows } from './wave-rows.ts'

type UpgradeHow = Parameters<Installations['upgradeAll']>[1]
type RehearsalHow = Parameters<Installations['rehearseAll']>[1]

/** Waves over all tenants: one at a time for each plugin over all nodes, going on while nobody watches, and told of on every node. */
export interface WaveDesk {
  /** Begins one and lets it go on. @throws PlatformError `PLUGIN_BUSY` while one of this plugin is under way, on whichever node */
  start(kind: WaveReport['kind'], pluginId: string, to: string, by: AuditActor): Promise<WaveReport>
  /** Upgrades all, and waits for the end. @throws PlatformError `PLUGIN_BUSY` */
  upgradeAll(pluginId: string, how: UpgradeHow): Promise<readonly WaveOutcome<Upgraded>[]>
  /** Rehearses at all, and waits for the end. @throws PlatformError `PLUGIN_BUSY` */
  rehearseAll(pluginId: string, how: RehearsalHow): Promise<readonly WaveOutcome<Rehearsal>[]>
  /** The latest of a plugin, whichever node runs it. */
  report(pluginId: string): Promise<WaveReport | undefined>
  /** The latest of each plugin, with the node that runs it as long as one does. */
  list(): Promise<readonly (WaveReport & { readonly node?: string })[]>
  /** Has a wave end before its next tenant, on whichever node it runs. @returns the wave; `undefined` when none is under way */
  stop(pluginId: string): Promise<WaveReport | undefined>
  /** When no wave is under way on this node. */
  settled(): Promise<void>
  /** Stops those of this node, and waits for the tenants under way. What was not reached goes on with the next wave. */
  close(): Promise<void>
  /** Hears that somebody on another node wants one to end. */
  readonly held: Reloadable
}

interface Running {
  report: WaveReport
  readonly stopping: AbortController
  readonly ended: Promise<void>
}

/** See {@link WaveDesk}. */
export function createWaveDesk({ installations, rows, outside, log }: {
  readonly installations: Pick<Installations, 'upgradeAll' | 'rehearseAll'>
  readonly rows: WaveRows
  readonly outside: Pick<Outside, 'now'>
  readonly log: { warn(detail: object, message: string): void; error(detail: object, message: string): void }
}): WaveDesk {
  /** Those of this node that are under way. */
  const waves = new Map<string, Running>()

  /** Runs a wave that is on record from its beginning to its end, and told of meanwhile. */
  const recorded = async <Result>(about: Pick<WaveReport, 'kind' | 'pluginId' | 'to' | 'by'>, body: (told: (outcome: WaveOutcome<Result>, through: number, total: number) => void, signal: AbortSignal) => Promise<readonly WaveOutcome<Result>[]>): Promise<{ readonly report: WaveReport; readonly outcomes: Promise<readonly WaveOutcome<Result>[]> }> => {
    const { pluginId } = about
    const report: WaveReport = { ...about, startedAt: outside.now(), through: 0, done: 0, failed: 0, waiting: 0, problems: [] }
    if (waves.has(pluginId)) throw busy(pluginId)
    const { promise, resolve } = Promise.withResolvers<void>()
    const wave: Running = { report, stopping: new AbortController(), ended: promise }
    waves.set(pluginId, wave)
    try {
      if (!await rows.begin(report)) throw busy(pluginId)
    } catch (error) {
      waves.delete(pluginId)
      resolve()
      throw error
    }
    /** One write at a time, of how it stands by then: a wave is not held up by them. */
    let writing: Promise<void> | undefined
    const write = (): void => {
      writing ??= rows.note(wave.report).catch((err: unknown) => { log.warn({ plugin: pluginId, err }, 'how a wave stands could not be written down; the next tenant brings it') }).finally(() => { writing = undefined })
    }
    const run = async (): Promise<readonly WaveOutcome<Result>[]> => {
      try {
        return await body((outcome, through, total) => {
          wave.report = noted(wave.report, outcome, through, total)
          write()
        }, wave.stopping.signal)
      } catch (error) {
        log.error({ plugin: pluginId, err: error }, 'a wave ended before its end')
        wave.report = { ...wave.report, error: error instanceof Error ? error.message : String(error) }
        throw error
      } finally {
        wave.report = { ...wave.report, endedAt: outside.now() }
        await writing
        await rows.end(wave.report).catch((err: unknown) => { log.error({ plugin: pluginId, err }, 'the end of a wave could not be written down') })
        waves.delete(pluginId)
        resolve()
      }
    }
    return { report, outcomes: run() }
  }
  /** Whoever began it may end it too. */
  const both = (signal: AbortSignal | undefined, own: AbortSignal): AbortSignal => (signal === undefined ? own : AbortSignal.any([signal, own]))
  const upgrading = (pluginId: string, to: string, how: UpgradeHow) => recorded<Upgraded>({ kind: 'upgrade', pluginId, to, by: how.by }, (told, signal) => installations.upgradeAll(pluginId, {
    ...how, signal: both(how.signal, signal), requireOwn: () => rows.requireOwn(pluginId),
    told: (outcome, through, total) => {
      told(outcome, through, total)
      how.told?.(outcome, through, total)
    },
  }))
  const rehearsing = (pluginId: string, to: string, how: RehearsalHow) => recorded<Rehearsal>({ kind: 'rehearsal', pluginId, to, by: how.by }, (told, signal) => installations.rehearseAll(pluginId, {
    ...how, signal: both(how.signal, signal), requireOwn: () => rows.requireOwn(pluginId),
    told: (outcome, through, total) => {
      told(outcome, through, total)
      how.told?.(outcome, through, total)
    },
  }))

  return {
    async start(kind, pluginId, to, by) {
      const { report, outcomes } = kind === 'upgrade' ? await upgrading(pluginId, to, { range: to, by }) : await rehearsing(pluginId, to, { range: to, by, acceptScopes: true })
      outcomes.catch(() => undefined) // it is in the report
      return report
    },
    upgradeAll: async (pluginId, how) => await (await upgrading(pluginId, how.range, how)).outcomes,
    rehearseAll: async (pluginId, how) => await (await rehearsing(pluginId, how.range, how)).outcomes,
    report: async (pluginId) => waves.get(pluginId)?.report ?? (await rows.list(pluginId))[0],
    list: () => rows.list(),
    async stop(pluginId) {
      waves.get(pluginId)?.stopping.abort()
      return await rows.askToStop(pluginId)
    },
    async settled() { await Promise.all([...waves.values()].map(({ ended }) => ended)) },
    async close() {
      for (const { stopping } of waves.values()) stopping.abort()
      await this.settled()
    },
    held: {
      tables: ['wave'],
      reload: async () => {
        if (waves.size === 0) return
        const asked = await rows.askedToStop()
        for (const [pluginId, { stopping }] of waves) if (asked.includes(pluginId)) stopping.abort()
      },
    },
  }
}

function busy(pluginId: string): PlatformError {
  return new PlatformError('PLUGIN_BUSY', `A wave of "${pluginId}" is under way.`, { fix: 'See how it stands with `liberacces wave list` or in the console. Wait for its end, or stop it.' })
}
