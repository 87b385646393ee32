import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PlatformError } from '../../src/errors.ts'
import type { Delivery } from '../../src/events/event-bus.ts'
import { FakeOutside, forever, KEY, NOTES, temporaryFolder } from '../storage/temporary-storage.ts'
import { inboxIdOf } from '../../src/events/requeue.ts'
import { runEnvironment } from '../run-environment.ts'
import { ids, startRig, SUBSCRIBER, TYPE } from './event-kit.ts'

const DAY = 24 * 60 * 60 * 1_000
const dirty = async ({ storage }: Awaited<ReturnType<typeof startRig>>) => (await storage.platform.selectFrom('dirty').selectAll().execute()).map((row) => `${row.tenant_id}/${row.plugin_id} ${row.due_at}`)

test('[E1] an event reaches each subscriber as it was written, once its transaction has committed', async () => {
  const second = { pluginId: 'fr.example.other', handlerId: 'h' }
  const rig = await startRig({ subscriptions: [SUBSCRIBER, second] })
  await rig.emit('e-1', { traceparent: '00-a-b-01', data: { text: 'é' } })
  const undone = rig.storage.store(KEY).transaction(async (tx) => {
    await tx.appendEvent({ id: 'e-2', type: TYPE, subject: 'one', time: 0, data: {}, notBefore: undefined, traceparent: undefined })
    throw new Error('no')
  }, forever())
  await expect(undone).rejects.toThrow('no')
  await rig.bus.settle()
  const expected = { eventId: 'e-1', type: TYPE, source: KEY.pluginId, subject: 'one', time: rig.outside.time, data: { text: 'é' }, traceparent: '00-a-b-01', tenantId: 't-1', attempt: 1 }
  expect(rig.delivered).toEqual([{ ...expected, subscriber: SUBSCRIBER.pluginId, handler: 'on-change' }, { ...expected, subscriber: second.pluginId, handler: 'h' }])
  expect(rig.bus.stats).toMatchObject({ delivered: 2, failed: 0, dead: 0 })
})

test('[E1] an event is delivered soon after the commit, with no one asking', async () => {
  const arrived = Promise.withResolvers<Delivery>()
  const rig = await startRig({ deliver: async (delivery) => { arrived.resolve(delivery) } })
  await rig.emit('e-1')
  expect((await arrived.promise).eventId).toBe('e-1')
})

test('[E2] events of one subject arrive in order; a failing one holds back only those behind it', async () => {
  let broken = true
  const rig = await startRig({ deliver: async ({ eventId }) => { if (broken && eventId === 'a-1') throw new Error('down') } })
  for (const id of ['a-1', 'a-2', 'b-1', 'b-2']) await rig.emit(id, { subject: id.slice(0, 1) })
  await rig.emit('free-1', { subject: undefined })
  await rig.bus.settle()
  expect(ids(rig.delivered).toSorted()).toEqual(['b-1', 'b-2', 'free-1'])
  broken = false
  rig.outside.time += 2_000
  await rig.bus.settle()
  expect(ids(rig.delivered).slice(3)).toEqual(['a-1', 'a-2'])
  expect(rig.delivered.find(({ eventId }) => eventId === 'a-1')?.attempt).toBe(2)
})

test('[E2] a handler that takes long holds back its own subject only, in this store and in others', async () => {
  const gate = Promise.withResolvers<void>()
  const rig = await startRig({ deliver: async ({ eventId }) => { if (eventId.startsWith('slow')) await gate.promise } })
  await rig.emit('slow-1', { subject: 'slow' })
  for (let index = 0; index < 200; index += 1) await rig.emit(`slow-more-${index}`, { subject: 'slow' })
  await rig.emit('quick', { subject: 'quick' })
  await rig.emit('other', { key: { tenantId: 't-2', pluginId: KEY.pluginId } })
  const settled = rig.bus.settle()
  await expect.poll(() => ids(rig.delivered).toSorted(), { interval: 5 }).toEqual(['other', 'quick'])
  gate.resolve()
  await settled
  expect(rig.delivered).toHaveLength(203)
})

test('[E3] a failed delivery is tried again after 1, 2, 4 … seconds, eight times in all, and then is a dead letter', async () => {
  const rig = await startRig({ deliver: async ({ eventId }) => { if (eventId === 'e-1') throw new Error('never') } })
  await rig.emit('e-1')
  await rig.emit('e-2')
  for (const seconds of [1, 2, 4, 8, 16, 32, 64]) {
    await rig.bus.settle()
    const [view] = await rig.bus.show('t-1', 'e-1')
    const wait = (view?.nextAt ?? 0) - rig.outside.time
    expect(wait).toBeGreaterThanOrEqual(seconds * 1_000)
    expect(wait).toBeLessThanOrEqual(seconds * 1_200)
    expect(rig.delivered).toEqual([])
    rig.outside.time += wait - 1
    await rig.bus.settle()
    expect((await rig.bus.show('t-1', 'e-1'))[0]?.attempts).toBe(view?.attempts)
    rig.outside.time += 1
  }
  await rig.bus.settle()
  expect(await rig.bus.list('t-1', { status: 'dead', limit: 10 })).toMatchObject([{ eventId: 'e-1', attempts: 8, lastError: 'never', nextAt: undefined }])
  expect(ids(rig.delivered)).toEqual(['e-2'])
  expect(rig.bus.stats).toMatchObject({ delivered: 1, failed: 8, dead: 1 })
})

