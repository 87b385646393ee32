import type { Privacy } from '@liberacces/sdk'
import type { CanteenContext } from './canteen-types.ts'
import type { Tables } from './tables.ts'

/** Who booked is known by the account; children and households by ids of the plugin families, which exports and erases what they stand for. */
export const privacy = {
  stores: [{
    table: 'booking', subject: 'booked_by', basis: 'public-task', retentionDays: 1_095,
    purpose: { fr: 'Réserver et facturer la restauration et l’accueil des enfants', en: 'Booking and billing meals and childcare' },
  }],
  export: async (c, { id }) => ({ data: { bookings: await c.db.selectFrom('booking').selectAll().where('booked_by', '=', id).orderBy('id').execute() } }),
  erase: async (c, { id }) => {
    const { numUpdatedRows } = await c.db.updateTable('booking').set({ booked_by: null }).where('booked_by', '=', id).executeTakeFirstOrThrow()
    return { erased: Number(numUpdatedRows) }
  },
} satisfies Privacy<Tables, CanteenContext>
