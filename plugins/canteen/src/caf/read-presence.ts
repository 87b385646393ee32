import { Families } from '@liberacces/plugin-families/contract'
import { childrenById } from '../booking/children-by-id.ts'
import type { CanteenContext } from '../canteen-types.ts'
import { PresenceCount, type CountedUnit, type Regime } from './presence.ts'

/** Bookings that are read at once. */
const STEP = 5_000
/** Households of one question. */
const HOUSEHOLDS = 500

/** Counts the bookings of a period, step by step. The régime is what the household's quotient said on the last day of the period or today, or else on its first. */
export async function readPresence(c: CanteenContext, from: string, to: string): Promise<PresenceCount> {
  const units = await c.db.selectFrom('unit').innerJoin('activity', 'activity.id', 'activity_id').select(['unit.id', 'activity.name as activity', 'starts_at', 'ends_at']).execute()
  const presence = new PresenceCount(new Map(units.map(({ id, activity, starts_at: start, ends_at: end }): [string, CountedUnit] => [id, { activity, minutes: Math.max(0, minutesOfDay(end) - minutesOfDay(start)) }])))
  const birthDays = new Map<string, string | undefined>()
  const regimes = new Map<string, Regime>()
  for (let after = '';;) {
    const rows = await c.db.selectFrom('booking').select(['id', 'child_id', 'household_id', 'unit_id', 'day', 'state', 'arrived_at', 'left_at'])
      .where('day', '>=', from).where('day', '<=', to).where('id', '>', after).orderBy('id').limit(STEP).execute()
    await Promise.all([addBirthDays(c, birthDays, rows.map((row) => row.child_id), to), addRegimes(c, regimes, rows.map((row) => row.household_id), from, to)])
    for (const row of rows) presence.add(row, birthDays.get(row.child_id), regimes.get(row.household_id) ?? 'unknown')
    if (rows.length < STEP) return presence
    after = rows.at(-1)?.id ?? ''
  }
}

async function addBirthDays(c: CanteenContext, known: Map<string, string | undefined>, childIds: readonly string[], on: string): Promise<void> {
  const missing = [...new Set(childIds)].filter((id) => !known.has(id))
  const children = await childrenById(c, missing, on)
  for (const id of missing) known.set(id, children.get(id)?.birthDay)
}

async function addRegimes(c: CanteenContext, known: Map<string, Regime>, householdIds: readonly string[], from: string, to: string): Promise<void> {
  const missing = [...new Set(householdIds)].filter((id) => !known.has(id))
  const last = [to, c.today()].toSorted()[0] ?? to
  const days = [...new Set([from, last])].toSorted()
  for (let start = 0; start < missing.length; start += HOUSEHOLDS) {
    const householdIdsOfStep = missing.slice(start, start + HOUSEHOLDS)
    const quotients = await c.use(Families).quotients({ householdIds: householdIdsOfStep, days })
    for (const id of householdIdsOfStep) {
      const said = quotients.filter(({ householdId }) => householdId === id).toSorted((a, b) => (a.on < b.on ? 1 : -1)).map(({ source }) => source)
      known.set(id, said.find((source) => source !== 'declared') ?? 'unknown')
    }
  }
}

function minutesOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}
