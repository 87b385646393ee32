import type { Privacy } from '@liberacces/sdk'
import { NO_FINDER } from './finder.ts'
import type { LostPropertyContext } from './lost-property-types.ts'
import { MAX_DAYS_KEPT } from './settings.ts'
import type { Tables } from './tables.ts'

/** Finders are known by the address they left: most have no account. */
export const privacy = {
  stores: [{
    table: 'item',
    subject: 'finder_email',
    purpose: { fr: 'Joindre la personne qui a trouvé un objet', en: 'Reaching the person who found an item' },
    basis: 'public-task',
    retentionDays: MAX_DAYS_KEPT,
  }],
  export: async (c, { email }) => {
    const items = email === undefined ? [] : await c.db.selectFrom('item')
      .select(['label', 'category', 'found_place', 'found_on', 'finder_name', 'finder_email'])
      .where('finder_email', '=', email.toLowerCase()).orderBy('found_on').orderBy('id').execute()
    return { data: { items } }
  },
  erase: async (c, { email }) => {
    if (email === undefined) return { erased: 0 }
    const { numUpdatedRows } = await c.db.updateTable('item').set(NO_FINDER)
      .where('finder_email', '=', email.toLowerCase()).executeTakeFirstOrThrow()
    return { erased: Number(numUpdatedRows) }
  },
} satisfies Privacy<Tables, LostPropertyContext>
