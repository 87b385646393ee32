import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { WaveReport } from '../../src/lifecycle/wave-report.ts'
import { WaveRows } from '../../src/lifecycle/wave-rows.ts'
import { databaseOfTest, postgresStorage } from '../storage/postgres-database.ts'
import { sqliteStorage } from '../storage/sqlite-storage.ts'

const REPORT: WaveReport = { kind: 'upgrade', pluginId: 'fr.test.board', to: '1.1.0', by: { kind: 'operator', id: 'test', name: 'Test' }, startedAt: 1_000, through: 1, total: 3, done: 1, failed: 0, waiting: 0, problems: [] }

test('[M43] of many that begin a wave of one plugin at the same moment one does; one whose node died has ended and says so, and another may begin', async () => {
  const given = { url: await databaseOfTest(), secret: randomBytes(32) }
  const storages = [await postgresStorage(given), await postgresStorage(given)] as const
  const rows = ['one', 'two', 'three', 'four'].map((id, index) => new WaveRows(storages[index % 2 === 0 ? 0 : 1], id, true))
  for (const id of ['one', 'two', 'three', 'four']) await storages[0].platform.insertInto('node').values({ id, started_at: 0, beat_at: 0, lock_key: 0, host: 'h', pid: 1, version: '0', port: null, skew_ms: 0 }).execute()
  const begun = await Promise.all(rows.map((of) => of.begin(REPORT)))
  expect(begun.filter(Boolean)).toHaveLength(1)
  const [found] = await rows[0]?.list() ?? []
  expect(found).toMatchObject({ through: 1, node: ['one', 'two', 'three', 'four'][begun.indexOf(true)] })
  await storages[0].platform.deleteFrom('node').where('id', '=', found?.node ?? '').execute()
  const other = rows[(begun.indexOf(true) + 1) % 4]
  expect(await other?.list(REPORT.pluginId)).toEqual([{ ...REPORT, endedAt: REPORT.startedAt, error: expect.stringContaining('Start it again') as string }])
  expect(await other?.begin({ ...REPORT, through: 0 })).toBe(true)
  // The dead one, which was only cut off, writes nothing over it.
  await rows[begun.indexOf(true)]?.end({ ...REPORT, endedAt: 2_000 })
  expect(await other?.list()).toMatchObject([{ through: 0 }])
  expect(await other?.askedToStop()).toEqual([])
  expect(await rows[(begun.indexOf(true) + 2) % 4]?.askToStop(REPORT.pluginId)).toMatchObject({ through: 0 })
  expect(await other?.askedToStop()).toEqual([REPORT.pluginId])
})

test('[M43] where there is one process, a wave that its end cut short has ended and says so', async () => {
  const storage = sqliteStorage()
  expect(await new WaveRows(storage, 'before', false).begin(REPORT)).toBe(true)
  const after = new WaveRows(storage, 'after', false)
  expect(await after.list()).toMatchObject([{ endedAt: 1_000, error: expect.stringContaining('ended') as string }])
  expect(await after.begin(REPORT)).toBe(true)
})

test('[M60] a wave that was taken from its process is asked for before each tenant, and is not that process’s any more when it is back', async () => {
  const storage = await postgresStorage({})
  const join = () => storage.platform.insertInto('node').values({ id: 'one', started_at: 0, beat_at: 0, lock_key: 0, host: 'h', pid: 1, version: '0', port: null, skew_ms: 0 }).execute()
  await join()
  const rows = new WaveRows(storage, 'one', true)
  expect(await rows.begin(REPORT)).toBe(true)
  await rows.requireOwn(REPORT.pluginId)
  await storage.platform.updateTable('wave').set({ run_by: null }).execute()
  await expect(rows.requireOwn(REPORT.pluginId)).rejects.toMatchObject({ code: 'PLUGIN_BUSY' })
  await rows.end({ ...REPORT, endedAt: 5_000 })
  expect(await rows.list()).toEqual([{ ...REPORT, endedAt: REPORT.startedAt, error: expect.stringContaining('Start it again') as string }])
  expect(await rows.begin(REPORT)).toBe(true)
  await rows.end({ ...REPORT, endedAt: 6_000 })
  expect(await rows.list()).toEqual([{ ...REPORT, endedAt: 6_000 }])
})
