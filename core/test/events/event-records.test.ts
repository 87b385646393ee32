import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { EventNode } from '../../src/events/desk/event-tree.ts'
import { KEY } from '../storage/temporary-storage.ts'
import { startRig, SUBSCRIBER, TYPE, type Rig } from './event-kit.ts'

const OTHER = { tenantId: 't-1', pluginId: 'fr.example.other' }
const TRACE = '0af7651916cd43dd8448eb211c80319c'

async function pages(rig: Rig, query: Omit<Parameters<Rig['records']['search']>[1], 'limit'>, limit: number, between: (page: number) => Promise<void> = async () => undefined): Promise<readonly (readonly string[])[]> {
  const all: string[][] = []
  for (let cursor: string | undefined; ;) {
    const page = await rig.records.search('t-1', { ...query, limit, cursor })
    all.push(page.events.map(({ id }) => id))
    if (page.next === undefined) return all
    cursor = page.next
    await between(all.length)
  }
}

test('[E69] events of all plugins come newest first, in pages that stay as they are while more is written', async () => {
  const rig = await startRig()
  for (let index = 0; index < 9; index += 1) {
    await rig.emit(`e-${index}`, index % 3 === 0 ? { key: OTHER } : {})
    rig.outside.time += 1_000
  }
  const seen = await pages(rig, {}, 4, async (page) => {
    await rig.emit(`late-${page}`)
    await rig.emit(`late-new-${page}`, { key: { tenantId: 't-1', pluginId: `fr.example.new-${page}` } })
  })
  expect(seen.flat()).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0].map((index) => `e-${index}`))
  expect(seen.map((page) => page.length)).toEqual([4, 4, 1])
  expect((await rig.records.search('t-1', { limit: 1, cursor: 'nonsense' })).events).toHaveLength(1)
  expect(await rig.records.search('t-2', { limit: 5 })).toEqual({ events: [], next: undefined, searchedBackTo: undefined })
})

test('[E69] they are found by type, id, subject, plugin, trace, time and state', async () => {
  const rig = await startRig({ deliver: async ({ eventId }) => { if (eventId === 'dead') throw new Error('down') } })
  await rig.emit('old', { subject: 'x', traceparent: `00-${TRACE}-b7ad6b7169203331-01` })
  rig.outside.time += 5_000
  await rig.emit('dead', { type: 'fr.example.notes.sent/v2', subject: '100%' })
  await rig.emit('other', { key: OTHER, subject: 'x' })
  for (let round = 0; round < 8; round += 1) {
    await rig.settle()
    rig.outside.time += 100_000
  }
  await rig.emit('later', { notBefore: rig.outside.time + 1_000_000 })
  await rig.settle()
  const found = async (query: Omit<Parameters<Rig['records']['search']>[1], 'limit'>) => (await pages(rig, query, 50)).flat().toSorted()
  expect([
    await found({ type: 'notes.sent' }), await found({ type: '%' }), await found({ id: 'old' }), await found({ subject: 'x' }), await found({ subject: '100%' }),
    await found({ plugin: OTHER.pluginId }), await found({ plugin: SUBSCRIBER.pluginId }), await found({ traceId: TRACE }), await found({ traceId: `_${TRACE.slice(1)}` }),
    await found({ state: 'dead' }), await found({ state: 'pending' }), await found({ state: 'delivered' }), await found({ state: 'unsubscribed' }), await found({ subject: 'x', plugin: OTHER.pluginId }),
  ]).toEqual([
    ['dead'], [], ['old'], ['old', 'other'], ['dead'],
    ['other'], ['dead', 'old', 'other'], ['old'], ['old'],
    ['dead'], ['later'], ['old', 'other'], [], ['other'],
  ])
  const [old] = (await rig.records.search('t-1', { id: 'old', limit: 1 })).events
  expect([await found({ to: (old?.time ?? 0) + 1 }), await found({ from: (old?.time ?? 0) + 1, to: (old?.time ?? 0) + 6_000 })]).toEqual([['old'], ['dead', 'other']])
  expect(old).toMatchObject({ type: TYPE, source: KEY.pluginId, traceId: TRACE, state: 'delivered', deliveries: [{ subscriber: SUBSCRIBER.pluginId, handler: 'on-change', state: 'delivered', attempts: 1, changedAt: (old?.time ?? 0) + 5_000 }] })
  expect(JSON.stringify(old)).not.toContain('data')
  expect(await rig.records.content('t-1', 'old')).toEqual({ data: { id: 'old' } })
  expect([await rig.records.content('t-2', 'old'), await rig.records.find('t-2', 'old'), await rig.records.tree('t-2', 'old')]).toEqual([undefined, undefined, undefined])
})

