import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AuditEntry } from '../../src/audit/audit.ts'
import { cutsAt, DAY_MS, isExpired, type KeptDays } from '../../src/events/retention/kept-days.ts'
import { createRetention, type Retention } from '../../src/events/retention/retention.ts'
import { forever, KEY } from '../storage/temporary-storage.ts'
import { startRig, TYPE, type Rig } from './event-kit.ts'

const SHORT = 'fr.example.notes.short/v1'
const KEPT: KeptDays = { events: 30, deadLetters: 180, byType: new Map([[SHORT, 3]]) }

function retentionOf(rig: Rig, kept: () => KeptDays, audited: AuditEntry[] = []): Retention {
  const tenant = (id: string) => (['t-1', 't-2'].includes(id) ? { id } : undefined)
  return createRetention({
    storage: rig.storage, outside: rig.outside, log: { warn: (detail) => { throw new Error(JSON.stringify(detail)) }, debug: () => undefined },
    audit: { record: async (entry: AuditEntry) => { audited.push(entry) } } as never,
    tenants: { all: () => [{ id: 't-1' }, { id: 't-2' }], byId: tenant } as never,
    keptDays: async () => kept(),
  })
}

const kept = async (rig: Rig) => (await rig.records.search('t-1', { limit: 200 })).events.map(({ id }) => id).toSorted()

test('[E7] [E71] what was delivered, discarded or wanted by nobody goes after the tenant’s days, or those of its contract; dead letters after theirs, noted in the audit trail; what waits stays', async () => {
  const rig = await startRig({ deliver: async ({ eventId }) => { if (eventId.startsWith('dead')) throw new Error('never') } })
  const audited: AuditEntry[] = []
  const retention = retentionOf(rig, () => KEPT, audited)
  for (const id of ['done', 'dead-1', 'dead-2']) await rig.emit(id, { subject: id })
  await rig.emit('short', { type: SHORT })
  await rig.emit('waits', { notBefore: rig.outside.time + 400 * DAY_MS })
  for (let round = 0; round < 8; round += 1) {
    await rig.settle()
    rig.outside.time += 100_000
  }
  await rig.records.discard('t-1', { plugin: 'fr.example.reader', handler: 'on-change', eventId: 'dead-1' })
  await retention.sweep()
  expect(await kept(rig)).toEqual(['dead-1', 'dead-2', 'done', 'short', 'waits'])
  for (const [days, left] of [[4, ['dead-1', 'dead-2', 'done', 'waits']], [25, ['dead-1', 'dead-2', 'done', 'waits']], [3, ['dead-2', 'waits']], [140, ['dead-2', 'waits']], [15, ['waits']], [300, ['waits']]] as const) {
    rig.outside.time += days * DAY_MS
    await retention.sweep()
    expect(await kept(rig)).toEqual(left)
  }
  expect(audited).toMatchObject([{ tenantId: 't-1', action: 'event.dead-letters-expired', target: KEY.pluginId, detail: { count: 1, days: 180 } }])
  // Numbers go on behind what is gone.
  await rig.emit('next')
  expect(await kept(rig)).toEqual(['next', 'waits'])
})

test('[E71] a store is looked at when something in it has run out, once by one of several nodes, also one that nobody noted; and not more often than that', async () => {
  const rig = await startRig()
  const [here, there] = [retentionOf(rig, () => KEPT), retentionOf(rig, () => KEPT)]
  await rig.emit('a', { type: TYPE })
  await rig.settle()
  for (const key of rig.noted) here.note(key)
  expect(await here.sweep() + await there.sweep()).toBe(0)
  rig.outside.time += 3 * DAY_MS + 1
  expect((await Promise.all([here.sweep(), there.sweep()])).reduce((sum, one) => sum + one)).toBe(1)
  expect(await here.sweep()).toBe(0)
  // Written by a process that died before it told.
  const other = { tenantId: 't-2', pluginId: KEY.pluginId }
  await rig.emit('b', { key: other })
  expect(await there.sweep()).toBe(1)
  await rig.storage.drop(other)
  rig.outside.time += 40 * DAY_MS
  await here.sweep()
  expect(await rig.storage.platform.selectFrom('event_sweep').select('tenant_id').execute()).toEqual([{ tenant_id: 't-1' }])
  expect(await kept(rig)).toEqual([])
})

test('[E71] what a handler has dealt with is known for longer than anything can come again', async () => {
  const rig = await startRig()
  let days = KEPT
  const retention = retentionOf(rig, () => days)
  const accept = (id: string) => rig.storage.store(KEY).transaction((tx) => tx.acceptEvent(id, 'h'), forever())
  for (let index = 0; index < 1_100; index += 1) await accept(`e-${String(index).padStart(5, '0')}`)
  rig.outside.time += 200 * DAY_MS
  days = { ...KEPT, deadLetters: 300 }
  await retention.sweep()
  expect(await accept('e-00000')).toBe(false)
  days = KEPT
  rig.outside.time += 11 * DAY_MS
  await retention.sweep()
  expect(await rig.storage.kernelStore(KEY).selectFrom('liberacces_inbox').selectAll().execute()).toEqual([])
})

test('[E71] nothing goes that somebody still waits for, whatever the ages and the settings', () => {
  const delivery = fc.record({ status: fc.constantFrom('waiting' as const, 'pending' as const, 'delivered' as const, 'dead' as const, 'discarded' as const), updated_at: fc.integer({ min: 0, max: 1_000 * DAY_MS }) })
  const event = fc.record({ type: fc.constantFrom(TYPE, SHORT), time: fc.integer({ min: 0, max: 1_000 * DAY_MS }), state: fc.constantFrom('new' as const, 'planned' as const, 'unsubscribed' as const) })
  const days = fc.integer({ min: 1, max: 900 })
  fc.assert(fc.property(event, fc.array(delivery, { maxLength: 4 }), fc.record({ events: days, deadLetters: days, short: days }), (one, deliveries, { events, deadLetters, short }) => {
    const now = 1_000 * DAY_MS
    const cuts = cutsAt(now, { events, deadLetters, byType: new Map([[SHORT, short]]) })
    const goes = isExpired(one, deliveries, cuts)
    const own = one.type === SHORT ? short : events
    const isWaited = one.state === 'new' || deliveries.some(({ status }) => status === 'waiting' || status === 'pending')
    const isYoung = now - one.time <= own * DAY_MS || deliveries.some(({ status, updated_at: at }) => now - at <= (status === 'dead' ? deadLetters : own) * DAY_MS)
    expect(goes).toBe(!isWaited && !isYoung)
    // Whoever could still be sent it knows it.
    expect(cuts.inbox).toBeLessThan(Math.min(cuts.events, cuts.deadLetters, ...cuts.byType.values()))
  }))
})
