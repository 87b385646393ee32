// Longer than others: which runs are due, which are under way and what is written of them change together, for all tenants at once.
import { TIME_ZONE } from '@liberacces/sdk/host'
import { Cron } from 'croner'
import { sql } from 'kysely'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'
import { Alarm } from './alarm.ts'
import { describeError } from './describe-error.ts'
import { isToBePutOff, putOffMs } from './put-off.ts'
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
    /**
     * Runs the handler through the door into plugin code; rejects when it failed or ran out of time.
     * @param signal - aborts when other nodes may take over the run
     */
    due(run: ScheduledRun, signal: AbortSignal): Promise<void>
    readonly log: { warn(detail: object, message: string): void; error(detail: object, message: string): void }
  }
  /** @defaultValue `Europe/Paris` */
  readonly timeZone?: string
  /** This process among the nodes. A run holds its schedule for as long as this node says that it lives. @defaultValue there are no others */
  readonly node?: { readonly id: string; readonly isSure: boolean }
}

/** How often it is looked, while something runs, whether the other nodes know that this one lives, in milliseconds. */
const LOOK_EVERY_MS = 200

/** Runs schedules by the clock. What was missed while the platform was down runs once. */
export interface Scheduler {
  /**
   * Takes up a plugin's schedules for a tenant, instead of those before.
   * @throws PlatformError `MANIFEST_INVALID` for a pattern that cannot be read or never comes
   */
  register(tenantId: string, pluginId: string, schedules: readonly Schedule[]): Promise<void>
  /**
   * Takes up a plugin's schedules for many tenants at a start, with few statements. Tenants that it has are kept.
   * @throws PlatformError `MANIFEST_INVALID`
   */
  registerMany(pluginId: string, schedules: readonly Schedule[], tenantIds: readonly string[]): Promise<void>
  /** Lets go of them; their times stay on record, and one missed until the next `register` then runs once. */
  unregister(tenantId: string, pluginId: string): void
  /** Deletes their record too: the plugin was switched off. */
  forget(tenantId: string, pluginId: string): Promise<void>
  /** Runs everything due by the clock, and returns when none is under way. For tests and shutdown. */
  settle(): Promise<void>
  /** Begins no new run, and waits for those under way. */
  stop(): Promise<void>
}

/** Tenants that have a schedule of the same pattern: it comes for all of them at the same time, so tens of thousands cost one entry. */
interface Group {
  readonly pluginId: string
  readonly scheduleId: string
  readonly pattern: string
  readonly cron: Cron
  readonly tenants: Set<string>
  plannedAt: number
}

/** One run to be made, of one tenant. */
interface Turn {
  readonly group: Group
  readonly tenantId: string
  readonly plannedAt: number
}

