import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { createScheduler, type Scheduler } from '../../src/events/schedules.ts'
import type { Life } from '../../src/nodes/life.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { liveOn, TIMES } from '../nodes/node-kit.ts'
import { databaseOfTest, postgresStorage } from '../storage/postgres-database.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'
import { wayTo } from '../way-to.ts'

const PLUGIN = 'fr.example.notes'
const HOUR = 3_600_000
const WAIT = { timeout: 15_000, interval: 20 }

/** Runs that last until the test lets them end, with the signal that each was given. */
class LongRuns {
  readonly begun: string[] = []
  readonly signals: AbortSignal[] = []
  #open: PromiseWithResolvers<void>[] = []

  async due(who: string, plannedAt: number, signal: AbortSignal): Promise<void> {
    this.begun.push(`${new Date(plannedAt).toISOString().slice(11, 16)} ${who}`)
    this.signals.push(signal)
    const open = Promise.withResolvers<void>()
    this.#open.push(open)
    await open.promise
  }

  end(): void {
    for (const { resolve } of this.#open.splice(0)) resolve()
  }
}

async function scheduling(storage: Storage, life: Life, who: string, runs: LongRuns, outside: FakeOutside): Promise<Scheduler> {
  const quiet = { warn: () => undefined, error: () => undefined }
  const scheduler = createScheduler({ storage, outside, node: life, ports: { due: ({ plannedAt }, signal) => runs.due(who, plannedAt, signal), log: quiet } })
  onTestFinished(async () => {
    runs.end()
    await scheduler.stop()
  })
  await scheduler.register('t-1', PLUGIN, [{ id: 'hourly', cron: '0 * * * *' }])
  return scheduler
}

test('[M42] a run that outlasts its interval is alone: no other node begins the next one before it has ended', async () => {
  const given = { url: await databaseOfTest(), secret: randomBytes(32) }
  const outside = new FakeOutside(Date.UTC(2026, 10, 23, 8, 30))
  const runs = new LongRuns()
  const storage = await postgresStorage(given)
  const first = await scheduling(storage, (await liveOn(given.url)).life, 'first', runs, outside)
  const second = await scheduling(await postgresStorage(given), (await liveOn(given.url)).life, 'second', runs, outside)
  const dueAt = async (): Promise<number | undefined> => (await storage.platform.selectFrom('schedule').select('last_due').executeTakeFirst())?.last_due ?? undefined

  outside.time += HOUR
  const held = first.settle()
  await expect.poll(() => runs.begun, WAIT).toEqual(['09:00 first'])
  await second.settle()
  for (const hour of [10, 11]) {
    outside.time += HOUR
    await second.settle()
    expect([runs.begun, await dueAt()]).toEqual([['09:00 first'], Date.UTC(2026, 10, 23, hour)])
  }
  runs.end()
  await held
  outside.time += HOUR
  const next = second.settle()
  await expect.poll(() => runs.begun, WAIT).toEqual(['09:00 first', '12:00 second'])
  runs.end()
  await next
  expect(await storage.platform.selectFrom('schedule').select('run_by').execute()).toEqual([{ run_by: null }])
})

test('[M42] a node that is cut off ends its run before another one may begin the next; what a dead node held is free', async () => {
  const given = { url: await databaseOfTest(), secret: randomBytes(32) }
  const outside = new FakeOutside(Date.UTC(2026, 10, 23, 8, 30))
  const runs = new LongRuns()
  const way = await wayTo(given.url)
  const [one, two] = [await liveOn(way.url, { times: { ...TIMES, goneMs: 2_000 } }), await liveOn(given.url, { times: { ...TIMES, goneMs: 2_000 } })]
  const first = await scheduling(await postgresStorage(given), one.life, 'first', runs, outside)
  const second = await scheduling(await postgresStorage(given), two.life, 'second', runs, outside)
  outside.time += HOUR
  const held = first.settle()
  await expect.poll(() => runs.begun, WAIT).toEqual(['09:00 first'])
  await second.settle()
  expect(runs.signals[0]?.aborted).toBe(false)
  way.silence()
  await expect.poll(() => two.buried, WAIT).toEqual([one.life.id])
  expect(runs.signals[0]?.aborted).toBe(true)
  outside.time += HOUR
  const next = second.settle()
  await expect.poll(() => runs.begun, WAIT).toEqual(['09:00 first', '10:00 second'])
  // What ends late frees nothing that is another one's.
  way.mend()
  runs.end()
  await Promise.all([held, next])
})
