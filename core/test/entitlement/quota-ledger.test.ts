import fc from 'fast-check'
import { expect, test } from 'vitest'
import { QuotaLedger } from '../../src/entitlement/quota-ledger.ts'
import { parisDayAt } from '../../src/paris-day.ts'
import type { QuotaKind } from '../../src/entitlement/quota-kind.ts'
import type { MailTransport, OutgoingMail } from '../../src/mail/mail-transport.ts'
import { createTeller } from '../../src/mail/tell-administrators.ts'
import { PlatformError } from '../../src/errors.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

async function setUp(limits: Partial<Record<QuotaKind, number>>, more: { readonly outside?: FakeOutside; readonly storage?: Storage } = {}) {
  const { outside = new FakeOutside(), storage = await runStorage() } = more
  const logged: string[] = []
  await storage.platform.insertInto('tenant').values({ id: 't-1', slug: 't-1', name: 'Aytré', kind: 'commune', parent_id: null, siren: null, insee: null, population: null, created_at: 0 })
    .onConflict((conflict) => conflict.doNothing()).execute()
  const ledger = await QuotaLedger.open({ storage, outside, quota: (_tenant, kind) => limits[kind], exists: () => true, log: { warn: (detail, message) => { logged.push(`${(detail as { quota: string }).quota}: ${message}`) } } })
  return { outside, storage, ledger, logged, limits }
}

test('[Q5] a day is that of Paris, also where the clock changes', () => {
  const at = (text: string) => { const { day, until } = parisDayAt(Date.parse(text)); return [day, new Date(until).toISOString()] }
  expect([at('2026-03-28T23:30:00Z'), at('2026-03-29T21:59:59Z'), at('2026-10-25T22:59:59Z'), at('2026-12-31T23:00:00Z')]).toEqual([
    ['2026-03-29', '2026-03-29T22:00:00.000Z'], ['2026-03-29', '2026-03-29T22:00:00.000Z'], ['2026-10-25', '2026-10-25T23:00:00.000Z'], ['2027-01-01', '2027-01-01T23:00:00.000Z'],
  ])
})

test('[Q5] however it is taken and given back, what is used is what was taken, and never more than the quota', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(30), fc.array(fc.record({ amount: fc.integer({ min: 1, max: 8 }), back: fc.boolean() }), { maxLength: 30 }), async (limit, steps) => {
    const { ledger, storage } = await setUp({ mails: limit })
    let used = 0
    for (const { amount, back } of steps) {
      const fits = used + amount <= limit
      let taken = true
      try { ledger.take('t-1', 'mails', amount) } catch { taken = false }
      expect(taken).toBe(fits)
      if (taken && !back) used += amount
      if (taken && back) ledger.giveBack('t-1', 'mails', amount)
      expect(ledger.useOf('t-1', 0).find(({ kind }) => kind === 'mails')?.used).toBe(used)
    }
    await storage.close()
  }), { numRuns: 50 })
})

test('[Q7] at 80 % and at the end the log says so once each day; after a restart it is not said again', async () => {
  const { ledger, logged, storage, outside, limits } = await setUp({ mails: 10 })
  for (let each = 0; each < 10; each += 1) ledger.take('t-1', 'mails', 1)
  for (let each = 0; each < 3; each += 1) expect(() => { ledger.take('t-1', 'mails', 1) }).toThrow(PlatformError)
  expect(logged).toEqual(['mails: a tenant has used 80 % of a quota', 'mails: a tenant has used up a quota'])
  await ledger.flush()
  const again = await setUp(limits, { storage, outside })
  expect(() => { again.ledger.take('t-1', 'mails', 1) }).toThrow(PlatformError)
  expect([again.logged, again.ledger.warnings('t-1')]).toEqual([[], [{ kind: 'mails', used: 10, limit: 10, level: 2 }]])
  outside.time += 86_400_000
  expect(again.ledger.warnings('t-1')).toEqual([])
  again.ledger.take('t-1', 'mails', 8)
  expect(again.logged).toEqual(['mails: a tenant has used 80 % of a quota'])
})

test('[Q7] storage is warned of again only after it has been well below', async () => {
  const { ledger, logged } = await setUp({ storage: 100 })
  for (const bytes of [79, 80, 79, 81, 76, 80]) ledger.noteStorage('t-1', bytes, 100)
  expect(logged).toHaveLength(1)
  ledger.noteStorage('t-1', 74, 100)
  ledger.noteStorage('t-1', 100, 100)
  expect(logged).toEqual(['storage: a tenant has used 80 % of a quota', 'storage: a tenant has used up a quota'])
})

test('[Q7] administrators with an address are told once by mail, over restarts too; a server that is down loses nothing', async () => {
  const { ledger, storage, outside, limits } = await setUp({ mails: 10 })
  const people = [['boss', 'boss@example.fr', 'tenant-admin', 'active'], ['gone', 'gone@example.fr', 'tenant-admin', 'disabled'], ['agent', 'agent@example.fr', 'agent', 'active'], ['mute', null, 'tenant-admin', 'active']] as const
  for (const [login, email, role, status] of people) {
    await storage.platform.insertInto('account').values({ id: login, tenant_id: 't-1', login, name: login, email, password_hash: '', status, created_at: 0, last_login_at: null }).execute()
    await storage.platform.insertInto('account_role').values({ account_id: login, role }).execute()
  }
  const sent: OutgoingMail[] = []
  let down = true
  const transport: MailTransport = {
    send: async (mail) => {
      if (down) throw new PlatformError('UNAVAILABLE', 'down', { fix: '' })
      sent.push(mail)
    },
    close: () => undefined,
  }
  const teller = (of: QuotaLedger) => createTeller({ storage, outside, ledger: of, transport, from: 'pool@example.fr', senderName: () => 'Pool', textOf: ({ kind, level }) => ({ subject: `${kind} ${level}`, text: 'x' }), log: { warn: () => undefined } })
  ledger.take('t-1', 'mails', 8)
  const tell = teller(ledger)
  await tell()
  down = false
  await tell()
  expect(sent).toEqual([])
  outside.time += 600_000
  await tell()
  await tell()
  ledger.take('t-1', 'mails', 2)
  await tell()
  expect(sent.map(({ to, subject }) => [to, subject])).toEqual([[['boss@example.fr'], 'mails 1'], [['boss@example.fr'], 'mails 2']])
  await ledger.flush()
  await teller((await setUp(limits, { storage, outside })).ledger)()
  expect(sent).toHaveLength(2)
})