test.each(['UNAVAILABLE', 'DB_UNAVAILABLE', 'DB_BUSY'] as const)('[E3] a plugin that cannot be called now, or whose database is away (%s), uses up no tries', async (code) => {
  let draining = true
  const rig = await startRig({ deliver: async () => { if (draining) throw new PlatformError(code, 'draining', { fix: '' }) } })
  await rig.emit('e-1')
  for (let round = 0; round < 20; round += 1) {
    await rig.bus.settle()
    rig.outside.time += 5_000
  }
  draining = false
  await rig.bus.settle()
  expect(rig.delivered).toMatchObject([{ eventId: 'e-1', attempt: 1 }])
})

test('[E3] a plugin that stays off for long is asked ever less often, and served when it is back', async () => {
  let tries = 0
  let isOff = true
  const rig = await startRig({ deliver: async () => { tries += 1; if (isOff) throw new PlatformError('UNAVAILABLE', 'off', { fix: '' }) } })
  await rig.emit('e-1')
  for (let round = 0; round < 24 * 12; round += 1) {
    await rig.bus.settle()
    rig.outside.time += 300_000
  }
  expect(tries).toBeLessThan(200)
  isOff = false
  rig.outside.time += 600_000
  await rig.bus.settle()
  expect(rig.delivered).toMatchObject([{ eventId: 'e-1', attempt: 1 }])
})

test('[E4] a delayed event comes at its time and not before; those behind it do not wait', async () => {
  const rig = await startRig()
  await rig.emit('later', { notBefore: rig.outside.time + DAY })
  await rig.emit('now')
  await rig.bus.settle()
  expect(ids(rig.delivered)).toEqual(['now'])
  expect(await rig.bus.list('t-1', { status: 'pending', limit: 10 })).toMatchObject([{ eventId: 'later', nextAt: rig.outside.time + DAY }])
  rig.outside.time += DAY - 1
  await rig.bus.settle()
  expect(ids(rig.delivered)).toEqual(['now'])
  rig.outside.time += 1
  await rig.bus.settle()
  expect(ids(rig.delivered)).toEqual(['now', 'later'])
})

test('[E4] a delayed event survives a restart without its store being opened before its time', async () => {
  const first = await startRig()
  await first.emit('later', { notBefore: first.outside.time + DAY })
  await first.bus.settle()
  first.outside.time += 61_000
  await first.bus.settle()
  expect(await dirty(first)).toEqual([`t-1/${KEY.pluginId} ${first.outside.time - 61_000 + DAY}`])
  await first.crash()
  const second = await startRig({ folder: first.folder, outside: first.outside })
  await second.bus.settle()
  expect(second.storage.stats.openedTotal).toBe(0)
  second.outside.time += DAY
  await second.bus.settle()
  expect(ids(second.delivered)).toEqual(['later'])
})

test('[E5] a handler\'s effects happen once, however often the event comes', async () => {
  const rig = await startRig()
  await rig.storage.migrate(KEY, NOTES)
  const handle = () => rig.storage.store(KEY).transaction(async (tx) => {
    if (!(await tx.acceptEvent('e-1', 'h'))) return 'known'
    await tx.db.insertInto('note').values({ text: 'effect' }).execute()
    return 'done'
  }, forever())
  expect([await handle(), await handle()]).toEqual(['done', 'known'])
  const other = rig.storage.store(KEY).transaction((tx) => tx.acceptEvent('e-1', 'another handler'), forever())
  expect(await other).toBe(true)
  expect(await rig.storage.store(KEY).db.selectFrom('note').select('text').execute()).toEqual([{ text: 'effect' }])
})

test('[E6] replay passes over who has dealt with the event; asked to, it delivers again to one handler or to all, and the effects happen once more', async () => {
  const second = { pluginId: 'fr.example.other', handlerId: 'h' }
  const effects: string[] = []
  const rig = await startRig({
    subscriptions: [SUBSCRIBER, second],
    deliver: async (delivery) => {
      const { tenantId, subscriber, handler } = delivery
      await rig.storage.store({ tenantId, pluginId: subscriber }).transaction(async (tx) => { if (await tx.acceptEvent(inboxIdOf(delivery), handler)) effects.push(handler) }, forever())
    },
  })
  await rig.emit('e-1')
  await rig.bus.settle()
  expect([await rig.bus.replay('t-1', 'e-1'), await rig.bus.replay('t-1', 'unknown')]).toEqual([{ queued: 0, underWay: 0, accepted: 2 }, undefined])
  await rig.bus.settle()
  // Which of two handlers comes first is no promise.
  expect(effects.splice(0).toSorted()).toEqual(['h', 'on-change'])
  expect(await rig.bus.replay('t-1', 'e-1', { ...second, again: true })).toEqual({ queued: 1, underWay: 0, accepted: 0 })
  await rig.bus.settle()
  expect(effects.splice(0)).toEqual(['h'])
  expect(await rig.bus.replay('t-1', 'e-1', { again: true })).toEqual({ queued: 2, underWay: 0, accepted: 0 })
  await rig.bus.settle()
  expect(effects.toSorted()).toEqual(['h', 'on-change'])
  expect(await rig.bus.show('t-1', 'e-1')).toMatchObject([{ handler: 'on-change', status: 'delivered', data: { id: 'e-1' } }, { handler: 'h', status: 'delivered' }])
})

