import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { validate, version } from 'uuid'
import { cutsAt } from '../../src/events/retention/kept-days.ts'
import { sweepStore } from '../../src/events/retention/sweep-store.ts'
import { eventIdOf, eventNumberIn, nextEventNumber } from '../../src/storage/event-number.ts'
import { STORE_SCHEMA } from '../../src/storage/sqlite/store-schema.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside, forever, KEY, temporaryFolder } from '../storage/temporary-storage.ts'
import { ids, startRig, SUBSCRIBER, TYPE, type Rig } from './event-kit.ts'

const DAY = 24 * 60 * 60 * 1_000
const BARE = { type: TYPE, subject: undefined, time: 0, data: null, notBefore: undefined, traceparent: undefined }
const outbox = ({ storage }: Pick<Rig, 'storage'>) => storage.kernelStore(KEY).selectFrom('liberacces_outbox').select(['seq', 'id', 'state']).orderBy('seq').execute()
/** Takes away all that was delivered, whenever it was written. */
async function purge({ storage, outside }: Rig): Promise<void> {
  if ((await storage.storesOf(KEY.tenantId)).length > 0) await sweepStore(storage, KEY, cutsAt(outside.time + 4_000 * DAY, { events: 30, deadLetters: 90, byType: new Map() }))
}

test('[E19] whatever the clock says, numbers of events grow, fit a double, and are in their ids, which are UUIDs of version 7 in the same order', () => {
  const clock = fc.oneof(fc.integer({ min: 0, max: 2 ** 43 }), fc.integer({ min: 1_780_000_000_000, max: 1_780_000_000_003 }), fc.constant(8.64e15), fc.double({ min: 0, max: 2 ** 42, noNaN: true }))
  fc.assert(fc.property(fc.array(fc.tuple(clock, fc.uint8Array({ minLength: 8, maxLength: 8 })), { maxLength: 200 }), (steps) => {
    let last = 0
    let lastId = ''
    for (const [now, random] of steps) {
      const number = nextEventNumber(last, now)
      const id = eventIdOf(number, random)
      expect(number).toBeGreaterThan(last)
      expect(Number.isSafeInteger(number)).toBe(true)
      expect([validate(id), version(id), eventNumberIn(id)]).toEqual([true, 7, number])
      expect(id > lastId).toBe(true)
      ;[last, lastId] = [number, id]
    }
  }))
})

test('[E19] a number is a time as long as the clock runs well, also of many events in a millisecond', () => {
  const now = Date.UTC(2026, 10, 26)
  let last = nextEventNumber(0, now)
  expect(eventIdOf(last, new Uint8Array(8)).slice(0, 13)).toBe(`${now.toString(16).padStart(12, '0').slice(0, 8)}-${now.toString(16).padStart(12, '0').slice(8)}`)
  for (let index = 0; index < 1_500; index += 1) last = nextEventNumber(last, now)
  expect(eventIdOf(last, new Uint8Array(8)).slice(0, 13)).toBe(`${(now + 1).toString(16).padStart(12, '0').slice(0, 8)}-${(now + 1).toString(16).padStart(12, '0').slice(8)}`)
})

test('[E19] numbers grow and each event arrives once, though the clock jumps, transactions roll back, files close, processes die and everything is purged', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('emit' as const), count: fc.integer({ min: 1, max: 3 }), fails: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('clock' as const), ms: fc.constantFrom(-90 * DAY, -DAY, -1, 1, 70_000, DAY, 31 * DAY) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('rest' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  )
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
    const outside = new FakeOutside()
    const folder = temporaryFolder()
    const written: string[] = []
    const arrived: string[] = []
    const numbers: number[] = []
    const start = () => startRig({ folder, outside, deliver: async ({ eventId }) => { arrived.push(eventId) } })
    let rig = await start()
    for (const one of steps) {
      if (one.kind === 'clock') outside.time += one.ms
      else if (one.kind === 'rest') rig.storage.rest(KEY)
      else if (one.kind === 'crash') {
        await rig.bus.settle()
        await rig.crash()
        rig = await start()
      } else if (one.kind === 'purge') {
        await rig.bus.settle()
        await purge(rig)
      } else {
        const given: string[] = []
        const writing = rig.storage.store(KEY).transaction(async (tx) => {
          for (let index = 0; index < one.count; index += 1) given.push(await tx.appendEvent({ ...BARE, id: undefined, subject: 'one', time: outside.time }))
          if (one.fails) throw new Error('no')
        }, forever())
        await writing.catch((error: unknown) => { if (!one.fails) throw error })
        if (!one.fails) {
          written.push(...given)
          numbers.push(...given.map((id) => eventNumberIn(id) ?? Number.NaN))
        }
      }
    }
    await rig.bus.settle()
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
    expect(arrived).toEqual(written)
    await rig.crash()
  }), { numRuns: 40 })
}, 60_000)

