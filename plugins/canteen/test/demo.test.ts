import { startTestPlatform, type TestPlatform } from '@liberacces/certification/testing'
import families from '@liberacces/plugin-families'
import { expect, test } from 'vitest'
import { billedPeriods } from '../src/demo/billed-periods.ts'
import canteen from '../src/plugin.tsx'

test.for([
  ['2026-11-27', '2026-09-01', '2026-10-01'], ['2026-10-05', '2026-09-01', '2026-10-01'], ['2026-09-10', undefined, '2026-09-01'], ['2027-01-31', '2026-11-01', '2026-12-01'], ['2027-03-01', '2027-01-01', '2027-02-01'], ['2027-08-20', '2027-06-01', '2027-07-01'],
] as const)('on %s the month from %s has been billed and that from %s is a draft', ([today, published, draft]) => {
  const periods = billedPeriods('2026-09-01', '2027-07-05', today)
  expect([periods.published?.firstDay, periods.draft.firstDay]).toEqual([published, draft])
})

const rows = <Row>(kit: TestPlatform, table: string): Promise<readonly Row[]> =>
  kit.platform.storage.store({ tenantId: kit.tenant().id, pluginId: 'fr.liberacces.canteen' }).db.selectFrom(table).selectAll().execute() as Promise<readonly unknown[]> as Promise<readonly Row[]>

test('a demonstration has menus of two weeks, a published campaign that is partly paid, and the next one as a draft; a family that comes later finds its invoice', async () => {
  await using kit = await startTestPlatform({ plugins: [families, canteen], demo: true })
  const campaigns = await rows<{ state: string; first_day: string; invoices: number; drafted: number }>(kit, 'campaign')
  expect(campaigns.map(({ state, first_day: day, drafted, invoices }) => `${state} ${day} ${drafted} ${invoices > 50}`).toSorted()).toEqual(['draft 2026-02-01 1 true', 'published 2026-01-01 1 true'])
  const invoices = await rows<{ kind: string; number: number | null; issued_on: string | null }>(kit, 'invoice')
  const numbers = invoices.filter(({ kind, number }) => kind === 'invoice' && number !== null).map(({ number }) => Number(number)).toSorted((a, b) => a - b)
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  expect(invoices.filter(({ kind, number }) => kind === 'credit' && number !== null)).toHaveLength(1)
  expect((await rows(kit, 'reminder'))).toHaveLength(1)
  expect((await rows(kit, 'payment')).length).toBeGreaterThan(numbers.length / 2)
  expect((await rows<{ monday: string }>(kit, 'published_week')).map(({ monday }) => monday).toSorted()).toEqual(['2026-02-23', '2026-03-02', '2026-03-09'])
  const mother = await kit.as('citizen')
  expect((await mother.submit('/apps/familles/rattacher', { code: 'DEMO-FAMI-LLE1' })).status).toBe(303)
  await kit.settle()
  expect((await mother.get('/apps/cantine/factures', { headers: { accept: 'text/html' } })).text).toContain('F01-26-02-')
}, 60_000)
