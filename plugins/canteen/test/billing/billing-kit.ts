/** The plugin with a way in for tests: bookings and régies are written as the other areas would, and what a page does is done by itself. */
import { startTestPlatform, type TestClient, type TestPlatform } from '@liberacces/certification/testing'
import { Type, type Plugin } from '@liberacces/sdk'
import type { BookingTables, BookingState } from '../../src/booking/tables.ts'
import type { CanteenContext } from '../../src/canteen-types.ts'
import { beginCampaign } from '../../src/billing/campaign/campaigns.ts'
import { saveRegie, type RegieIdentity } from '../../src/billing/store/regies.ts'
import { saveTariff } from '../../src/billing/store/tariffs.ts'
import canteen from '../../src/plugin.tsx'
import { familiesStandIn, type StandInTown } from '../families-stand-in.ts'
import type { TariffRules } from '../../src/tariffs/tariff-rules.ts'

const jobs = new Map<string, (c: CanteenContext) => Promise<unknown>>()
let last = 0

/**
 * The plugin canteen as it is, and one route that runs what a test wants. With a version of its own it is not taken for the folder of the package: where tests
 * run in processes it stays in this one, where the jobs are, and is reached as if it did not.
 */
const hooked: Plugin = {
  ...(canteen as unknown as Plugin),
  version: `${canteen.version}-hooked`,
  setup: ((k: never) => {
    ;(canteen.setup as (registrar: never) => void)(k)
    ;(k as unknown as { route(spec: object, run: (c: unknown, input: { params: { job: string } }) => Promise<unknown>): void }).route(
      { method: 'POST', path: '/essai/:job', audience: 'public', summary: 'Test', timeoutMs: 60_000, response: { 200: Type.Object({ answer: Type.Unknown() }) } },
      async (c, { params }) => (c as { reply(status: 200, body: object): unknown }).reply(200, { answer: (await jobs.get(params.job)?.(c as CanteenContext)) ?? null }),
    )
  }) as never,
}

/** A platform with the town's families and the plugin with its way in. */
export function startBilling(town: StandInTown): Promise<TestPlatform> {
  return startTestPlatform({ plugins: [familiesStandIn(town), hooked], scripts: { [canteen.id]: { checkin: '' } } })
}

/** Runs something with the context of the acting person. What it answers must be JSON. */
export async function run<Answer>(client: TestClient, job: (c: CanteenContext) => Promise<Answer>): Promise<Answer> {
  const name = String(last += 1)
  jobs.set(name, job)
  const answer = await client.post(`/apps/cantine/essai/${name}`, {})
  jobs.delete(name)
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
  return answer.json<{ answer: Answer }>().answer
}

/** One price for all: `cents`. */
export function onePrice(cents: number): TariffRules {
  const whole = { percent: 10_000, days: null }
  return { tiers: [{ name: 'Tarif unique', from: 0, to: null }], price: { kind: 'fixed', cents: { resident: [cents], other: [cents] } }, siblings: [], late: null, unbooked: null, absence: { justified: { percent: 0, days: null }, unjustified: whole } }
}

/** Régie 1, an activity `cantine` with a unit `repas`, and a tariff of it. */
export async function openRegie(client: TestClient, rules: TariffRules = onePrice(350), identity: RegieIdentity = {}, childcare = false): Promise<void> {
  await run(client, async (c) => {
    await c.db.insertInto('activity').values({ id: 'cantine', name: 'Restaurant scolaire', kind: 'canteen', first_day: '2026-01-01', last_day: '2027-12-31', rules: '{}', approved_by_agent: 0, archived: 0 }).execute()
    await c.db.insertInto('unit').values({ id: 'repas', activity_id: 'cantine', name: 'Repas', kind: 'meal', starts_at: '12:00', ends_at: '13:30', weekdays: '1245', capacity: null, with_meal: 1, position: 0 }).execute()
    await saveRegie(c.db, { id: 'regie', number: 1, name: 'Régie des écoles', identity })
    await saveTariff(c.db, { id: 'tarif', regie_id: 'regie', unit_id: 'repas', name: 'Repas 2026', first_day: '2026-01-01', last_day: null, rules, siblings_counted: 'registered', account: '7067', childcare: childcare ? 1 : 0 })
  })
}

/** Books meals: `household child day`. */
export async function book(client: TestClient, bookings: readonly (readonly [household: string, child: string, day: string, state?: BookingState])[], more: Partial<BookingTables['booking']> = {}): Promise<void> {
  await run(client, async (c) => {
    for (let start = 0; start < bookings.length; start += 400) {
      await c.db.insertInto('booking').values(bookings.slice(start, start + 400).map(([household, child, day, state = 'present']) => ({
        id: `${child} ${day}`, child_id: child, household_id: household, activity_id: 'cantine', unit_id: 'repas', day, state, origin: 'family' as const, late: 0, unbooked: 0,
        arrived_at: null, left_at: null, offered_until: null, booked_by: null, booked_at: '2026-01-01T00:00:00Z', changed_at: '2026-01-01T00:00:00Z', ...more,
      }))).execute()
    }
  })
}

/** Begins a campaign of a month of 2026 and drafts it. @returns its id */
export async function draft(client: TestClient, month: string, settle: () => Promise<void>): Promise<string> {
  const id = await run(client, (c) => beginCampaign(c, { regieId: 'regie', name: `Campagne ${month}`, firstDay: `2026-${month}-01`, lastDay: `2026-${month}-${month === '02' ? '28' : '30'}`, dueDay: '2026-12-15' }))
  await settle()
  return id
}
