import { TIME_ZONE } from '@liberacces/sdk/host'
import { Cron } from 'croner'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'
import { Alarm } from './alarm.ts'
import { describeError } from './describe-error.ts'
import { DueQueue } from './due-queue.ts'

/** Runs of one plugin under way at a time, over all tenants. A plugin that hangs uses up only its own. */
const RUNS_PER_PLUGIN = 8

/** What a plugin wants to be run by the clock. */
export interface Schedule {
  readonly id: string
  /** Five fields, in the scheduler's time zone. */
  readonly cron: string
}

/** One run of a schedule. */
export interface ScheduledRun {
  readonly tenantId: string
  readonly pluginId: string
  readonly scheduleId: string
  /** When it was planned, in milliseconds since the Unix epoch; earlier than now when the platform was down. */
  readonly plannedAt: number
}

/** What the scheduler is made from. */
export interface SchedulerOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly ports: {
    /** Runs the handler through the door into plugin code; rejects when it failed or ran out of time. */
    due(run: ScheduledRun): Promise<void>
    readonly log: { warn(detail: object, message: string): void; error(detail: object, message: string): void }
  }
  /** @defaultValue `Europe/Paris` */
  readonly timeZone?: string
}

/** Runs schedules by the clock. What was missed while the platform was down runs once. */
export interface Scheduler {
  /**
   * Takes up a plugin's schedules for a tenant, instead of those before.
   * @throws PlatformError `MANIFEST_INVALID` for a pattern that cannot be read or never comes
   */
  register(tenantId: string, pluginId: string, schedules: readonly Schedule[]): Promise<void>
  /** Lets go of them; their times stay on record, and one missed until the next `register` then runs once. */
  unregister(tenantId: string, pluginId: string): void
  /** Deletes their record too: the plugin was switched off. */
  forget(tenantId: string, pluginId: string): Promise<void>
  /** Runs everything due by the clock, and returns when none is under way. For tests and shutdown. */
  settle(): Promise<void>
  /** Begins no new run, and waits for those under way. */
  stop(): Promise<void>
}

interface Entry {
  readonly tenantId: string
  readonly pluginId: string
  readonly scheduleId: string
  readonly cron: Cron
  plannedAt: number
  isRunning: boolean
  isGone: boolean
}

