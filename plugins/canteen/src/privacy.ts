import type { Privacy } from '@liberacces/sdk'
import { attendanceStores, eraseAttendance, expireAttendance, exportAttendance } from './attendance/attendance-privacy.ts'
import { billingStores, eraseBilling, expireBilling, exportBilling } from './billing/billing-privacy.ts'
import type { CanteenContext } from './canteen-types.ts'
import type { Tables } from './tables.ts'

/** Rows that go at once. */
const AT_ONCE = 300

/** Who booked and who recorded is known by the account; children and households by ids of the plugin families, which exports and erases what they stand for. */
export const privacy = {
  stores: [
    {
      table: 'booking', subject: 'booked_by', basis: 'public-task', retentionDays: 1_095,
      purpose: { fr: 'Réserver et facturer la restauration et l’accueil des enfants', en: 'Booking and billing meals and childcare' },
    },
    {
      table: 'booking_log', subject: 'actor_id', basis: 'public-task', retentionDays: 1_095,
      purpose: { fr: 'Montrer aux familles et aux agents ce que sont devenues les réservations', en: 'Showing families and officers what became of bookings' },
    },
    {
      table: 'enrolment', subject: 'requested_by', basis: 'public-task', retentionDays: 1_095,
      purpose: { fr: 'Inscrire les enfants aux activités', en: 'Enrolling children for activities' },
    },
    ...attendanceStores,
    ...billingStores,
  ],
  export: async (c, subject) => ({
    data: {
      bookings: await c.db.selectFrom('booking').selectAll().where('booked_by', '=', subject.id).orderBy('id').execute(),
      history: await c.db.selectFrom('booking_log').selectAll().where('actor_id', '=', subject.id).orderBy('id').execute(),
      enrolments: await c.db.selectFrom('enrolment').selectAll().where('requested_by', '=', subject.id).orderBy('id').execute(),
      ...await exportAttendance(c, subject),
      ...await exportBilling(c, subject),
    },
  }),
  erase: async (c, subject) => {
    const { id } = subject
    const bookings = await c.db.updateTable('booking').set({ booked_by: null }).where('booked_by', '=', id).executeTakeFirstOrThrow()
    const log = await c.db.updateTable('booking_log').set({ actor_id: null }).where('actor_id', '=', id).executeTakeFirstOrThrow()
    const enrolments = await c.db.updateTable('enrolment').set({ requested_by: null, reason: null }).where('requested_by', '=', id).executeTakeFirstOrThrow()
    const billing = await eraseBilling(c, subject)
    return { ...billing, erased: billing.erased + Number(bookings.numUpdatedRows) + Number(log.numUpdatedRows) + Number(enrolments.numUpdatedRows) + await eraseAttendance(c, subject) }
  },
  expire: async (c, expired) => {
    const { table, before } = expired
    if (table === 'enrolment') {
      // Counted from its last day: an inscription holds until then.
      const old = await c.db.selectFrom('enrolment').select('id').where('last_day', '<', before.toISOString().slice(0, 10)).orderBy('id').limit(AT_ONCE).execute()
      if (old.length > 0) await c.db.deleteFrom('enrolment').where('id', 'in', old.map((row) => row.id)).execute()
      return { expired: old.length, hasMore: old.length === AT_ONCE }
    }
    if (table !== 'booking' && table !== 'booking_log') return await expireAttendance(c, expired) ?? await expireBilling(c, expired) ?? { expired: 0 }
    const day = before.toISOString()
    const ids = table === 'booking'
      ? await c.db.selectFrom('booking').select('id').where('day', '<', day.slice(0, 10)).orderBy('id').limit(AT_ONCE).execute()
      : await c.db.selectFrom('booking_log').select('id').where('at', '<', day).orderBy('id').limit(AT_ONCE).execute()
    if (ids.length > 0) await c.db.deleteFrom(table === 'booking' ? 'booking' : 'booking_log').where('id', 'in', ids.map((row) => row.id)).execute()
    return { expired: ids.length, hasMore: ids.length === AT_ONCE }
  },
} satisfies Privacy<Tables, CanteenContext>
