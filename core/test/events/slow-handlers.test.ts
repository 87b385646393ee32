import { expect, test } from 'vitest'
import { forever, KEY } from '../storage/temporary-storage.ts'
import { startRig, TYPE } from './event-kit.ts'

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