/** Makes a scheduler. One timer serves all schedules. */
export function createScheduler({ storage, outside, ports, timeZone = TIME_ZONE }: SchedulerOptions): Scheduler {
  const entries = new Map<string, readonly Entry[]>()
  const due = new DueQueue<Entry>()
  const waiting = new Map<string, Entry[]>()
  const running = new Map<string, number>()
  const underWay = new Set<Promise<void>>()
  let stopped = false
  const alarm = new Alarm(outside, () => { wake() })

  const rowsOf = (tenantId: string, pluginId: string) =>
    storage.platform.selectFrom('schedule').selectAll().where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId)
  const rowOf = (entry: Entry) => storage.platform.updateTable('schedule')
    .where('tenant_id', '=', entry.tenantId).where('plugin_id', '=', entry.pluginId).where('schedule_id', '=', entry.scheduleId)

  const unregister = (tenantId: string, pluginId: string): void => {
    for (const entry of entries.get(`${tenantId}/${pluginId}`) ?? []) {
      entry.isGone = true
      due.delete(entry)
    }
    entries.delete(`${tenantId}/${pluginId}`)
    alarm.set(due.next)
  }

  const wake = (): void => {
    if (stopped) return
    for (const entry of due.take(outside.now())) {
      const queue = waiting.get(entry.pluginId)
      if (queue === undefined) waiting.set(entry.pluginId, [entry])
      else queue.push(entry)
      startRuns(entry.pluginId)
    }
    alarm.set(due.next)
  }

  const startRuns = (pluginId: string): void => {
    const queue = waiting.get(pluginId) ?? []
    while (!stopped && (running.get(pluginId) ?? 0) < RUNS_PER_PLUGIN) {
      const entry = queue.shift()
      if (entry === undefined) break
      running.set(pluginId, (running.get(pluginId) ?? 0) + 1)
      const work = run(entry).finally(() => {
        underWay.delete(work)
        running.set(pluginId, (running.get(pluginId) ?? 1) - 1)
        startRuns(pluginId)
      })
      underWay.add(work)
    }
    if (queue.length === 0) waiting.delete(pluginId)
  }

  const run = async (entry: Entry): Promise<void> => {
    if (entry.isGone) return
    const { tenantId, pluginId, scheduleId, plannedAt } = entry
    const about = { tenant: tenantId, plugin: pluginId, schedule: scheduleId }
    const now = outside.now()
    try {
      // Before the run, so that a run that hangs or kills the process is not begun again and again.
      const nextAt = nextAfter(entry.cron, now)
      entry.plannedAt = nextAt
      await rowOf(entry).set({ next_at: nextAt, last_at: now }).execute()
      if (!entry.isGone) due.set(entry, nextAt)
      alarm.set(due.next)
    } catch (error) {
      ports.log.error({ ...about, error: describeError(error) }, 'schedule could not be written down, and is left out')
      entry.plannedAt = now + 60_000
      if (!entry.isGone) due.set(entry, entry.plannedAt)
      return
    }
    if (entry.isRunning) {
      ports.log.warn(about, 'schedule left out: its run before is still under way')
      return
    }
    entry.isRunning = true
    let failure: string | null = null
    try {
      await ports.due({ tenantId, pluginId, scheduleId, plannedAt })
    } catch (error) {
      failure = describeError(error)
      ports.log.warn({ ...about, error: failure }, 'scheduled run failed')
    }
    entry.isRunning = false
    await rowOf(entry).set({ last_error: failure }).execute()
      .catch((error: unknown) => { ports.log.error({ ...about, error: describeError(error) }, 'the end of a scheduled run could not be written down') })
  }

  return {
    register: async (tenantId, pluginId, schedules) => {
      const now = outside.now()
      const planned = schedules.map((schedule) => {
        const cron = parse(pluginId, schedule, timeZone, now)
        return { id: schedule.id, cron, nextAt: nextAfter(cron, now) }
      })
      const known = await rowsOf(tenantId, pluginId).execute()
      const made: Entry[] = []
      for (const { id, cron, nextAt } of planned) {
        const row = known.find((other) => other.schedule_id === id)
        // A time in the past was missed and is kept. One to come is worked out anew: the pattern may be another.
        const plannedAt = row !== undefined && row.next_at <= now ? row.next_at : nextAt
        if (row?.next_at !== plannedAt) {
          await storage.platform.insertInto('schedule')
            .values({ tenant_id: tenantId, plugin_id: pluginId, schedule_id: id, next_at: plannedAt, last_at: null, last_error: null })
            .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id', 'schedule_id']).doUpdateSet({ next_at: plannedAt })).execute()
        }
        made.push({ tenantId, pluginId, scheduleId: id, cron, plannedAt, isRunning: false, isGone: false })
      }
      for (const { schedule_id } of known.filter((row) => !schedules.some(({ id }) => id === row.schedule_id))) {
        await storage.platform.deleteFrom('schedule').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).where('schedule_id', '=', schedule_id).execute()
      }
      unregister(tenantId, pluginId)
      entries.set(`${tenantId}/${pluginId}`, made)
      for (const entry of made) due.set(entry, entry.plannedAt)
      alarm.set(stopped ? undefined : due.next)
    },

    unregister,

    forget: async (tenantId, pluginId) => {
      unregister(tenantId, pluginId)
      await storage.platform.deleteFrom('schedule').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).execute()
    },

    settle: async () => {
      for (wake(); underWay.size > 0; wake()) await Promise.race(underWay)
    },

    stop: async () => {
      stopped = true
      alarm.set(undefined)
      waiting.clear()
      while (underWay.size > 0) await Promise.race(underWay)
    },
  }
}

function parse(pluginId: string, schedule: Schedule, timezone: string, now: number): Cron {
  try {
    const cron = new Cron(schedule.cron, { timezone, mode: '5-part', paused: true })
    if (cron.nextRun(new Date(now)) !== null) return cron
  } catch (cause) {
    throw new PlatformError('MANIFEST_INVALID', `Schedule "${schedule.id}" of plugin "${pluginId}" has the pattern "${schedule.cron}", which cannot be read: ${describeError(cause)}`, {
      cause, fix: 'Write five fields: minute, hour, day of month, month, day of week; such as "0 10 * * *".',
    })
  }
  throw new PlatformError('MANIFEST_INVALID', `Schedule "${schedule.id}" of plugin "${pluginId}" has the pattern "${schedule.cron}", which never comes.`, {
    fix: 'Name a day that exists.',
  })
}

function nextAfter(cron: Cron, now: number): number {
  // A pattern that was accepted and comes no more (none with five fields does) is looked at again in a day.
  return cron.nextRun(new Date(now))?.getTime() ?? now + 24 * 60 * 60 * 1_000
}
