import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReplays } from '../../src/events/desk/replays.ts'
import type { Delivery } from '../../src/events/event-bus.ts'
import { inboxIdOf } from '../../src/events/requeue.ts'
import { FakeOutside, forever, KEY, temporaryFolder } from '../storage/temporary-storage.ts'
import { startRig, SUBSCRIBER, TYPE, type Rig } from './event-kit.ts'

const BY = { kind: 'operator', id: 'o', name: 'Opérateur' } as const
const SECOND = { pluginId: 'fr.example.second', handlerId: 'h' }
const OTHER = { tenantId: 't-1', pluginId: 'fr.example.other' }
const HOUR = 3_600_000

/** A handler with effects, that its inbox keeps from happening twice. */
function counting(rig: () => Rig, effects: string[], fails: (delivery: Delivery) => boolean = () => false) {
  return async (delivery: Delivery): Promise<void> => {
    if (fails(delivery)) throw new Error('down')
    const isNew = await rig().storage.store({ tenantId: delivery.tenantId, pluginId: delivery.subscriber }).transaction((tx) => tx.acceptEvent(inboxIdOf(delivery), delivery.handler), forever())
    // After the commit: what a crash rolls back has not happened.
    if (isNew) effects.push(`${delivery.handler} ${delivery.eventId}`)
  }
}

test('[E65] a replay from a date on is counted before, passes over who has dealt with an event, and twice is harmless', async () => {
  const effects: string[] = []
  let isBroken = true
  const rig: Rig = await startRig({ subscriptions: [SUBSCRIBER, SECOND], deliver: counting(() => rig, effects, ({ handler }) => isBroken && handler === 'h') })
  await rig.emit('before')
  rig.outside.time += HOUR
  const from = rig.outside.time
  for (const id of ['a', 'b']) await rig.emit(id)
  await rig.emit('c', { key: OTHER })
  for (let round = 0; round < 30; round += 1) {
    await rig.settle()
    rig.outside.time += 100_000
  }
  expect(effects.toSorted()).toEqual(['on-change a', 'on-change b', 'on-change before', 'on-change c'])
  isBroken = false
  const selection = { from, again: false }
  expect(await rig.replays.preview('t-1', selection)).toEqual({ events: 3, queued: 3, underWay: 0, accepted: 3, gone: 0 })
  const replay = await rig.replays.begin('t-1', selection, BY)
  expect(replay).toMatchObject({ state: 'running', total: 3, by: { name: 'Opérateur' } })
  await rig.settle()
  expect(effects.slice(4).toSorted()).toEqual(['h a', 'h b', 'h c'])
  expect(await rig.replays.find('t-1', replay.id)).toMatchObject({ state: 'done', counts: { events: 3, queued: 3, accepted: 3 } })
  await rig.replays.begin('t-1', selection, BY)
  await rig.settle()
  expect(effects).toHaveLength(7)
  expect((await rig.replays.list('t-1', 10)).map(({ counts }) => counts.queued).toSorted((a, b) => a - b)).toEqual([0, 3])
  expect([await rig.replays.list('t-2', 10), await rig.replays.find('t-2', replay.id)]).toEqual([[], undefined])
})

test('[E65] a replay is for one handler, a type, a plugin that emitted, events by name, or a time; with `again` effects happen once more, in order', async () => {
  const effects: string[] = []
  const rig: Rig = await startRig({ subscriptions: [SUBSCRIBER, SECOND], deliver: counting(() => rig, effects) })
  for (const id of ['a', 'b', 'c']) {
    await rig.emit(id)
    rig.outside.time += HOUR
  }
  await rig.emit('d', { key: OTHER, type: 'fr.example.else/v1' })
  await rig.settle()
  const count = async (selection: Omit<Parameters<Rig['replays']['preview']>[1], 'again'>) => (await rig.replays.preview('t-1', { ...selection, again: true })).queued
  const start = rig.outside.time - 3 * HOUR
  expect([
    await count({ from: 0 }), await count({ from: 0, plugin: 'fr.example.second' }), await count({ from: 0, plugin: 'fr.example.second', handler: 'h' }), await count({ from: 0, plugin: 'fr.example.second', handler: 'other' }),
    await count({ from: 0, types: ['fr.example.else/v1'] }), await count({ from: 0, source: KEY.pluginId }), await count({ ids: ['b', 'd', 'unknown'] }), await count({ from: start + HOUR, to: start + 2 * HOUR }),
  ]).toEqual([8, 4, 4, 0, 2, 6, 4, 2])
  effects.length = 0
  await rig.replays.begin('t-1', { from: 0, plugin: 'fr.example.second', handler: 'h', source: KEY.pluginId, again: true }, BY)
  await rig.settle()
  expect(effects).toEqual(['h a', 'h b', 'h c'])
  // What another process dealt with in between is known by the inbox: the delivery alone is made again.
  await rig.replays.begin('t-1', { from: 0, again: false }, BY)
  await rig.settle()
  expect(effects).toHaveLength(3)
})

