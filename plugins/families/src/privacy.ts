import type { Privacy } from '@liberacces/sdk'
import type { FamiliesContext } from './families-types.ts'
import type { Tables } from './tables.ts'

/** Guardians are known by their account. */
export const privacy = {
  stores: [{
    table: 'guardian', subject: 'account_id', basis: 'public-task', retentionDays: null,
    purpose: { fr: 'Accueillir les enfants et facturer les familles', en: 'Looking after children and billing families' },
  }],
  export: async (c, { id }) => ({ data: { guardians: await c.db.selectFrom('guardian').selectAll().where('account_id', '=', id).orderBy('id').execute() } }),
  erase: async (c, { id }) => {
    const { numUpdatedRows } = await c.db.updateTable('guardian').set({ account_id: null, email: null, phone: null }).where('account_id', '=', id).executeTakeFirstOrThrow()
    return { erased: Number(numUpdatedRows) }
  },
} satisfies Privacy<Tables, FamiliesContext>
