import { expect, test } from 'vitest'
import { onPostgres } from '../run-environment.ts'
import { forever, KEY, NOTES } from '../storage/temporary-storage.ts'
import type { StoreKey } from '../../src/storage/storage.ts'
import { ids, startRig, TYPE } from './event-kit.ts'

const DAY = 24 * 60 * 60 * 1_000
/** So many files of stores. On PostgreSQL there are none, and looking for events takes no connection of a plugin. */
const opened = (files: number): number => (onPostgres ? 0 : files)
const dirty = async ({ storage }: Awaited<ReturnType<typeof startRig>>) => (await storage.platform.selectFrom('dirty').selectAll().execute()).map((row) => `${row.tenant_id}/${row.plugin_id} ${row.due_at}`)

test('[E8] a store is marked before its first event is written, once for many, and unmarked when it has been idle', async () => {
  const rig = await startRig()
  const gate = Promise.withResolvers<void>()
  const writing = rig.storage.store(KEY).transaction(async (tx) => {
    await tx.appendEvent({ id: 'e-1', type: TYPE, subject: undefined, time: 0, data: {}, notBefore: undefined, traceparent: undefined })
    await gate.promise
  }, forever())
  await expect.poll(() => dirty(rig)).toEqual([`t-1/${KEY.pluginId} 0`])
  gate.resolve()
  await writing
  await rig.bus.settle()
  expect(await dirty(rig)).toHaveLength(1)
  rig.outside.time += 59_000
  await rig.bus.settle()
  expect(await dirty(rig)).toHaveLength(1)
  rig.outside.time += 2_000
  await rig.bus.settle()
  expect([await dirty(rig), rig.bus.stats.pendingStores]).toEqual([[], 0])
  await rig.emit('e-2')
  expect(await dirty(rig)).toHaveLength(1)
})

test('[E8] a mark is never taken away while an event is being written', async () => {
  const rig = await startRig()
  await rig.emit('e-1')
  await rig.bus.settle()
  rig.outside.time += 61_000
  const writing = rig.storage.store(KEY).transaction(async (tx) => {
    const settled = rig.bus.settle() // wants to clear the mark, and waits for us
    await new Promise((resolve) => { setImmediate(resolve) })
    await tx.appendEvent({ id: 'e-2', type: TYPE, subject: undefined, time: 0, data: {}, notBefore: undefined, traceparent: undefined })
    return { settled }
  }, forever())
  const { settled } = await writing
  expect(await dirty(rig)).toHaveLength(1)
  await rig.crash()
  void settled.catch(() => undefined)
  const second = await startRig({ folder: rig.folder, outside: rig.outside })
  await second.bus.settle()
  expect(ids(second.delivered)).toContain('e-2')
})

test('[E8] after a crash only marked stores are opened, however many there are', async () => {
  const rig = await startRig()
  for (let index = 0; index < 30; index += 1) await rig.storage.migrate({ tenantId: `t-${index}`, pluginId: KEY.pluginId }, NOTES)
  await rig.crash()
  const second = await startRig({ folder: rig.folder, outside: rig.outside, subscriptions: [] })
  await second.emit('e', { key: { tenantId: 't-7', pluginId: KEY.pluginId } })
  await second.crash()
  const third = await startRig({ folder: rig.folder, outside: rig.outside })
  await third.bus.settle()
  expect(third.storage.stats.openedTotal).toBe(opened(1))
})

test('[E8] after a stop in good order no store is opened that holds nothing; what waits is found', async () => {
  const first = await startRig({ deliver: async ({ eventId }) => { if (eventId.startsWith('later')) throw new Error('down') } })
  const keyOf = (tenantId: string): StoreKey => ({ tenantId, pluginId: KEY.pluginId })
  for (let index = 0; index < 20; index += 1) await first.emit(`e-${index}`, { key: keyOf(`t-${index}`) })
  await first.emit('later', { key: keyOf('t-failing') })
  await first.emit('delayed', { key: keyOf('t-delayed'), notBefore: first.outside.time + DAY })
  await first.bus.settle()
  // Written, and stopped before anybody has looked.
  await first.emit('late', { key: keyOf('t-late') })
  await first.bus.stop()
  // A second later and a little more.
  expect((await dirty(first)).toSorted()).toEqual([
    `t-delayed/${KEY.pluginId} ${first.outside.time + DAY}`, expect.stringMatching(new RegExp(`^t-failing/${KEY.pluginId} ${Math.floor(first.outside.time / 1_000) + 1}`)), `t-late/${KEY.pluginId} 0`,
  ])
  await first.crash()
  const second = await startRig({ folder: first.folder, outside: first.outside })
  await second.bus.settle()
  expect([ids(second.delivered), second.storage.stats.openedTotal]).toEqual([['late'], opened(1)])
  second.outside.time += DAY
  await second.bus.settle()
  expect(ids(second.delivered).toSorted()).toEqual(['delayed', 'late', 'later'])
})

test('[E8] a start that looks through marked stores keeps none of them open, nor marked, that holds nothing', async () => {
  const first = await startRig()
  for (let index = 0; index < 10; index += 1) await first.emit(`e-${index}`, { key: { tenantId: `t-${index}`, pluginId: KEY.pluginId } })
  await first.bus.settle()
  await first.crash()
  const second = await startRig({ folder: first.folder, outside: first.outside })
  await second.bus.settle()
  expect([second.storage.stats.openedTotal, second.storage.stats.openStores, await dirty(second)]).toEqual([opened(10), 0, []])
})

test('[E9] a store that is dropped takes its undelivered events with it, and does not come back', async () => {
  const rig = await startRig({ deliver: async () => { throw new Error('down') } })
  await rig.emit('e-1')
  await rig.bus.settle()
  await rig.storage.drop(KEY)
  rig.outside.time += DAY
  await rig.bus.settle()
  expect([await rig.storage.storesOf('t-1'), await dirty(rig), rig.bus.stats.pendingStores]).toEqual([[], [], 0])
})

test('[E9] a mark whose store is gone is taken away, and the store is not made again', async () => {
  const rig = await startRig()
  await rig.bus.markDirty(KEY)
  await rig.crash()
  const second = await startRig({ folder: rig.folder, outside: rig.outside })
  await second.bus.settle()
  expect([await second.storage.storesOf('t-1'), await dirty(second)]).toEqual([[], []])
})
