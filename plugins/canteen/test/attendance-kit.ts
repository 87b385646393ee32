import { startTestPlatform, type TestPlatform, type TestPlatformOptions } from '@liberacces/certification/testing'
import canteen from '../src/plugin.tsx'
import { familiesBeside } from './families-beside.tsx'

/** A Thursday of school. */
export const DAY = '2026-05-14'
export const APP = '/apps/cantine'
const RULES = JSON.stringify({ add: [{ weekdays: '1234567', limit: { kind: 'days-before', days: 0, at: '24:00', skip: [] } }], cancel: 'never', late: 'refused', openOn: ['school'], waitingList: true, offerHours: 24 })

/** The canteen with units `meal` and `care` on {@link DAY}, and bookings of the first `booked` of `children` for both. */
export async function startCanteen({ children = 12, booked = 8, ...options }: { readonly children?: number; readonly booked?: number } & Partial<TestPlatformOptions> = {}): Promise<TestPlatform> {
  const platform = await startTestPlatform({ ...options, plugins: [familiesBeside(children), canteen] })
  await fillUnits(platform, booked)
  return platform
}

/** Writes what the area booking would have. */
async function fillUnits(kit: TestPlatform, booked: number): Promise<void> {
  const { db } = kit.platform.storage.store({ tenantId: kit.tenant().id, pluginId: 'fr.liberacces.canteen' })
  const at = '2026-05-01T08:00:00.000Z'
  const insert = (table: string, rows: readonly object[]) => db.insertInto(table).values([...rows]).execute()
  await insert('activity', [
    { id: 'canteen', name: 'Cantine', kind: 'canteen', first_day: '2025-09-01', last_day: '2026-07-04', rules: RULES, approved_by_agent: 0, archived: 0 },
    { id: 'garderie', name: 'Garderie', kind: 'garderie', first_day: '2025-09-01', last_day: '2026-07-04', rules: RULES, approved_by_agent: 0, archived: 0 },
  ])
  await insert('unit', [
    { id: 'meal', activity_id: 'canteen', name: 'Repas de midi', kind: 'meal', starts_at: '11:45', ends_at: '13:30', weekdays: '1245', capacity: null, with_meal: 1, position: 1 },
    { id: 'care', activity_id: 'garderie', name: 'Garderie du soir', kind: 'hourly', starts_at: '16:30', ends_at: '18:30', weekdays: '1245', capacity: null, with_meal: 0, position: 2 },
  ])
  for (const unit of ['meal', 'care']) {
    const rows = Array.from({ length: booked }, (_, index) => ({
      id: `${unit}-${index + 1}`, child_id: `child-${index + 1}`, household_id: 'household-1', activity_id: unit === 'meal' ? 'canteen' : 'garderie', unit_id: unit, day: DAY, state: 'booked', origin: 'family',
      late: 0, unbooked: 0, arrived_at: null, left_at: null, offered_until: null, booked_by: null, booked_at: at, changed_at: at,
    }))
    for (let from = 0; from < rows.length; from += 200) await insert('booking', rows.slice(from, from + 200))
  }
}

/** Rows of a table, as the plugin has them. */
export function rowsOf<Row>(kit: TestPlatform, table: string, order: string): Promise<readonly Row[]> {
  return kit.platform.storage.store({ tenantId: kit.tenant().id, pluginId: 'fr.liberacces.canteen' }).db.selectFrom(table).selectAll().orderBy(order).execute() as Promise<readonly unknown[]> as Promise<readonly Row[]>
}
