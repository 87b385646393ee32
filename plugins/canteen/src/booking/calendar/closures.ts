/** Closures and strikes: what is booked on their days is cancelled, with the reason, and nobody pays. */
import { Families } from '@liberacces/plugin-families/contract'
import type { CanteenContext, CanteenDatabase, CanteenTransaction } from '../../canteen-types.ts'
import { removeBookings } from '../engine/remove.ts'
import { readUnits, type BookingRow } from '../engine/situation.ts'
import { shortDayWords } from '../words/day-words.ts'

/** What an agent declares. */
export interface NewClosure {
  readonly kind: 'closure' | 'strike'
  readonly firstDay: string
  readonly lastDay: string
  readonly schoolId: string | undefined
  readonly activityId: string | undefined
  readonly reason: string
}

/** Stores a closure and cancels what was booked; families get one mail each. @returns how many bookings went */
export async function declareClosure(c: CanteenContext, closure: NewClosure): Promise<{ readonly id: string; readonly cancelled: number }> {
  const id = c.id()
  const inSchool = closure.schoolId === undefined ? undefined : new Set((await c.use(Families).children({ schoolId: closure.schoolId, on: closure.firstDay })).map((child) => child.id))
  const first = await affected(c.db, closure, inSchool)
  const addresses = c.granted('mail:send') ? await mailsOf(c, [...new Set(first.map(({ household_id }) => household_id))]) : new Map<string, readonly string[]>()
  const cancelled = await c.transaction(async (tx) => {
    await tx.insertInto('closure').values({
      id, kind: closure.kind, first_day: closure.firstDay, last_day: closure.lastDay, school_id: closure.schoolId ?? null, activity_id: closure.activityId ?? null, reason: closure.reason, created_at: c.now().toISOString(),
    }).execute()
    const rows = await affected(tx, closure, inSchool)
    const count = await removeBookings(c, tx, rows, closure.kind, closure.kind === 'strike' ? 'strike' : 'closed', closure.reason)
    await tellFamilies(c, tx, closure, rows, addresses)
    return count
  })
  await c.audit(`${closure.kind}.declared`, id, { firstDay: closure.firstDay, lastDay: closure.lastDay, cancelled })
  return { id, cancelled }
}

async function affected(db: CanteenDatabase, { firstDay, lastDay, activityId }: NewClosure, children: ReadonlySet<string> | undefined): Promise<readonly BookingRow[]> {
  const all = db.selectFrom('booking').selectAll().where('day', '>=', firstDay).where('day', '<=', lastDay).where('state', 'in', ['booked', 'waiting', 'requested']).orderBy('day').orderBy('id')
  const rows = await (activityId === undefined ? all : all.where('activity_id', '=', activityId)).execute()
  return rows.filter(({ child_id }) => children === undefined || children.has(child_id))
}

async function mailsOf(c: CanteenContext, householdIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (let start = 0; start < householdIds.length; start += 500) {
    for (const { id, guardians } of await c.use(Families).households({ ids: householdIds.slice(start, start + 500) })) found.set(id, guardians.flatMap(({ email }) => email ?? []))
  }
  return found
}

async function tellFamilies(c: CanteenContext, tx: CanteenTransaction, { kind, reason }: NewClosure, rows: readonly BookingRow[], addresses: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const units = await readUnits(tx)
  for (const [householdId, own] of Map.groupBy(rows, ({ household_id }) => household_id)) {
    const lines = [...new Set(own.map(({ day, unit_id }) => `– ${shortDayWords(day, 'fr')} : ${units.get(unit_id)?.name ?? ''}`))].join('\n')
    for (const to of addresses.get(householdId) ?? []) {
      await tx.mail.send({ to, subject: c.t(`booking.mail.${kind}.subject`), text: c.t('booking.mail.cancelled.text', { reason, lines, url: c.absoluteUrl('/') }) })
    }
  }
}
