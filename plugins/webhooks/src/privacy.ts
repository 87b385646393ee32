import type { Privacy } from '@liberacces/sdk'
import type { Tables } from './tables.ts'
import type { WebhookContext } from './webhook-types.ts'

/** What is on its way may be about people: the data of events, for as long as the administrator keeps them. */
export const privacy = {
  stores: [{
    table: 'delivery', subject: 'event_subject', basis: 'public-task', retentionDays: 365,
    purpose: { fr: 'Transmission des événements aux logiciels que la collectivité a désignés, et preuve de cette transmission', en: 'Handing events over to the software that the local authority named, and proof of it' },
  }],
  export: async (c, subject) => ({
    data: {
      deliveries: await about(c, subject).select(['event_type', 'event_time', 'data_json', 'state', 'created_at', 'finished_at']).orderBy('created_at').orderBy('id').execute(),
    },
  }),
  erase: async (c, subject) => {
    const ids = (await about(c, subject).select('id').execute()).map(({ id }) => id)
    if (ids.length > 0) {
      await c.db.updateTable('delivery').set({ data_json: null, event_subject: null, state: 'dropped', finished_at: c.now().toISOString() }).where('id', 'in', ids).where('state', '=', 'pending').execute()
      await c.db.updateTable('delivery').set({ data_json: null, event_subject: null }).where('id', 'in', ids).execute()
    }
    return { erased: ids.length }
  },
} satisfies Privacy<Tables, WebhookContext>

/** Deliveries of events that name a person as their subject, or by account or address in their data. */
function about(c: WebhookContext, { id, email }: { readonly id: string; readonly email: string | undefined }) {
  const named = [id, ...(email === undefined ? [] : [email])].map((text) => `%${JSON.stringify(text).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)
  return c.db.selectFrom('delivery').where((where) => where.or([
    where('event_subject', '=', id),
    ...named.map((pattern) => where(where.fn<string>('lower', ['data_json']), 'like', pattern.toLowerCase())),
  ]))
}