test('[E65] what makes no sense as a replay is refused, and an event that is emitted while one runs is not part of it', async () => {
  const rig = await startRig()
  await rig.emit('a')
  await rig.settle()
  for (const selection of [{}, { ids: [] }, { from: 5, to: 5 }, { from: 0, handler: 'h' }, { from: 0, types: [] }, { ids: Array.from({ length: 1_001 }, (_, index) => `${index}`) }]) {
    await expect(rig.replays.begin('t-1', { ...selection, again: false }, BY)).rejects.toMatchObject({ code: 'REPLAY_INVALID' })
  }
  const replay = await rig.replays.begin('t-1', { from: 0, again: true }, BY)
  rig.outside.time += 2
  await rig.emit('later')
  await rig.settle()
  expect((await rig.replays.find('t-1', replay.id))?.counts).toMatchObject({ events: 1 })
})

test('[E66] a replay that the death of the process cuts short anywhere is gone on with, does each effect once, and in order', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 130 }), fc.array(fc.record({ at: fc.constantFrom('queued' as const, 'delivering' as const), after: fc.integer({ min: 0, max: 60 }) }), { maxLength: 4 }), async (events, crashes) => {
    const folder = temporaryFolder()
    const outside = new FakeOutside()
    const effects: string[] = []
    let left = 0
    let isCrashing: 'queued' | 'delivering' | undefined
    let stopped = Promise.withResolvers<void>()
    const die = async (where: 'queued' | 'delivering'): Promise<void> => {
      if (isCrashing !== where || left-- > 0) return
      stopped.resolve()
      await new Promise(() => undefined)
    }
    Object.assign(outside, { reached: (point: string) => (point === 'replay:queued' ? die('queued') : undefined) })
    let rig!: Rig
    const start = () => startRig({ folder, outside, deliver: async (delivery) => { await die('delivering'); await counting(() => rig, effects)(delivery) } })
    rig = await start()
    for (let index = 0; index < events; index += 1) await rig.emit(`e-${String(index).padStart(4, '0')}`, { subject: String(index % 3) })
    await rig.settle()
    effects.length = 0
    for (const [index, { at, after }] of crashes.entries()) {
      isCrashing = at
      // A replay of so few events takes three steps at most.
      left = at === 'queued' ? after % 3 : after
      stopped = Promise.withResolvers<void>()
      if (index === 0) await rig.replays.begin('t-1', { from: 0, again: true }, BY)
      // Either it dies, or it is over before.
      await Promise.race([stopped.promise, rig.settle()])
      await rig.crash()
      isCrashing = undefined
      rig = await start()
      // What was queued is delivered before the replay is gone on with: only the marks tell that it was.
      await rig.bus.settle()
      outside.time += 31_000
    }
    if (crashes.length === 0) await rig.replays.begin('t-1', { from: 0, again: true }, BY)
    await rig.settle()
    // By the inbox, which is written with the effect: of one that the database kept in the moment of the death nobody here has heard.
    const again = (await rig.replays.list('t-1', 1))[0]?.id
    const accepted = await rig.storage.kernelStore({ tenantId: 't-1', pluginId: SUBSCRIBER.pluginId }).selectFrom('liberacces_inbox').select(['event_id', 'handler']).execute()
    const all = Array.from({ length: events }, (_, index) => `e-${String(index).padStart(4, '0')}`)
    expect(accepted.map(({ event_id }) => event_id).toSorted()).toEqual(all.flatMap((eventId) => [eventId, inboxIdOf({ eventId, again })]).toSorted())
    expect(new Set(effects).size).toBe(effects.length)
    expect(events - effects.length).toBeLessThanOrEqual(crashes.length * 16)
    for (const subject of [0, 1, 2]) {
      const own = effects.filter((effect) => Number(effect.slice(-4)) % 3 === subject)
      expect(own).toEqual(own.toSorted())
    }
    expect((await rig.replays.list('t-1', 1))[0]).toMatchObject({ state: 'done', total: events, counts: { events, queued: events } })
    await rig.crash()
  }), { numRuns: process.env['LIBERACCES_TEST_DATABASE'] === 'postgres' ? 5 : 12 })
}, 120_000)

test('[E66] of two nodes on one database one works on a replay; when it falls silent the other goes on, and each effect happens once', async () => {
  const effects: string[] = []
  const rig: Rig = await startRig({ deliver: counting(() => rig, effects) })
  for (let index = 0; index < 120; index += 1) await rig.emit(`e-${String(index).padStart(3, '0')}`, { subject: String(index % 3) })
  await rig.settle()
  effects.length = 0
  const other = createReplays({ storage: rig.storage, outside: rig.outside, bus: rig.bus, ports: { subscriptions: () => [SUBSCRIBER], log: { warn: () => undefined, error: () => undefined, debug: () => undefined } }, newId: () => 'other' })
  await other.start()
  const stuck = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  let isStuck = false
  Object.assign(rig.outside, { reached: (point: string) => { if (point === 'replay:queued' && !isStuck) { isStuck = true; reached.resolve(); return stuck.promise } return undefined } })
  const { id } = await rig.replays.begin('t-1', { from: 0, again: true }, BY)
  await reached.promise
  // It holds the replay, so the other has nothing to do, until it has been silent for too long.
  expect(await other.settle()).toBe(false)
  rig.outside.time += 31_000
  expect(await other.settle()).toBe(true)
  stuck.resolve()
  await rig.settle()
  await other.settle()
  await rig.settle()
  expect(effects.toSorted()).toEqual(Array.from({ length: 120 }, (_, index) => `on-change e-${String(index).padStart(3, '0')}`))
  expect(await rig.replays.find('t-1', id)).toMatchObject({ state: 'done' })
  await other.close()
})

