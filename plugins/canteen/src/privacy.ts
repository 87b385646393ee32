import type { Privacy } from '@liberacces/sdk'
import { attendanceStores, eraseAttendance, expireAttendance, exportAttendance } from './attendance/attendance-privacy.ts'
import type { CanteenContext } from './canteen-types.ts'
import type { Tables } from './tables.ts'

/** Who booked and who recorded is known by the account; children and households by ids of the plugin families, which exports and erases what they stand for. */
export const privacy = {
  stores: [
    {
      table: 'booking', subject: 'booked_by', basis: 'public-task', retentionDays: 1_095,
      purpose: { fr: 'Réserver et facturer la restauration et l’accueil des enfants', en: 'Booking and billing meals and childcare' },
    },
    ...attendanceStores,
  ],
  export: async (c, subject) => ({
    data: { bookings: await c.db.selectFrom('booking').selectAll().where('booked_by', '=', subject.id).orderBy('id').execute(), ...await exportAttendance(c, subject) },
  }),
  erase: async (c, subject) => {
    const { numUpdatedRows } = await c.db.updateTable('booking').set({ booked_by: null }).where('booked_by', '=', subject.id).executeTakeFirstOrThrow()
    return { erased: Number(numUpdatedRows) + await eraseAttendance(c, subject) }
  },
  expire: async (c, expired) => await expireAttendance(c, expired) ?? { expired: 0 },
} satisfies Privacy<Tables, CanteenContext>
