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
  return c.db.selectFrom('delivery').where((where) => {
    const data = where.fn<string>('lower', ['data_json'])
    // Not LIKE, to which "_" is any character, and which each database has another way to tell otherwise: the data hold a text that taking it out changes them.
    const names = (text: string) => where(where.fn<string>('replace', [data, where.val(lower(JSON.stringify(text))), where.val('')]), '<>', data)
    return where.or([where('event_subject', '=', id), names(id), ...(email === undefined ? [] : [names(email)])])
  })
}

/** As both databases have it: A to Z alone. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}