test('[E67] a replay queues no more than the deliveries keep up with, and can be stopped and gone on with', async () => {
  const gate = Promise.withResolvers<void>()
  let isShut = false
  const rig = await startRig({ deliver: async () => { if (isShut) await gate.promise } })
  const writer = rig.storage.store(KEY)
  await writer.transaction(async (tx) => {
    for (let index = 0; index < 1_200; index += 1) {
      await tx.appendEvent({ id: undefined, type: TYPE, subject: undefined, time: rig.outside.time, data: {}, notBefore: undefined, traceparent: undefined })
    }
  }, forever())
  await rig.settle()
  expect(rig.delivered).toHaveLength(1_200)
  isShut = true
  const { id } = await rig.replays.begin('t-1', { from: 0, again: true }, BY)
  while (await rig.replays.settle()) { /* until it waits */ }
  expect((await rig.replays.find('t-1', id))?.counts.queued).toBeLessThanOrEqual(600)
  expect([await rig.replays.stop('t-1', id), await rig.replays.stop('t-1', id), await rig.replays.stop('t-1', 'unknown')]).toEqual([true, false, false])
  isShut = false
  gate.resolve()
  await rig.settle()
  const stopped = await rig.replays.find('t-1', id)
  expect(stopped).toMatchObject({ state: 'stopped' })
  expect(rig.delivered).toHaveLength(1_200 + (stopped?.counts.queued ?? 0))
  expect([await rig.replays.resume('t-2', id), await rig.replays.resume('t-1', id)]).toEqual([false, true])
  await rig.settle()
  expect(await rig.replays.find('t-1', id)).toMatchObject({ state: 'done', counts: { events: 1_200, queued: 1_200 } })
  expect(rig.delivered).toHaveLength(2_400)
})

test('[E68] dead letters are retried or discarded by handler, all or one; what was discarded is not delivered unless somebody wishes it again', async () => {
  const effects: string[] = []
  let isBroken = true
  const rig: Rig = await startRig({ subscriptions: [SUBSCRIBER, SECOND], deliver: counting(() => rig, effects, () => isBroken) })
  for (const id of ['a', 'b', 'c']) await rig.emit(id)
  await rig.emit('d', { key: OTHER })
  for (let round = 0; round < 40; round += 1) {
    await rig.settle()
    rig.outside.time += 100_000
  }
  expect(await rig.records.deadLetters('t-1')).toMatchObject([{ subscriber: SUBSCRIBER.pluginId, handler: 'on-change', count: 4, lastError: 'down' }, { subscriber: SECOND.pluginId, handler: 'h', count: 4 }])
  isBroken = false
  const second = { plugin: SECOND.pluginId, handler: SECOND.handlerId }
  expect([await rig.records.discard('t-1', { ...second, eventId: 'b' }), await rig.records.discard('t-1', { ...second, eventId: 'b' }), await rig.records.discard('t-2', second)]).toEqual([1, 0, 0])
  const retry = { only: 'dead' as const, ...second, again: false }
  expect(await rig.replays.preview('t-1', retry)).toEqual({ events: 3, queued: 3, underWay: 0, accepted: 0, gone: 0 })
  await rig.replays.begin('t-1', retry, BY)
  await rig.settle()
  expect(effects.toSorted()).toEqual(['h a', 'h c', 'h d'])
  expect(await rig.records.discard('t-1', { plugin: SUBSCRIBER.pluginId, handler: 'on-change' })).toBe(4)
  expect(await rig.records.deadLetters('t-1')).toEqual([])
  await rig.replays.begin('t-1', { from: 0, again: false }, BY)
  await rig.settle()
  expect(effects).toHaveLength(3)
  expect((await rig.records.find('t-1', 'b'))?.deliveries.map(({ state }) => state)).toEqual(['discarded', 'discarded'])
  expect(await rig.bus.replay('t-1', 'b', { ...SECOND, again: true })).toMatchObject({ queued: 1 })
  await rig.settle()
  expect(effects.at(-1)).toBe('h b')
})

test('[E68] a dead letter to a handler that is not there any more is counted and left', async () => {
  const folder = temporaryFolder()
  const outside = new FakeOutside()
  const first = await startRig({ folder, outside, subscriptions: [SECOND], deliver: async () => { throw new Error('down') } })
  await first.emit('a')
  for (let round = 0; round < 8; round += 1) {
    await first.settle()
    outside.time += 100_000
  }
  await first.crash()
  const rig = await startRig({ folder, outside })
  expect(await rig.replays.preview('t-1', { only: 'dead', again: false })).toEqual({ events: 1, queued: 0, underWay: 0, accepted: 0, gone: 1 })
})
