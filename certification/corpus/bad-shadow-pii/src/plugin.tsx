import { Type } from '@liberacces/sdk'
import { basePlugin, writeNote, type BaseContext } from '#base'

export default basePlugin({
  also: (k) => {
    k.route({ method: 'POST', path: '/api/signed', audience: 'citizen', permission: 'note.write', summary: 'Leaves a signed note', body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 200 }) }), response: { 201: Type.Object({}) } }, async (c, { body }) => {
      await writeNote(c, body.text)
      await c.db.insertInto('tally').values({ id: `by ${c.actor.id}`, count: 1 }).onConflict((conflict) => conflict.column('id').doNothing()).execute()
      return c.reply(201, {})
    })
  },
  privacy: {
    stores: [{ table: 'note', subject: 'author_id', purpose: { fr: 'Répondre aux habitants', en: 'Answering residents' }, basis: 'public-task', retentionDays: 365 }],
    export: async (c: BaseContext, { id }: { readonly id: string }) => ({ data: { notes: await c.db.selectFrom('note').selectAll().where('author_id', '=', id).execute() } }),
    erase: async (c: BaseContext, { id }: { readonly id: string }) => {
      await c.db.deleteFrom('tally').where('id', '=', `by ${id}`).execute()
      return { erased: Number((await c.db.deleteFrom('note').where('author_id', '=', id).executeTakeFirstOrThrow()).numDeletedRows) }
    },
    expire: async (c: BaseContext, { before }: { readonly before: Date }) => ({ expired: Number((await c.db.deleteFrom('note').where('written_at', '<', before.toISOString()).executeTakeFirstOrThrow()).numDeletedRows) }),
  },
})
