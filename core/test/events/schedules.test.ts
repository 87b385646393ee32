import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createScheduler, type ScheduledRun, type Scheduler } from '../../src/events/schedules.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside, temporaryFolder } from '../storage/temporary-storage.ts'

const PLUGIN = 'fr.example.notes'
const HOUR = 60 * 60 * 1_000

async function rig(options: { folder?: string; outside?: FakeOutside; due?: (run: ScheduledRun) => Promise<void> } = {}):
Promise<{ scheduler: Scheduler; storage: Storage; outside: FakeOutside; folder: string; runs: ScheduledRun[]; warnings: object[] }> {
  const { outside = new FakeOutside(), folder = temporaryFolder() } = options
  const storage = await runStorage({ folder, outside })
  const runs: ScheduledRun[] = []
  const warnings: object[] = []
  const note = (detail: object): void => { warnings.push(detail) }
  const scheduler = createScheduler({ storage, outside, ports: { due: async (run) => { runs.push(run); await options.due?.(run) }, log: { warn: note, error: note } } })
  onTestFinished(() => { void scheduler.stop() })
  return { scheduler, storage, outside, folder, runs, warnings }
}

test('[E13] a schedule runs at its time in Paris, in winter and in summer', async () => {
  const winter = await rig({ outside: new FakeOutside(Date.UTC(2026, 0, 15, 8, 59)) })
  await winter.scheduler.register('t-1', PLUGIN, [{ id: 'ten', cron: '0 10 * * *' }])
  await winter.scheduler.settle()
  expect(winter.runs).toEqual([])
  winter.outside.time = Date.UTC(2026, 0, 15, 9)
  await winter.scheduler.settle()
  expect(winter.runs).toEqual([{ tenantId: 't-1', pluginId: PLUGIN, scheduleId: 'ten', plannedAt: Date.UTC(2026, 0, 15, 9) }])
  winter.outside.time = Date.UTC(2026, 6, 15, 7, 59)
  await winter.scheduler.settle()
  winter.outside.time = Date.UTC(2026, 6, 15, 8)
  await winter.scheduler.settle()
  expect(winter.runs.at(-1)?.plannedAt).toBe(Date.UTC(2026, 6, 15, 8))
})

test('[E14] runs missed while the platform was down are made up for by one', async () => {
  const before = await rig()
  await before.scheduler.register('t-1', PLUGIN, [{ id: 'hourly', cron: '0 * * * *' }])
  const planned = before.outside.time + HOUR
  await before.scheduler.stop()
  await before.storage.close()
  before.outside.time += 50 * HOUR
  const after = await rig({ folder: before.folder, outside: before.outside })
  await after.scheduler.register('t-1', PLUGIN, [{ id: 'hourly', cron: '0 * * * *' }])
  await after.scheduler.settle()
  expect(after.runs).toEqual([{ tenantId: 't-1', pluginId: PLUGIN, scheduleId: 'hourly', plannedAt: planned }])
})

test('[E15] a run that fails is noted and costs only itself', async () => {
  const { scheduler, storage, outside, runs, warnings } = await rig({ due: async ({ scheduleId }) => { if (scheduleId === 'bad') throw new Error('broken') } })
  await scheduler.register('t-1', PLUGIN, [{ id: 'bad', cron: '0 * * * *' }, { id: 'good', cron: '0 * * * *' }])
  for (const _ of [1, 2]) {
    outside.time += HOUR
    await scheduler.settle()
  }
  expect(runs.map(({ scheduleId }) => scheduleId).toSorted()).toEqual(['bad', 'bad', 'good', 'good'])
  const rows = await storage.platform.selectFrom('schedule').select(['schedule_id', 'last_error', 'last_at', 'next_at']).orderBy('schedule_id').execute()
  expect(rows).toEqual([
    { schedule_id: 'bad', last_error: 'broken', last_at: outside.time, next_at: outside.time + HOUR },
    { schedule_id: 'good', last_error: null, last_at: outside.time, next_at: outside.time + HOUR },
  ])
  expect(warnings).toHaveLength(2)
})

