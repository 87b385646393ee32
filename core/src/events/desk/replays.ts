// Longer than others: what a replay is, from its beginning to its end over crashes, read in one go.
import { PlatformError } from '../../errors.ts'
import type { AuditActor } from '../../audit/audit.ts'
import type { Outside } from '../../outside.ts'
import type { Storage } from '../../storage/storage.ts'
import type { ReplayRow } from '../../storage/platform-tables.ts'
import { describeError } from '../describe-error.ts'
import type { EventBus, EventPorts } from '../event-bus.ts'
import { requeue, type Redelivered } from '../requeue.ts'
import { checkSelection, countOne, foresee, MOST_REPLAYED, NO_COUNTS, receiversOf, selectEvents, type ReplayCounts, type ReplaySelection, type SelectedEvent } from './replay-selection.ts'

/** A replay that was begun. */
export interface Replay {
  readonly id: string
  readonly tenantId: string
  readonly selection: ReplaySelection
  readonly by: { readonly name: string }
  readonly startedAt: number
  readonly endedAt: number | undefined
  readonly state: ReplayRow['state']
  readonly counts: ReplayCounts
  /** Events that it has to look at, as counted when it began. */
  readonly total: number
  readonly error: string | undefined
}

/** Replays of events: counted before, done in small steps and in order, gone on with after a crash. */
export interface Replays {
  /** What a replay would do now. */
  preview(tenantId: string, selection: ReplaySelection): Promise<ReplayCounts>
  /**
   * Begins a replay, which goes on by itself. The same selection a second time is another replay: with `again` effects happen once more.
   * @throws PlatformError `REPLAY_INVALID` for a selection that makes no sense, or takes more than 100 000 events
   */
  begin(tenantId: string, selection: ReplaySelection, by: AuditActor): Promise<Replay>
  /** The latest first. */
  list(tenantId: string, limit: number): Promise<readonly Replay[]>
  find(tenantId: string, id: string): Promise<Replay | undefined>
  /** Goes on with one that was stopped or failed, where it stood: what it has queued it does not queue again. @returns `false` where there is nothing to go on with */
  resume(tenantId: string, id: string): Promise<boolean>
  /** Queues no more of it; what is queued is delivered. @returns `false` where it was over already, or is not there */
  stop(tenantId: string, id: string): Promise<boolean>
}

/** The part of it that works by itself. */
export interface ReplayRunner extends Replays {
  /** Goes on with what was under way when the process ended. */
  start(): Promise<void>
  /** Does all that can be done before anything more is delivered. @returns whether something was done */
  settle(): Promise<boolean>
  /** Ends after the step under way. The next start goes on. */
  close(): Promise<void>
}

interface Deps {
  readonly storage: Storage
  readonly outside: Outside
  readonly bus: Pick<EventBus, 'markDirty' | 'notify'>
  readonly ports: Pick<EventPorts, 'subscriptions' | 'log'>
  readonly newId: () => string
}

/** Events of one step: one short transaction. */
const STEP = 50
/** A replay waits while so many deliveries that it queued in a store are not over: the new ones of the day come through meanwhile. */
const MOST_OPEN = 500
/** How often a replay that waits looks again, in milliseconds. */
const LOOK_EVERY_MS = 500
/** A node that works on a replay says so for this long; when it is silent longer, another goes on, in milliseconds. */
const LEASE_MS = 30_000
/** A step that fails so often one after the other ends the replay; it can be gone on with. */
const MOST_FAILURES = 5
/** Finished replays are shown so long, in milliseconds. */
const KEPT_MS = 90 * 24 * 60 * 60 * 1_000

