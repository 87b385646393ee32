import type { PrivacyExpired, PrivacyExpiry, PrivacyStore, PrivacySubject } from '@liberacces/sdk'
import type { CanteenContext } from '../canteen-types.ts'
import type { Tables } from '../tables.ts'

/** Some hundred rows at a time. */
const AT_ONCE = 500

/** What this area keeps of those who record and send. Children are the matter of the plugin families, by id. */
export const attendanceStores = [
  { table: 'attendance_entry', subject: 'recorded_by', basis: 'public-task', retentionDays: 400, purpose: { fr: 'Pointage des présences et preuve de la facturation', en: 'Attendance, and proof of what is billed' } },
  { table: 'meal_order', subject: 'sent_by', basis: 'public-task', retentionDays: 400, purpose: { fr: 'Commandes de repas à la cuisine', en: 'Meal orders to the kitchen' } },
] as const satisfies readonly PrivacyStore<Tables>[]

/** What is kept of a person. */
export async function exportAttendance(c: CanteenContext, { id }: PrivacySubject): Promise<Readonly<Record<string, unknown>>> {
  return {
    attendanceEntries: await c.db.selectFrom('attendance_entry').selectAll().where('recorded_by', '=', id).orderBy('id').execute(),
    mealOrders: await c.db.selectFrom('meal_order').select(['id', 'day', 'number', 'sent_at', 'recipient']).where('sent_by', '=', id).orderBy('id').execute(),
  }
}

/** Takes the person's name off. What was recorded of children stays. @returns rows changed */
export async function eraseAttendance(c: CanteenContext, { id }: PrivacySubject): Promise<number> {
  const entries = await c.db.updateTable('attendance_entry').set({ recorded_by: null, recorded_name: null }).where('recorded_by', '=', id).executeTakeFirstOrThrow()
  const orders = await c.db.updateTable('meal_order').set({ sent_by: null }).where('sent_by', '=', id).executeTakeFirstOrThrow()
  return Number(entries.numUpdatedRows) + Number(orders.numUpdatedRows)
}

/** Deletes what has been kept long enough; `undefined` for tables of other areas. */
export async function expireAttendance(c: CanteenContext, { table, before }: PrivacyExpired<Tables>): Promise<PrivacyExpiry | undefined> {
  const day = before.toISOString().slice(0, 10)
  if (table === 'meal_order') {
    const { numDeletedRows } = await c.db.deleteFrom('meal_order').where('day', '<', day).executeTakeFirstOrThrow()
    return { expired: Number(numDeletedRows) }
  }
  if (table !== 'attendance_entry') return undefined
  const old = (await c.db.selectFrom('attendance_entry').select('id').where('day', '<', day).limit(AT_ONCE).execute()).map((row) => row.id)
  if (old.length > 0) await c.db.deleteFrom('attendance_entry').where('id', 'in', old).execute()
  await c.db.deleteFrom('attendance').where('day', '<', day).execute()
  return { expired: old.length, hasMore: old.length === AT_ONCE }
}
