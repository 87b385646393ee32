import { expect, onTestFinished, test } from 'vitest'
import { createScheduler, type Scheduler } from '../../src/events/schedules.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

/** Storages of two nodes of one platform; the same twice where it is one process. */
export interface SchedulesUnderTest {
  readonly name: string
  readonly start: () => Promise<readonly [Storage, Storage]>
}

const PLUGIN = 'fr.example.notes'
const HOUR = 3_600_000

/** What several nodes promise of schedules, on every database. */
export function certifySchedules({ name, start }: SchedulesUnderTest): void {
  const node = (storage: Storage, runs: string[], who: string, outside: FakeOutside): Scheduler => {
    const quiet = { warn: () => undefined, error: () => undefined }
    const scheduler = createScheduler({ storage, outside, ports: { due: async ({ plannedAt }) => { runs.push(`${new Date(plannedAt).toISOString().slice(11, 16)} ${who}`) }, log: quiet } })
    onTestFinished(() => scheduler.stop())
    return scheduler
  }
  const times = (runs: readonly string[]): readonly string[] => runs.map((run) => run.slice(0, 5))

  test(`[E52] each time of a schedule comes once over all nodes, and goes on when one is gone (${name})`, async () => {
    const storages = await start()
    const outside = new FakeOutside(Date.UTC(2026, 10, 23, 8, 30))
    const runs: string[] = []
    const [first, second] = [node(storages[0], runs, 'first', outside), node(storages[1], runs, 'second', outside)]
    for (const scheduler of [first, second]) await scheduler.register('t-1', PLUGIN, [{ id: 'hourly', cron: '0 * * * *' }])
    for (let hour = 0; hour < 4; hour += 1) {
      outside.time += HOUR
      await Promise.all([first.settle(), second.settle()])
    }
    expect(times(runs)).toEqual(['09:00', '10:00', '11:00', '12:00'])
    await first.stop()
    outside.time += HOUR
    await second.settle()
    expect(runs.slice(4)).toEqual(['13:00 second'])
    // One that comes later, when the last time has been run.
    const third = node(storages[0], runs, 'third', outside)
    await third.registerMany(PLUGIN, [{ id: 'hourly', cron: '0 * * * *' }], ['t-1'])
    await Promise.all([second.settle(), third.settle()])
    expect(runs).toHaveLength(5)
  })

  test(`[E52] nodes whose clocks differ run no time twice, in whatever order they come and are started anew (${name})`, async () => {
    const storages = await start()
    const clocks = [new FakeOutside(Date.UTC(2026, 10, 23, 8, 59)), new FakeOutside(Date.UTC(2026, 10, 23, 9, 1))] as const
    const runs: string[] = []
    for (let step = 0; step < 6; step += 1) {
      const nodes = [node(storages[0], runs, 'slow', clocks[0]), node(storages[1], runs, 'fast', clocks[1])] as const
      for (const scheduler of step % 2 === 0 ? nodes : nodes.toReversed()) await scheduler.register('t-1', PLUGIN, [{ id: 'hourly', cron: '0 * * * *' }])
      for (const clock of clocks) clock.time += HOUR / 2
      await Promise.all(nodes.map((scheduler) => scheduler.settle()))
      for (const scheduler of nodes) await scheduler.stop()
    }
    expect(times(runs)).toEqual([...new Set(times(runs))].toSorted())
    expect(times(runs)).toEqual(expect.arrayContaining(['10:00', '11:00']))
  })

  test(`[E52] what all nodes missed is made up for by one (${name})`, async () => {
    const storages = await start()
    const outside = new FakeOutside(Date.UTC(2026, 10, 23, 8, 30))
    const runs: string[] = []
    const before = node(storages[0], runs, 'before', outside)
    await before.register('t-1', PLUGIN, [{ id: 'hourly', cron: '0 * * * *' }])
    await before.stop()
    outside.time += 5 * HOUR
    const both = storages.map((storage) => node(storage, runs, 'after', outside))
    await Promise.all(both.map((scheduler) => scheduler.registerMany(PLUGIN, [{ id: 'hourly', cron: '0 * * * *' }], ['t-1'])))
    await Promise.all(both.map((scheduler) => scheduler.settle()))
    expect(runs).toEqual(['09:00 after'])
  })
}