export function createReplays({ storage, outside, bus, ports, newId }: Deps): ReplayRunner {
  const self = newId()
  let state: 'new' | 'running' | 'closed' = 'new'
  let timer: NodeJS.Timeout | undefined
  /** Replay to the steps that failed one after the other. */
  const failures = new Map<string, number>()
  /** The round under way; rounds never overlap. */
  let round: Promise<boolean> = Promise.resolve(false)

  const howOf = ({ id, selection }: Pick<Replay, 'id' | 'selection'>) => ({ replay: id, again: selection.again })
  const listening = (tenantId: string, { type }: SelectedEvent) => ports.subscriptions(tenantId, type)

  /** One small step of a replay. */
  const step = async (row: ReplayRow): Promise<'went on' | 'waits' | 'over'> => {
    const replay = replayOf(row)
    const { tenantId, selection } = replay
    const keys = (await storage.storesOf(tenantId)).toSorted((a, b) => (a.pluginId < b.pluginId ? -1 : 1))
    const key = keys.find(({ pluginId }) => pluginId >= row.store)
    if (key === undefined) {
      await end(row.id, { state: 'done', error: null })
      return 'over'
    }
    const after = key.pluginId === row.store ? row.position : 0
    const done = await storage.kernelTransaction(key, async (tx) => {
      const open = await tx.selectFrom('liberacces_delivery').select(({ fn }) => fn.countAll<number>().as('count')).where('replay', '=', row.id).where('status', 'in', ['pending', 'waiting']).executeTakeFirst()
      if (Number(open?.count ?? 0) >= MOST_OPEN) return undefined
      const look = await selectEvents(tx, key, selection, after, STEP)
      let counts = replay.counts
      // Inside: no relay can find the store empty before this is stored.
      if (look.events.length > 0) await bus.markDirty(key)
      for (const event of look.events) {
        const { receivers, gone } = receiversOf(event, selection, listening(tenantId, event))
        const outcomes: Redelivered[] = []
        for (const receiver of receivers) outcomes.push(await requeue(tx, event, receiver, howOf(replay), outside.now()))
        counts = countOne(counts, outcomes, gone)
      }
      return { look, counts }
    })
    if (done === undefined) return 'waits'
    const { look, counts } = done
    await outside.reached?.('replay:queued')
    if (counts.queued + counts.underWay > replay.counts.queued + replay.counts.underWay) bus.notify(key)
    // Where the process ends before this is written, the same events are looked at again, and what was queued is known by the replay's id.
    const next = keys.find(({ pluginId }) => pluginId > key.pluginId)
    const place = look.isOver ? { store: next?.pluginId ?? `${key.pluginId} `, position: 0 } : { store: key.pluginId, position: look.lookedTo }
    await storage.platform.updateTable('event_replay').set({ ...place, counts_json: JSON.stringify(counts) }).where('id', '=', row.id).where('state', '=', 'running').where('lease_by', '=', self).execute()
    return 'went on'
  }

  const end = async (id: string, how: Pick<ReplayRow, 'state' | 'error'>): Promise<boolean> => {
    const { numUpdatedRows } = await storage.platform.updateTable('event_replay').set({ ...how, ended_at: outside.now(), lease_until: 0 }).where('id', '=', id).where('state', '=', 'running').executeTakeFirst()
    return numUpdatedRows > 0n
  }

  /** Takes a replay for this node, or keeps it: of two that try, one does. */
  const lease = async ({ id }: ReplayRow): Promise<boolean> => {
    const now = outside.now()
    const { numUpdatedRows } = await storage.platform.updateTable('event_replay').set({ lease_by: self, lease_until: now + LEASE_MS }).where('id', '=', id).where('state', '=', 'running')
      .where((or) => or.or([or('lease_by', '=', self), or('lease_until', '<=', now)])).executeTakeFirst()
    return numUpdatedRows > 0n
  }

  /** All replays in turn, a step each, until none can go on. @returns whether something was done */
  const goRound = async (): Promise<boolean> => {
    let hasDone = false
    for (let goesOn = true; goesOn && state === 'running';) {
      goesOn = false
      for (const row of await storage.platform.selectFrom('event_replay').selectAll().where('state', '=', 'running').orderBy('started_at').execute()) {
        if (state !== 'running' || !(await lease(row))) continue
        try {
          const result = await step(row)
          failures.delete(row.id)
          if (result === 'waits') continue
          hasDone = true
          goesOn ||= result === 'went on'
        } catch (error) {
          const failed = (failures.get(row.id) ?? 0) + 1
          failures.set(row.id, failed)
          ports.log.error({ tenant: row.tenant_id, replay: row.id, error: describeError(error), failed }, 'a step of a replay failed')
          if (failed < MOST_FAILURES) continue
          failures.delete(row.id)
          await end(row.id, { state: 'failed', error: describeError(error) })
        }
      }
      await new Promise<void>((resolve) => { setImmediate(resolve) })
    }
    return hasDone
  }

  const wake = (): Promise<boolean> => {
    if (state !== 'running') return Promise.resolve(false)
    clearTimeout(timer)
    round = round.then(goRound, goRound).then(async (hasDone) => {
      const waiting = await storage.platform.selectFrom('event_replay').select('id').where('state', '=', 'running').limit(1).executeTakeFirst()
      if (waiting !== undefined && state === 'running') timer = setTimeout(run, LOOK_EVERY_MS).unref()
      return hasDone
    })
    return round
  }
  const run = (): void => { wake().catch((error: unknown) => { ports.log.error({ error: describeError(error) }, 'replays could not be gone on with') }) }

  const preview = async (tenantId: string, selection: ReplaySelection): Promise<ReplayCounts> => {
    checkSelection(selection)
    const wanted = { ...selection, to: selection.to ?? outside.now() + 1 }
    let counts = NO_COUNTS
    for (const key of await storage.storesOf(tenantId)) {
      let after = 0
      for (let isOver = false; !isOver;) {
        const look = await selectEvents(storage.kernelStore(key), key, wanted, after, 500)
        for (const event of look.events) {
          const { receivers, gone } = receiversOf(event, wanted, listening(tenantId, event))
          counts = countOne(counts, foresee(event, receivers, { replay: '', again: selection.again }), gone)
        }
        if (counts.events > MOST_REPLAYED) {
          throw new PlatformError('REPLAY_INVALID', `This takes more than ${MOST_REPLAYED} events.`, { fix: 'Name a shorter time, a type, or a handler, and go on with the next afterwards.' })
        }
        after = look.lookedTo
        isOver = look.isOver
        await new Promise<void>((resolve) => { setImmediate(resolve) })
      }
    }
    return counts
  }

  return {
    preview,
    async begin(tenantId, selection, by) {
      const now = outside.now()
      const wanted: ReplaySelection = { ...selection, to: selection.to ?? now + 1 }
      const { events } = await preview(tenantId, wanted)
      const row: ReplayRow = {
        id: newId(), tenant_id: tenantId, selection_json: JSON.stringify(wanted), by_name: by.name, started_at: now, ended_at: null, state: 'running', store: '', position: 0,
        counts_json: JSON.stringify(NO_COUNTS), total: events, error: null, lease_by: self, lease_until: now + LEASE_MS,
      }
      await storage.platform.deleteFrom('event_replay').where('tenant_id', '=', tenantId).where('ended_at', '<', now - KEPT_MS).execute()
      await storage.platform.insertInto('event_replay').values(row).execute()
      run()
      return replayOf(row)
    },
    async list(tenantId, limit) {
      return (await storage.platform.selectFrom('event_replay').selectAll().where('tenant_id', '=', tenantId).orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute()).map(replayOf)
    },
    async find(tenantId, id) {
      const row = await storage.platform.selectFrom('event_replay').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : replayOf(row)
    },
    async stop(tenantId, id) {
      const row = await storage.platform.selectFrom('event_replay').select('id').where('tenant_id', '=', tenantId).where('id', '=', id).executeTakeFirst()
      return row !== undefined && await end(id, { state: 'stopped', error: null })
    },
    async resume(tenantId, id) {
      const { numUpdatedRows } = await storage.platform.updateTable('event_replay').set({ state: 'running', ended_at: null, error: null, lease_by: self, lease_until: outside.now() + LEASE_MS })
        .where('tenant_id', '=', tenantId).where('id', '=', id).where('state', 'in', ['stopped', 'failed']).executeTakeFirst()
      if (numUpdatedRows > 0n) run()
      return numUpdatedRows > 0n
    },
    async start() {
      if (state !== 'new') return
      state = 'running'
      run()
    },
    settle: wake,
    async close() {
      state = 'closed'
      clearTimeout(timer)
      await round.catch(() => undefined) // logged by who ran it
      // So that the next start need not wait until we count as silent.
      await storage.platform.updateTable('event_replay').set({ lease_until: 0 }).where('lease_by', '=', self).where('state', '=', 'running').execute()
    },
  }
}

function replayOf(row: ReplayRow): Replay {
  return {
    id: row.id, tenantId: row.tenant_id, selection: JSON.parse(row.selection_json) as ReplaySelection, by: { name: row.by_name }, startedAt: row.started_at, endedAt: row.ended_at ?? undefined,
    state: row.state, counts: JSON.parse(row.counts_json) as ReplayCounts, total: row.total, error: row.error ?? undefined,
  }
}