test('[E69] a search that finds nothing in a long table goes through it in short steps, stops, says how far it got, and can be gone on with', async () => {
  const rig = await startRig({ subscriptions: [] })
  await rig.emit('needle', { subject: 'needle' })
  await rig.settle()
  await sql`insert into liberacces_outbox (seq, id, id_given, type, subject, time, data_json, state)
    with recursive n (x) as (select 1 union all select x + 1 from n where x < 205000)
    select (select max(seq) from liberacces_outbox) + x, 'hay-' || x, 1, ${TYPE}, 'hay', cast(${rig.outside.time} as bigint) + x, '0', 'unsubscribed' from n`.execute(rig.storage.kernelStore(KEY))
  let turns = 0
  let isOver = false
  const turn = (): void => { turns += 1; if (!isOver) setImmediate(turn) }
  turn()
  const first = await rig.records.search('t-1', { subject: 'needle', limit: 10 })
  isOver = true
  expect(first.events).toEqual([])
  expect(first.searchedBackTo).toBeLessThan(rig.outside.time + 6_000)
  // Whoever else has something to do came to it in between.
  expect(turns).toBeGreaterThan(35)
  expect((await rig.records.search('t-1', { subject: 'needle', limit: 10, cursor: first.next })).events.map(({ id }) => id)).toEqual(['needle'])
})

test('[E70] what an event set off is a tree through plugins, the same from each of its events', async () => {
  const rig = await startRig({ subscriptions: [SUBSCRIBER] })
  const cause = (eventId: string) => ({ kind: 'handler' as const, pluginId: 'fr.example.reader', handlerId: 'on change', eventId })
  await rig.emit('root', { cause: { kind: 'schedule', pluginId: KEY.pluginId, scheduleId: 'nightly' }, release: '1.2.0' })
  await rig.emit('a', { cause: cause('root'), key: OTHER })
  await rig.emit('b', { cause: cause('root') })
  await rig.emit('a-1', { cause: cause('a') })
  await rig.emit('apart')
  await rig.settle()
  const shape = ({ event, caused }: EventNode): unknown => [event.id, caused.map(shape)]
  for (const id of ['root', 'a', 'b', 'a-1']) {
    const tree = await rig.records.tree('t-1', id)
    expect(tree && shape(tree.root)).toEqual(['root', [['b', []], ['a', [['a-1', []]]]]])
    expect(tree).toMatchObject({ isRootLost: false, isCut: false })
  }
  expect((await rig.records.tree('t-1', 'root'))?.root.event).toMatchObject({ release: '1.2.0', cause: { kind: 'schedule', pluginId: KEY.pluginId, scheduleId: 'nightly' } })
  expect((await rig.records.find('t-1', 'a'))?.cause).toEqual(cause('root'))
  expect((await rig.records.tree('t-1', 'apart'))?.root.caused).toEqual([])
})

test('[E70] a tree whose beginning is not kept any more says so, and one that is too large or goes round in circles ends', async () => {
  const rig = await startRig({ subscriptions: [] })
  const cause = (eventId: string) => ({ kind: 'handler' as const, pluginId: 'p', handlerId: 'h', eventId })
  await rig.emit('orphan', { cause: cause('gone') })
  expect(await rig.records.tree('t-1', 'orphan')).toMatchObject({ isRootLost: true, root: { event: { id: 'orphan' } } })
  await rig.emit('round-1', { cause: cause('round-2') })
  await rig.emit('round-2', { cause: cause('round-1') })
  expect(await rig.records.tree('t-1', 'round-1')).toMatchObject({ isRootLost: true })
  await rig.emit('wide')
  for (let index = 0; index < 210; index += 1) await rig.emit(`w-${index}`, { cause: cause('wide') })
  const wide = await rig.records.tree('t-1', 'wide')
  expect([wide?.isCut, wide?.root.caused.length]).toEqual([true, 199])
  for (let index = 0; index < 25; index += 1) await rig.emit(`deep-${index}`, index === 0 ? {} : { cause: cause(`deep-${index - 1}`) })
  expect(await rig.records.tree('t-1', 'deep-0')).toMatchObject({ isCut: true })
})