test('[E19] after all events are gone, and the clock and the process went back, numbers go on from the last', async () => {
  const rig = await startRig({ subscriptions: [] })
  await rig.storage.store(KEY).transaction((tx) => tx.appendEvent({ ...BARE, id: undefined, time: rig.outside.time }), forever())
  const [first] = await outbox(rig)
  await rig.bus.settle()
  await purge(rig)
  expect(await outbox(rig)).toEqual([])
  await rig.crash()
  rig.outside.time -= 90 * DAY
  const second = await startRig({ folder: rig.folder, outside: rig.outside })
  await second.storage.store(KEY).transaction((tx) => tx.appendEvent({ ...BARE, id: undefined }), forever())
  expect((await outbox(second))[0]?.seq).toBe((first?.seq ?? 0) + 1)
  await second.bus.settle()
  expect(second.delivered).toHaveLength(1)
})

test('[E19] what was to be delivered at once is, though the clock is set back by months while it waits for its turn, and while the process is dead', async () => {
  const gate = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const rig = await startRig({ deliver: async () => { held.resolve(); await gate.promise } })
  const all = Array.from({ length: 150 }, (_, index) => `e-${String(index).padStart(3, '0')}`)
  // Half of them stand in lines, and more than a look takes up do not.
  for (const [index, id] of all.entries()) await rig.emit(id, { subject: index % 2 === 0 ? 'one' : id })
  const settled = rig.bus.settle()
  await held.promise
  rig.outside.time -= 90 * DAY
  gate.resolve()
  await settled
  await rig.bus.settle()
  expect(ids(rig.delivered).toSorted()).toEqual(all)

  const stuck = await startRig({ deliver: () => new Promise(() => undefined) })
  for (const id of ['a', 'b']) await stuck.emit(id)
  await expect.poll(() => stuck.storage.kernelStore(KEY).selectFrom('liberacces_delivery').select('status').orderBy('id').execute()).toEqual([{ status: 'pending' }, { status: 'waiting' }])
  await stuck.crash()
  stuck.outside.time -= 90 * DAY
  const next = await startRig({ folder: stuck.folder, outside: stuck.outside })
  await next.bus.settle()
  expect(ids(next.delivered)).toEqual(['a', 'b'])
})

test('[E20] an event is shown and replayed by its id, whether the store made it or it came from elsewhere', async () => {
  const rig = await startRig()
  const made = await rig.storage.store(KEY).transaction((tx) => tx.appendEvent({ ...BARE, id: undefined }), forever())
  const foreign = '01939b0a-0000-7000-8000-000000000001'
  await rig.emit(foreign)
  await rig.emit('from-a-queue')
  await rig.bus.settle()
  for (const id of [made, foreign, 'from-a-queue']) {
    expect(await rig.bus.show('t-1', id)).toMatchObject([{ eventId: id, status: 'delivered' }])
    expect(await rig.bus.replay('t-1', id, { again: true })).toMatchObject({ queued: 1 })
  }
  await rig.bus.settle()
  expect(ids(rig.delivered).toSorted()).toEqual([made, made, foreign, foreign, 'from-a-queue', 'from-a-queue'].toSorted())
  // The same time and counter, by another hand.
  expect(await rig.bus.show('t-1', `${made.slice(0, -1)}${made.endsWith('0') ? '1' : '0'}`)).toEqual([])
})

