import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NoticePile, readNotice } from '../../src/nodes/change-notice.ts'
import { ToldBulletin } from '../../src/nodes/told-bulletin.ts'
import type { ChangedTenants } from '../../src/nodes/reloadable.ts'

/** A bulletin whose notices the test hands on, and someone who holds the table `setting`. */
function bulletinWith({ catchUpMs = 5_000 } = {}) {
  const echoed: string[] = []
  const reads: ChangedTenants[] = []
  const warnings: object[] = []
  const gate: { wait: Promise<void>; fails: number } = { wait: Promise.resolve(), fails: 0 }
  const bulletin = new ToldBulletin({ echo: async (text) => { echoed.push(text) }, log: { warn: (detail) => { warnings.push(detail) } }, catchUpMs })
  bulletin.register({
    tables: ['setting'],
    reload: async (changed) => {
      reads.push(changed)
      await gate.wait
      if (gate.fails-- > 0) throw new Error('the database is away')
    },
  })
  return { bulletin, echoed, reads, warnings, gate }
}

test('[M2] notices are read in order, and put together while something is being read', async () => {
  const { bulletin, echoed, reads, gate } = bulletinWith()
  bulletin.connected(false)
  bulletin.start()
  const first = bulletin.caughtUp()
  bulletin.heard(echoed[0] ?? '')
  await first
  reads.length = 0
  const held = Promise.withResolvers<void>()
  gate.wait = held.promise
  for (const payload of ['setting a', 'setting b,c', 'nobody x', 'setting b']) bulletin.heard(payload)
  const caughtUp = bulletin.caughtUp()
  bulletin.heard(echoed[1] ?? '')
  held.resolve()
  await caughtUp
  expect(reads).toEqual([new Set(['a']), new Set(['b', 'c'])])
})

test('[M2] what cannot be read is read again, and until then the node says that it does not hear', async () => {
  const { bulletin, reads, gate, warnings } = bulletinWith()
  bulletin.connected(false)
  gate.fails = 1
  bulletin.start()
  await expect.poll(() => warnings.length).toBe(1)
  expect(bulletin.isHearing).toBe(false)
  await expect.poll(() => bulletin.isHearing).toBe(true)
  expect(reads).toEqual([undefined, undefined])
})

test('[M2] after the connection was lost everything is read anew; who waits to be caught up meanwhile is told so', async () => {
  const { bulletin, reads } = bulletinWith()
  bulletin.connected(false)
  bulletin.start()
  await expect.poll(() => reads.length).toBe(1)
  const waiting = bulletin.caughtUp()
  bulletin.lost()
  await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(bulletin.isHearing).toBe(false)
  bulletin.connected(true)
  expect(bulletin.isHearing).toBe(true)
  await bulletin.reloadAll()
  expect(reads.length).toBeGreaterThan(1)
  expect(reads.every((changed) => changed === undefined)).toBe(true)
})

test('[M2] an echo that never comes back makes nobody wait for ever', async () => {
  const { bulletin } = bulletinWith({ catchUpMs: 20 })
  bulletin.connected(false)
  bulletin.start()
  await expect(bulletin.caughtUp()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('[M2] a pile names every tenant that was told, or says all', () => {
  const id = fc.stringMatching(/^[a-z0-9-]{1,12}$/)
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('setting', 'consent'), fc.option(fc.uniqueArray(id, { minLength: 1, maxLength: 60 }), { nil: undefined })), { maxLength: 30 }), (told) => {
    const pile = new NoticePile()
    for (const [table, ids] of told) {
      const notice = readNotice(`${table} ${ids === undefined ? '*' : ids.join(',')}`)
      if (notice === undefined) throw new Error('unreadable')
      pile.add(notice)
    }
    for (const tables of [['setting'], ['consent'], ['setting', 'consent']]) {
      const of = told.filter(([table]) => tables.includes(table))
      const found = pile.of(tables)
      expect(found === undefined).toBe(of.length === 0)
      const named = new Set(of.flatMap(([, ids]) => ids ?? []))
      const isAll = found?.tenants === undefined
      expect(isAll ? named : found.tenants).toEqual(named)
      expect(isAll || of.every(([, ids]) => ids !== undefined)).toBe(true)
    }
  }))
  expect([readNotice(''), readNotice('setting'), readNotice('a b c'), readNotice('setting a,b')]).toEqual([undefined, undefined, undefined, { table: 'setting', tenants: new Set(['a', 'b']) }])
})
