import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareFolder } from '@liberacces/certification/testing'
import { expect, onTestFinished, test } from 'vitest'
import { beginCampaign } from '../../src/billing/campaign/campaigns.ts'
import { saveRegie } from '../../src/billing/store/regies.ts'
import { saveTariff } from '../../src/billing/store/tariffs.ts'
import canteen from '../../src/plugin.tsx'
import { onePrice } from './billing-kit.ts'
import { billedTown, HOUSEHOLDS, inCanteen, openKilled } from './killed-validation.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const COUNT = HOUSEHOLDS + 2
/** Before which change of the transaction the process dies; 0 once it is committed. */
const DRAFT_AFTER = [2, 4] as const

test('killed while a campaign is validated: it is a draft as before, or whole, and its numbers have no gap', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-validated-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  await prepareFolder(folder, onTestFinished)
  const { tenantId, campaignId } = await prepare(folder)
  const killed = async (last: number): Promise<void> => {
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'killed-validation.ts'), folder, tenantId, campaignId, String(last)], { stdio: ['ignore', 'inherit', 'inherit'] })
    await once(child, 'exit')
    expect([last, child.signalCode]).toEqual([last, 'SIGKILL'])
  }
  const after = async () => {
    const platform = await openKilled(folder)
    try {
      return await inCanteen(platform, tenantId, async (c) => {
        const { state } = await c.db.selectFrom('campaign').select('state').where('id', '=', campaignId).executeTakeFirstOrThrow()
        const numbers = (await c.db.selectFrom('invoice').select('number').orderBy('number').orderBy('position').execute()).map(({ number }) => number)
        const { next_invoice: next } = await c.db.selectFrom('regie').select('next_invoice').executeTakeFirstOrThrow()
        return { state, numbers, next }
      })
    } finally {
      await platform.stop()
    }
  }
  for (const last of DRAFT_AFTER) {
    await killed(last)
    expect([last, await after()]).toEqual([last, { state: 'draft', numbers: Array.from({ length: COUNT }, () => null), next: 1 }])
  }
  await killed(0)
  expect(await after()).toEqual({ state: 'validated', numbers: Array.from({ length: COUNT }, (_, index) => index + 1), next: COUNT + 1 })
})

/** A commune with one draft of an invoice for each household. */
async function prepare(folder: string): Promise<{ readonly tenantId: string; readonly campaignId: string }> {
  const platform = await openKilled(folder)
  try {
    await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
    const { id: tenantId } = await platform.tenants.create({ kind: 'commune', name: 'Aytré', population: 10_000 }, BY)
    await platform.installations.enableTogether(tenantId, ['fr.example.families', canteen.id], BY)
    const campaignId = await inCanteen(platform, tenantId, async (c) => {
      await c.db.insertInto('activity').values({ id: 'cantine', name: 'Restaurant scolaire', kind: 'canteen', first_day: '2026-01-01', last_day: '2027-12-31', rules: '{}', approved_by_agent: 0, archived: 0 }).execute()
      await c.db.insertInto('unit').values({ id: 'repas', activity_id: 'cantine', name: 'Repas', kind: 'meal', starts_at: '12:00', ends_at: '13:30', weekdays: '1245', capacity: null, with_meal: 1, position: 0 }).execute()
      await saveRegie(c.db, { id: 'regie', number: 1, name: 'Régie des écoles', identity: {} })
      await saveTariff(c.db, { id: 'tarif', regie_id: 'regie', unit_id: 'repas', name: 'Repas', first_day: '2026-01-01', last_day: null, rules: onePrice(350), siblings_counted: 'registered', account: '', childcare: 0 })
      await c.db.insertInto('booking').values(billedTown().households.map(({ id, children }) => ({
        id, child_id: children[0]?.id ?? '', household_id: id, activity_id: 'cantine', unit_id: 'repas', day: '2026-10-01', state: 'present' as const, origin: 'family' as const, late: 0, unbooked: 0,
        arrived_at: null, left_at: null, offered_until: null, booked_by: null, booked_at: '2026-01-01T00:00:00Z', changed_at: '2026-01-01T00:00:00Z',
      }))).execute()
      return beginCampaign(c, { regieId: 'regie', name: 'Octobre', firstDay: '2026-10-01', lastDay: '2026-10-31', dueDay: '2026-12-15' })
    })
    await platform.listen()
    await platform.events.settle()
    return { tenantId, campaignId }
  } finally {
    await platform.stop()
  }
}