test('[E20] an id that the store has is refused, whoever made it, and nothing of the transaction is kept', async () => {
  const rig = await startRig({ subscriptions: [] })
  const made = await rig.storage.store(KEY).transaction((tx) => tx.appendEvent({ ...BARE, id: undefined }), forever())
  await rig.emit('from-a-queue')
  for (const id of [made, 'from-a-queue']) {
    const again = rig.storage.store(KEY).transaction(async (tx) => {
      await tx.appendEvent({ ...BARE, id: undefined })
      await tx.appendEvent({ ...BARE, id })
    }, forever())
    await expect(again).rejects.toMatchObject({ code: 'EVENT_EXISTS' })
  }
  expect((await outbox(rig)).map(({ id }) => id)).toEqual([made, 'from-a-queue'])
})

test('[E20] a store of an older platform keeps its events with numbers, ids and deliveries, and goes on behind them', async () => {
  const folder = temporaryFolder()
  const outside = new FakeOutside()
  const old = join(folder, 'old.sqlite')
  const database = new Database(old)
  database.pragma('foreign_keys = ON')
  database.exec(STORE_SCHEMA[0] ?? '')
  database.pragma('user_version = 1')
  database.exec(`insert into liberacces_outbox (seq, id, type, subject, time, data_json, due_at, state) values
      (7, '01939b0a-0000-7abc-8000-000000000007', '${TYPE}', 'one', ${outside.time}, '{"n":7}', 0, 'planned'),
      (8, '01939b0a-0000-7abc-8000-000000000008', '${TYPE}', 'one', ${outside.time}, '{"n":8}', 0, 'new'),
      (9, '01939b0a-0000-7abc-8000-000000000009', '${TYPE}', null, ${outside.time}, '{"n":9}', ${outside.time + DAY}, 'new');
    insert into liberacces_delivery (event_seq, subscriber, handler, subject, status, next_at, updated_at) values (7, 'fr.example.reader', 'on-change', 'one', 'pending', 0, 0)`)
  database.close()
  const storage = await runStorage({ folder, outside })
  const copy = join(folder, 'copy.sqlite')
  copyFileSync(old, copy)
  await storage.placeStore(KEY, copy)
  await storage.close()
  const rig = await startRig({ folder, outside })
  await rig.bus.settle()
  const made = await rig.storage.store(KEY).transaction((tx) => tx.appendEvent({ ...BARE, id: undefined, subject: 'one' }), forever())
  await rig.bus.settle()
  expect(rig.delivered.map(({ eventId, data }) => [eventId.slice(-1), data])).toEqual([['7', { n: 7 }], ['8', { n: 8 }], [made.slice(-1), null]])
  expect(await rig.bus.show('t-1', '01939b0a-0000-7abc-8000-000000000007')).toMatchObject([{ status: 'delivered', data: { n: 7 } }])
  outside.time += DAY
  await rig.bus.settle()
  expect(rig.delivered.at(-1)?.data).toEqual({ n: 9 })
  expect((await outbox(rig)).map(({ seq }) => seq)).toEqual([7, 8, 9, eventNumberIn(made)])
  expect(await rig.storage.kernelStore(KEY).selectFrom('liberacces_delivery').select('event_seq').orderBy('id').execute()).toHaveLength(4)
})

test('[E7] many events that nobody wants, and many that somebody does, are all looked at, however many come at once', async () => {
  for (const [subscriptions, state] of [[[], 'unsubscribed'], [[SUBSCRIBER, { pluginId: 'fr.example.other', handlerId: 'h' }], 'planned']] as const) {
    const rig = await startRig({ subscriptions })
    const count = state === 'planned' ? 260 : 2_300
    const due = rig.outside.time
    await rig.storage.store(KEY).transaction(async (tx) => {
      for (let index = 0; index < count; index += 1) await tx.appendEvent({ ...BARE, id: `e-${index}`, subject: 'one', notBefore: index % 10 === 0 ? due : undefined })
    }, forever())
    await rig.bus.settle()
    expect((await outbox(rig)).filter((row) => row.state !== state)).toEqual([])
    expect(rig.delivered).toHaveLength(count * subscriptions.length)
    const atOnce = ids(rig.delivered.filter(({ subscriber }) => subscriber === SUBSCRIBER.pluginId)).filter((id) => Number(id.slice(2)) % 10 !== 0)
    expect(atOnce).toEqual(Array.from({ length: subscriptions.length === 0 ? 0 : count }, (_, index) => `e-${index}`).filter((_, index) => index % 10 !== 0))
  }
})
