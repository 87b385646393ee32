import { expect, test } from 'vitest'
import { createAudit } from '../../src/audit/audit.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

const BY = { kind: 'account', id: 'a-1', name: 'Anne' } as const

async function setUp() {
  const outside = new FakeOutside()
  const storage = await runStorage({ outside })
  return { outside, storage, audit: createAudit({ storage, outside }) }
}

test('[A1] a line says who did what to what, where and when', async () => {
  const { audit, outside } = await setUp()
  const entry = { tenantId: 't-1', actor: BY, pluginId: 'fr.example.notes', action: 'note.deleted', target: 'n-1', detail: { count: 2, urgent: true, reason: null }, traceId: 'a'.repeat(32) } as const
  await audit.record(entry)
  await audit.record({ tenantId: 't-1', actor: BY, action: 'x.y', target: 'n-2' })
  expect(await audit.list('t-1', { limit: 10 })).toEqual([
    { id: 2, at: outside.time, tenantId: 't-1', actor: BY, action: 'x.y', target: 'n-2' },
    { id: 1, at: outside.time, ...entry },
  ])
})

test('[A2] a line written in a transaction is there if and only if that commits', async () => {
  const { audit, storage } = await setUp()
  const inTransaction = (fails: boolean) => storage.platformTransaction(async (tx) => {
    await audit.record({ tenantId: 't-1', actor: BY, action: fails ? 'undone' : 'done', target: 'x' }, tx)
    if (fails) throw new Error('no')
  })
  await inTransaction(false)
  await expect(inTransaction(true)).rejects.toThrow('no')
  expect((await audit.list('t-1', { limit: 10 })).map(({ action }) => action)).toEqual(['done'])
})

test('[A3] lines are read newest first, in pages, of one tenant alone', async () => {
  const { audit } = await setUp()
  for (let index = 0; index < 7; index += 1) await audit.record({ tenantId: 't-1', actor: { ...BY, id: `a-${index % 2}` }, action: index < 6 ? 'even.odd' : 'last', target: `x-${index}` })
  await audit.record({ tenantId: 't-2', actor: BY, action: 'even.odd', target: 'foreign' })
  const first = await audit.list('t-1', { limit: 3 })
  const second = await audit.list('t-1', { limit: 3, before: first.at(-1)?.id ?? 0 })
  expect([...first, ...second].map(({ target }) => target)).toEqual(['x-6', 'x-5', 'x-4', 'x-3', 'x-2', 'x-1'])
  expect((await audit.list('t-1', { limit: 10, action: 'even.odd', actor: 'a-1' })).map(({ target }) => target)).toEqual(['x-5', 'x-3', 'x-1'])
  expect(await audit.list('t-1', { limit: -5 })).toHaveLength(1)
  expect(await audit.list('t-3', { limit: 10 })).toEqual([])
})

test('[A3] lines are found by a part of their text, taken as it is, and by their time', async () => {
  const { audit, outside } = await setUp()
  const start = outside.time
  for (const target of ['100%', '1000', 'a_b', 'axb']) {
    await audit.record({ tenantId: 't-1', actor: BY, action: 'note.read', target })
    outside.time += 1_000
  }
  const found = async (query: object) => (await audit.list('t-1', { limit: 10, ...query })).map(({ target }) => target)
  expect(await found({ search: '100%' })).toEqual(['100%'])
  expect(await found({ search: 'a_b' })).toEqual(['a_b'])
  expect(await found({ search: 'ANNE', offset: 3 })).toEqual(['100%'])
  expect(await found({ search: 'Note.Read', since: start + 1_000, until: start + 3_000 })).toEqual(['a_b', '1000'])
})

test('[A4] there is no way to change or delete a line', async () => {
  const { audit } = await setUp()
  expect(Object.keys(audit).sort()).toEqual(['list', 'record', 'recordMany'])
})