test('[E6] a dead letter that is replayed begins anew', async () => {
  let broken = true
  const rig = await startRig({ deliver: async () => { if (broken) throw new Error('down') } })
  await rig.emit('e-1')
  for (let round = 0; round < 8; round += 1) {
    await rig.bus.settle()
    rig.outside.time += 100_000
  }
  broken = false
  expect(await rig.bus.replay('t-1', 'e-1', { handlerId: 'on-change' })).toMatchObject({ queued: 1 })
  await rig.bus.settle()
  expect(rig.delivered).toMatchObject([{ eventId: 'e-1', attempt: 1 }])
})

test('[E7] an event that nobody wants is kept for thirty days and can be replayed to who wants it later', async () => {
  const rig = await startRig({ subscriptions: [] })
  await rig.emit('e-1')
  await rig.bus.settle()
  expect(await rig.bus.list('t-1', { status: 'unsubscribed', limit: 10 })).toMatchObject([{ eventId: 'e-1', subscriber: undefined }])
  await rig.crash()
  const later = await startRig({ folder: rig.folder, outside: rig.outside })
  expect(await later.bus.replay('t-1', 'e-1')).toMatchObject({ queued: 1 })
  await later.bus.settle()
  expect(ids(later.delivered)).toEqual(['e-1'])
})

test('[E10] stopping waits for deliveries under way, and what they did is written down', async () => {
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const rig = await startRig({ deliver: async () => { begun.resolve(); await gate.promise } })
  await rig.emit('e-1')
  await begun.promise
  const stopped = rig.bus.stop()
  gate.resolve()
  await stopped
  expect(await rig.bus.show('t-1', 'e-1')).toMatchObject([{ status: 'delivered', attempts: 1 }])
})

test('[E11] whatever fails and whenever the process dies: nothing acknowledged is lost, and each subject arrives in order', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('emit' as const), subject: fc.constantFrom('a', 'b', 'c'), key: fc.constantFrom('t-1', 't-2') }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 1_500, 70_000) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('turn' as const), turns: fc.integer({ min: 0, max: 8 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  )
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), fc.infiniteStream(fc.nat(3)), async (steps, luck) => {
    const outside = new FakeOutside()
    const folder = temporaryFolder()
    const written: { readonly line: string; readonly id: string }[] = []
    const arrived: { readonly line: string; readonly id: string }[] = []
    let calm = false
    const start = () => startRig({
      folder, outside,
      deliver: async ({ eventId, tenantId, subject, attempt }) => {
        await new Promise((resolve) => { setImmediate(resolve) })
        if (!calm && attempt < 6 && luck.next().value === 0) throw new Error('bad luck')
        arrived.push({ line: `${tenantId} ${subject}`, id: eventId })
      },
    })
    let rig = await start()
    for (const [index, action] of steps.entries()) {
      if (action.kind === 'emit') {
        const id = `e-${String(index).padStart(3, '0')}`
        await rig.emit(id, { subject: action.subject, key: { tenantId: action.key, pluginId: KEY.pluginId } })
        written.push({ line: `${action.key} ${action.subject}`, id })
      } else if (action.kind === 'wait') {
        outside.time += action.ms
        await rig.bus.settle()
      } else if (action.kind === 'turn') {
        for (let turn = 0; turn < action.turns; turn += 1) await new Promise((resolve) => { setImmediate(resolve) })
      } else {
        await rig.crash()
        rig = await start()
      }
    }
    calm = true
    outside.time += 200_000
    await rig.bus.settle()
    await rig.crash()
    for (const line of new Set(written.map((event) => event.line))) {
      const first = [...new Set(arrived.filter((event) => event.line === line).map(({ id }) => id))]
      expect(first).toEqual(written.filter((event) => event.line === line).map(({ id }) => id))
    }
  }), { numRuns: 25 })
})

test('[E12] a process killed in the middle of writing loses nothing that it acknowledged', async () => {
  const folder = temporaryFolder()
  await runEnvironment(folder)
  const child = spawn(process.execPath, [fileURLToPath(new URL('killed-writer.ts', import.meta.url)), folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line)
    if (acknowledged.length === 50) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  const rig = await startRig({ folder })
  await rig.bus.settle()
  expect(ids(rig.delivered).slice(0, acknowledged.length)).toEqual(acknowledged)
})