test('[E15] a run that hangs keeps neither other schedules nor itself from the record, and is not begun twice', async () => {
  const gate = Promise.withResolvers<void>()
  const { scheduler, storage, outside, runs, warnings } = await rig({ due: async ({ scheduleId }) => { if (scheduleId === 'hung') await gate.promise } })
  await scheduler.register('t-1', PLUGIN, [{ id: 'hung', cron: '0 * * * *' }, { id: 'good', cron: '30 * * * *' }])
  outside.time += HOUR
  const settled = scheduler.settle()
  await expect.poll(() => runs.length).toBe(2)
  expect(await storage.platform.selectFrom('schedule').select('next_at').where('schedule_id', '=', 'hung').execute()).toEqual([{ next_at: outside.time + HOUR }])
  outside.time += HOUR
  const again = scheduler.settle()
  await expect.poll(() => runs.map(({ scheduleId }) => scheduleId).toSorted()).toEqual(['good', 'good', 'hung'])
  await expect.poll(() => warnings.length).toBe(1)
  gate.resolve()
  await Promise.all([settled, again])
  outside.time += HOUR
  await scheduler.settle()
  expect(runs.filter(({ scheduleId }) => scheduleId === 'hung')).toHaveLength(2)
})

test('[E16] a plugin that is let go runs no more; one that is forgotten leaves no record; a schedule no longer declared is dropped', async () => {
  const { scheduler, storage, outside, runs } = await rig()
  await scheduler.register('t-1', PLUGIN, [{ id: 'a', cron: '0 * * * *' }, { id: 'b', cron: '0 * * * *' }])
  await scheduler.register('t-1', PLUGIN, [{ id: 'b', cron: '0 * * * *' }])
  await scheduler.register('t-2', PLUGIN, [{ id: 'c', cron: '0 * * * *' }])
  scheduler.unregister('t-1', PLUGIN)
  await scheduler.forget('t-2', PLUGIN)
  outside.time += 2 * HOUR
  await scheduler.settle()
  expect(runs).toEqual([])
  expect(await storage.platform.selectFrom('schedule').select('schedule_id').execute()).toEqual([{ schedule_id: 'b' }])
})

test('[Z6] schedules of many tenants are taken up with a handful of statements; each runs for each tenant, and what one missed runs once', async () => {
  const before = await rig()
  const tenants = Array.from({ length: 300 }, (_, index) => `t-${index}`)
  const hourly = [{ id: 'hourly', cron: '0 * * * *' }]
  await before.scheduler.registerMany(PLUGIN, hourly, tenants.slice(0, 200))
  await before.scheduler.registerMany(PLUGIN, hourly, tenants.slice(200))
  const planned = before.outside.time + HOUR
  expect(await before.storage.platform.selectFrom('schedule').select('next_at').distinct().execute()).toEqual([{ next_at: planned }])
  before.outside.time = planned
  await before.scheduler.settle()
  expect([before.runs.length, new Set(before.runs.map(({ tenantId }) => tenantId)).size]).toEqual([300, 300])
  await before.scheduler.stop()
  // Down when the next was due; one tenant's had run, and one has another schedule of old.
  before.outside.time += HOUR + 1
  await before.storage.platform.updateTable('schedule').set({ next_at: before.outside.time + HOUR }).where('tenant_id', '=', 't-7').execute()
  await before.storage.platform.insertInto('schedule').values({ tenant_id: 't-8', plugin_id: PLUGIN, schedule_id: 'gone', next_at: 0, last_at: null, last_error: null }).execute()
  const statements = vi.spyOn(Database.prototype, 'prepare')
  const runs: ScheduledRun[] = []
  const after = createScheduler({ storage: before.storage, outside: before.outside, ports: { due: async (run) => { runs.push(run) }, log: { warn: () => undefined, error: () => undefined } } })
  onTestFinished(() => { void after.stop() })
  await after.registerMany(PLUGIN, hourly, tenants)
  expect(statements.mock.calls.length).toBeLessThan(10)
  await after.settle()
  expect([runs.length, runs.some(({ tenantId }) => tenantId === 't-7'), new Set(runs.map(({ plannedAt }) => plannedAt))]).toEqual([299, false, new Set([planned + HOUR])])
  expect(await before.storage.platform.selectFrom('schedule').select('tenant_id').where('schedule_id', '=', 'gone').execute()).toEqual([])
})

test.each(['* * * *', '0 10 * * * *', '61 * * * *', 'often', '0 0 31 2 *'])('[E17] the pattern "%s" is refused by name', async (cron) => {
  await expect((await rig()).scheduler.register('t-1', PLUGIN, [{ id: 'x', cron }])).rejects.toMatchObject({ code: 'MANIFEST_INVALID', message: expect.stringContaining(cron) as string })
})
