import { expect, test } from 'vitest'
import { forever, KEY } from '../storage/temporary-storage.ts'
import { ids, startRig, TYPE } from './event-kit.ts'

test('[E21] while the handlers of many deliveries take long, the store is left alone: nothing looks into it again and again', async () => {
  const gate = Promise.withResolvers<void>()
  const rig = await startRig({ deliver: () => gate.promise })
  let steps = 0
  const kernelTransaction = rig.storage.kernelTransaction.bind(rig.storage)
  rig.storage.kernelTransaction = (key, body) => {
    steps += 1
    return kernelTransaction(key, body)
  }
  await rig.storage.store(KEY).transaction(async (tx) => {
    for (let index = 0; index < 200; index += 1) await tx.appendEvent({ id: undefined, type: TYPE, subject: undefined, time: 0, data: {}, notBefore: undefined, traceparent: undefined })
  }, forever())
  const settled = rig.bus.settle()
  for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => { setImmediate(resolve) })
  expect(steps).toBeLessThan(20)
  gate.resolve()
  await settled
  expect(rig.delivered).toHaveLength(200)
})

test('[E22] an event that was delivered while the database still answers who is next in line is not delivered again by that answer', async () => {
  const gate = Promise.withResolvers<void>()
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const rig = await startRig({ deliver: ({ eventId }) => (eventId === 'first' ? gate.promise : Promise.resolve()) })
  for (const id of ['first', 'second', 'third']) await rig.emit(id)
  const settled = rig.bus.settle()
  await expect.poll(async () => (await rig.bus.show('t-1', 'third')).map(({ handler }) => handler)).toEqual(['on-change'])
  const kernelStore = rig.storage.kernelStore.bind(rig.storage)
  rig.storage.kernelStore = (key) => {
    rig.storage.kernelStore = kernelStore
    return kernelStore(key).withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        asked.resolve()
        await answered.promise
        return result
      },
    })
  }
  gate.resolve()
  await asked.promise
  // Something else has the store looked at, which takes up the second and the third.
  await rig.emit('aside', { subject: 'other' })
  await expect.poll(async () => (await rig.bus.show('t-1', 'third')).map(({ status }) => status)).toEqual(['delivered'])
  answered.resolve()
  await settled
  await rig.bus.settle()
  expect(ids(rig.delivered).toSorted()).toEqual(['aside', 'first', 'second', 'third'])
})