/** Makes a scheduler. One timer serves all schedules. */
export function createScheduler({ storage, outside, ports, timeZone = TIME_ZONE, node }: SchedulerOptions): Scheduler {
  /** By plugin; few each. */
  const groups = new Map<string, Group[]>()
  /** Groups as they come; turns that were missed, or put off. */
  const due = new DueQueue<Group | Turn>()
  const waiting = new Map<string, Turn[]>()
  const running = new Map<string, number>()
  /** Runs under way, by group and tenant: a run that hangs is not begun twice. */
  const begun = new Map<Group, Set<string>>()
  const underWay = new Set<Promise<void>>()
  /** Runs that have ended, and of which that could not be written down. */
  const unwritten = new Map<Turn, string | null>()
  let over = new AbortController()
  let looking: NodeJS.Timeout | undefined
  let stopped = false
  const alarm = new Alarm(outside, () => { wake() })

  const rowOf = ({ group: { pluginId, scheduleId }, tenantId }: Turn) => storage.platform.updateTable('schedule')
    .where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).where('schedule_id', '=', scheduleId)

  /** Whoever is not sure any more that the others know it lives stops what they may begin. */
  const look = (): void => {
    if (underWay.size === 0) {
      clearInterval(looking)
      looking = undefined
    } else if (node?.isSure === false && !over.signal.aborted) {
      over.abort(new PlatformError('LOCK_LOST', 'This node has lost its connection to the database, and another one may run the schedule.', { fix: 'It comes again at its next time.' }))
    }
  }

  /** The schedule is free for others. */
  const letGo = async (turn: Turn): Promise<void> => {
    if (node !== undefined) await rowOf(turn).where('run_by', '=', node.id).set({ run_by: null }).execute()
  }

  const writeEnd = async (turn: Turn, failure: string | null): Promise<void> => {
    await rowOf(turn).set({ last_error: failure }).execute()
    await letGo(turn)
    unwritten.delete(turn)
  }

  const unregister = (tenantId: string, pluginId: string): void => {
    const left = (groups.get(pluginId) ?? []).filter((group) => {
      group.tenants.delete(tenantId)
      if (group.tenants.size === 0) due.delete(group)
      return group.tenants.size > 0
    })
    if (left.length === 0) groups.delete(pluginId)
    else groups.set(pluginId, left)
    alarm.set(due.next)
  }

  /** The group of a schedule, made where there is none. */
  const groupOf = (pluginId: string, { id, cron: pattern }: Schedule, now: number): Group => {
    const ofPlugin = groups.get(pluginId) ?? []
    const known = ofPlugin.find((group) => group.scheduleId === id && group.pattern === pattern)
    if (known !== undefined) return known
    const cron = parse(pluginId, { id, cron: pattern }, timeZone, now)
    const group: Group = { pluginId, scheduleId: id, pattern, cron, tenants: new Set(), plannedAt: nextAfter(cron, now) }
    groups.set(pluginId, [...ofPlugin, group])
    return group
  }

  const wake = (): void => {
    if (stopped) return
    const now = outside.now()
    for (const each of due.take(now)) {
      if ('tenantId' in each) {
        queue([each])
        continue
      }
      const { plannedAt } = each
      each.plannedAt = nextAfter(each.cron, now)
      due.set(each, each.plannedAt)
      queue(Array.from(each.tenants, (tenantId) => ({ group: each, tenantId, plannedAt })))
    }
    alarm.set(due.next)
  }

  const queue = (turns: readonly Turn[]): void => {
    const pluginId = turns[0]?.group.pluginId
    if (pluginId === undefined) return
    waiting.set(pluginId, (waiting.get(pluginId) ?? []).concat(turns))
    startRuns(pluginId)
  }

  const startRuns = (pluginId: string): void => {
    const turns = waiting.get(pluginId) ?? []
    let taken = 0
    while (!stopped && (running.get(pluginId) ?? 0) < RUNS_PER_PLUGIN) {
      const turn = turns[taken]
      if (turn === undefined) break
      taken += 1
      running.set(pluginId, (running.get(pluginId) ?? 0) + 1)
      const work = run(turn).finally(() => {
        underWay.delete(work)
        running.set(pluginId, (running.get(pluginId) ?? 1) - 1)
        startRuns(pluginId)
      })
      underWay.add(work)
    }
    turns.splice(0, taken)
    if (turns.length === 0) waiting.delete(pluginId)
  }

  const run = async (turn: Turn): Promise<void> => {
    const { group, tenantId, plannedAt } = turn
    const { pluginId, scheduleId } = group
    if (!group.tenants.has(tenantId)) return
    const about = { tenant: tenantId, plugin: pluginId, schedule: scheduleId }
    const now = outside.now()
    try {
      for (const [ended, failure] of unwritten) await writeEnd(ended, failure)
      // Before the run, so that a run that hangs or kills the process is not begun again and again; and once for each time, whichever
      // node comes first, whatever its clock says. A node that lives and runs it still holds it.
      const claimed = await rowOf(turn).where((row) => row.or([row('last_due', 'is', null), row('last_due', '<', plannedAt)]))
        .set((row) => ({
          next_at: group.plannedAt > now ? group.plannedAt : nextAfter(group.cron, now), last_at: now, last_due: plannedAt,
          ...(node === undefined ? {} : {
            run_by: row.case().when(row.or([row('run_by', 'is', null), row('run_by', 'not in', row.selectFrom('node').select('id'))])).then(node.id).else(row.ref('run_by')).end(),
          }),
        })).returning('run_by').executeTakeFirst()
      if (claimed === undefined) return
      if (node !== undefined && claimed.run_by !== node.id) {
        ports.log.warn({ ...about, node: claimed.run_by }, 'schedule left out: its run before is still under way on another node')
        return
      }
    } catch (error) {
      ports.log.error({ ...about, error: describeError(error) }, 'schedule could not be written down, and is left out')
      due.set(turn, now + 60_000)
      alarm.set(due.next)
      return
    }
    const ofGroup = begun.get(group) ?? new Set<string>()
    begun.set(group, ofGroup)
    if (ofGroup.has(tenantId)) {
      ports.log.warn(about, 'schedule left out: its run before is still under way')
      return
    }
    ofGroup.add(tenantId)
    let failure: string | null = null
    let isPutOff = false
    try {
      if (over.signal.aborted && node?.isSure !== false) over = new AbortController()
      if (node !== undefined) looking ??= setInterval(look, LOOK_EVERY_MS).unref()
      await ports.due({ tenantId, pluginId, scheduleId, plannedAt }, over.signal)
    } catch (error) {
      failure = describeError(error)
      isPutOff = isToBePutOff(error)
      if (!isPutOff) ports.log.warn({ ...about, error: failure }, 'scheduled run failed')
    }
    await (isPutOff ? putOff(turn, failure) : writeEnd(turn, failure)).catch((error: unknown) => {
      unwritten.set(turn, failure)
      ports.log.error({ ...about, error: describeError(error) }, 'the end of a scheduled run could not be written down yet')
    })
    // Not before its end is on record: the next one would hold the schedule by then.
    ofGroup.delete(tenantId)
    if (ofGroup.size === 0) begun.delete(group)
  }

  /** It could not be run now: it counts as missed, and is tried again, unless a later one came meanwhile. */
  const putOff = async (turn: Turn, why: string | null): Promise<void> => {
    const { plannedAt } = turn
    const { numUpdatedRows } = await rowOf(turn).where('last_due', '=', plannedAt).set({ next_at: plannedAt, last_due: plannedAt - 1, last_error: why }).executeTakeFirst()
    await letGo(turn)
    if (numUpdatedRows === 0n) return
    if (stopped) return
    const now = outside.now()
    due.set(turn, now + putOffMs(now - plannedAt))
    alarm.set(due.next)
  }

  const join = (group: Group, tenantIds: readonly string[], missed: ReadonlyMap<string, number>): void => {
    for (const tenantId of tenantIds) {
      group.tenants.add(tenantId)
      const plannedAt = missed.get(tenantId)
      if (plannedAt !== undefined) due.set({ group, tenantId, plannedAt }, plannedAt)
    }
    due.set(group, group.plannedAt)
  }

  return {
    register: async (tenantId, pluginId, schedules) => {
      const now = outside.now()
      // All are read before any counts.
      for (const schedule of schedules) parse(pluginId, schedule, timeZone, now)
      const known = await storage.platform.selectFrom('schedule').selectAll().where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).execute()
      unregister(tenantId, pluginId)
      for (const schedule of schedules) {
        const group = groupOf(pluginId, schedule, now)
        const row = known.find((other) => other.schedule_id === schedule.id)
        // A time in the past was missed and is kept. One to come is worked out anew: the pattern may be another.
        const isMissed = row !== undefined && row.next_at <= now
        if (!isMissed && row?.next_at !== group.plannedAt) {
          await storage.platform.insertInto('schedule')
            .values({ tenant_id: tenantId, plugin_id: pluginId, schedule_id: schedule.id, next_at: group.plannedAt, last_at: null, last_error: null })
            .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id', 'schedule_id']).doUpdateSet({ next_at: group.plannedAt })).execute()
        }
        join(group, [tenantId], new Map(isMissed ? [[tenantId, row.next_at]] : []))
      }
      for (const { schedule_id } of known.filter((row) => !schedules.some(({ id }) => id === row.schedule_id))) {
        await storage.platform.deleteFrom('schedule').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).where('schedule_id', '=', schedule_id).execute()
      }
      alarm.set(stopped ? undefined : due.next)
    },

    registerMany: async (pluginId, schedules, tenantIds) => {
      const now = outside.now()
      for (const schedule of schedules) parse(pluginId, schedule, timeZone, now)
      const ids = new Set(tenantIds)
      const ofPlugin = storage.platform.selectFrom('schedule').where('plugin_id', '=', pluginId)
      for (const schedule of schedules) {
        const group = groupOf(pluginId, schedule, now)
        const ofSchedule = ofPlugin.where('schedule_id', '=', schedule.id)
        const missed = await ofSchedule.where('next_at', '<=', now).select(['tenant_id', 'next_at']).execute()
        const settled = await ofSchedule.where('next_at', '=', group.plannedAt).select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirst()
        // Nothing to write down at most starts. Where there is, it is one statement.
        if ((settled?.count ?? 0) + missed.length < ids.union(group.tenants).size) await writeDown(storage, group, JSON.stringify(tenantIds), now)
        join(group, tenantIds, new Map(missed.flatMap(({ tenant_id: id, next_at: at }) => (ids.has(id) ? [[id, at] as const] : []))))
      }
      if (schedules.length > 0 && (await ofPlugin.where('schedule_id', 'not in', schedules.map(({ id }) => id)).select('schedule_id').limit(1).execute()).length > 0) {
        await storage.platform.deleteFrom('schedule').where('plugin_id', '=', pluginId).where('schedule_id', 'not in', schedules.map(({ id }) => id))
          .where('tenant_id', 'in', sql<string>`(select value from json_each(${JSON.stringify(tenantIds)}))`).execute()
      }
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

/** When a schedule comes next for many tenants. What they missed stays on record as missed. */
async function writeDown(storage: Storage, { pluginId, scheduleId, plannedAt }: Group, tenantIds: string, now: number): Promise<void> {
  await sql`insert into schedule (tenant_id, plugin_id, schedule_id, next_at, last_at, last_error)
    select value, ${pluginId}, ${scheduleId}, ${plannedAt}, null, null from json_each(${tenantIds}) where true
    on conflict (tenant_id, plugin_id, schedule_id) do update set next_at = excluded.next_at where schedule.next_at > ${now} and schedule.next_at <> excluded.next_at`.execute(storage.platform)
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
